/**
 * 64-bit integers as two 32-bit words, so that columns of DECIMAL(18,9), TIMESTAMP_NS and BIGINT are written and read
 * exactly and without a BigInt per row. Words are little-endian pairs in an Int32Array. Must not know what a column means.
 */

const TWO32 = 4294967296;
/** The first magnitude at which neighbouring integers share a double. */
const TWO53 = 9007199254740992;
/** DECIMAL(18,9) holds 18 digits. */
const DECIMAL_LIMIT = 1e18;
const TWO63 = 2 ** 63;

/** Stores `units × factor` (factor a power of ten up to 10^9) exactly; returns false when it is no integer or has over 18 digits. */
export function putScaled(units: number, factor: number, words: Int32Array, row: number): boolean {
  if (Math.floor(units) !== units) return false;
  const product = units * factor;
  if (product > -TWO53 && product < TWO53) {
    const hi = Math.floor(product / TWO32);
    words[2 * row] = product - hi * TWO32;
    words[2 * row + 1] = hi;
    return true;
  }
  if (!(product > -DECIMAL_LIMIT && product < DECIMAL_LIMIT)) return false;
  return putLongProduct(units, factor, words, row);
}

/** Multiplies in pieces of 16 bits, each exact in a double. */
function putLongProduct(units: number, factor: number, words: Int32Array, row: number): boolean {
  const magnitude = Math.abs(units);
  const high = Math.floor(magnitude / TWO32);
  const low = magnitude - high * TWO32;
  const upper = Math.floor(low / 65536);
  const t0 = (low - upper * 65536) * factor;
  const carry0 = Math.floor(t0 / 65536);
  const t1 = upper * factor + carry0;
  const carry1 = Math.floor(t1 / 65536);
  const hi = high * factor + carry1;
  const lo = (t1 - carry1 * 65536) * 65536 + (t0 - carry0 * 65536);
  const negative = units < 0;
  words[2 * row] = negative && lo !== 0 ? TWO32 - lo : lo;
  words[2 * row + 1] = negative ? (lo === 0 ? -hi : -hi - 1) : hi;
  return true;
}

/** Returns the number `x` for which `putScaled(x, factor)` made the words at `row`. */
export function scaledAt(words: Int32Array, row: number, factor: number): number {
  const hi = words[2 * row + 1];
  const lo = words[2 * row] >>> 0;
  const value = hi * TWO32 + lo;
  if (value > -TWO53 && value < TWO53) return value / factor;
  const negative = hi < 0;
  const low = negative && lo !== 0 ? TWO32 - lo : lo;
  const high = negative ? (lo === 0 ? -hi : -hi - 1) : hi;
  const q2 = Math.floor(high / factor);
  const t1 = (high - q2 * factor) * 65536 + Math.floor(low / 65536);
  const q1 = Math.floor(t1 / factor);
  const q0 = Math.floor(((t1 - q1 * factor) * 65536 + (low % 65536)) / factor);
  const quotient = q2 * TWO32 + q1 * 65536 + q0;
  return negative ? -quotient : quotient;
}

/** Stores an integer-valued double; returns false when it is no integer or needs more than 63 bits. */
export function putInteger(value: number, words: Int32Array, row: number): boolean {
  if (Math.floor(value) !== value || value < -TWO63 || value >= TWO63) return false;
  const hi = Math.floor(value / TWO32);
  words[2 * row] = value - hi * TWO32;
  words[2 * row + 1] = hi;
  return true;
}

/** Returns the stored integer as a double: exact for everything that came from a double. */
export function integerAt(words: Int32Array, row: number): number {
  return words[2 * row + 1] * TWO32 + (words[2 * row] >>> 0);
}

/** A base time split once per batch. */
export interface SplitBase {
  readonly hi: number;
  readonly lo: number;
}

/** Returns ns since the epoch as a signed high and an unsigned low word. */
export function splitBase(baseNs: bigint): SplitBase {
  return { hi: Number(baseNs >> 32n), lo: Number(baseNs & 0xffff_ffffn) };
}

/** Stores base + offset (ns); returns false when the offset is no integer or the sum needs more than 63 bits. */
export function putTime(offset: number, base: SplitBase, words: Int32Array, row: number): boolean {
  if (Math.floor(offset) !== offset) return false;
  const offsetHi = Math.floor(offset / TWO32);
  let lo = base.lo + (offset - offsetHi * TWO32);
  let hi = base.hi + offsetHi;
  if (lo >= TWO32) {
    lo -= TWO32;
    hi++;
  }
  if (hi < -2147483648 || hi > 2147483647) return false;
  words[2 * row] = lo;
  words[2 * row + 1] = hi;
  return true;
}

/** Returns the stored time as an offset from the base, ns; exact within ±2^53 ns (104 days). */
export function offsetAt(words: Int32Array, row: number, base: SplitBase): number {
  return (words[2 * row + 1] - base.hi) * TWO32 + ((words[2 * row] >>> 0) - base.lo);
}
