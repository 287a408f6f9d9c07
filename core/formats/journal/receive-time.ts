/**
 * Receive times at the head of journal lines, as exact nanoseconds in two u32 words: no float ever holds a whole time.
 * Must not know lines, venues or clocks.
 */

/** Nanoseconds since the epoch as two u32 words. */
export interface TimeWords {
  hi: number;
  lo: number;
}

const MAX_SECONDS = 9_223_372_035;

/** Writes seconds and nanoseconds into `out` as words. Returns false when the time does not fit a signed 64-bit count. */
export function wordsFromSeconds(seconds: number, nanos: number, out: TimeWords): boolean {
  if (seconds > MAX_SECONDS) return false;
  const high = Math.floor(seconds / 65_536) * 1_000_000_000;
  const low = (seconds % 65_536) * 1_000_000_000 + nanos;
  const sum = (high % 65_536) * 65_536 + low;
  out.hi = Math.floor(high / 65_536) + Math.floor(sum / 4_294_967_296);
  out.lo = sum % 4_294_967_296;
  return true;
}

/**
 * Reads decimal nanoseconds that start at `at`.
 * @returns the position after the last digit, −1 when there is no digit or the time is out of range
 */
export function readNanoseconds(bytes: Uint8Array, at: number, end: number, out: TimeWords): number {
  let stop = at;
  while (stop < end && isDigit(bytes[stop])) stop++;
  const count = stop - at;
  if (count === 0 || count > 19) return -1;
  const split = Math.max(at, stop - 9);
  return wordsFromSeconds(digits(bytes, at, split), digits(bytes, split, stop), out) ? stop : -1;
}

/**
 * Reads `seconds` or `seconds.fraction` that starts at `at`; fraction digits beyond the ninth are below a nanosecond and cut.
 * @returns the position after the last digit, −1 when it is no such number
 */
export function readSeconds(bytes: Uint8Array, at: number, end: number, out: TimeWords): number {
  let stop = at;
  while (stop < end && isDigit(bytes[stop])) stop++;
  if (stop === at || stop - at > 10) return -1;
  const seconds = digits(bytes, at, stop);
  if (bytes[stop] !== 46) return wordsFromSeconds(seconds, 0, out) ? stop : -1;
  const first = stop + 1;
  stop = first;
  while (stop < end && isDigit(bytes[stop])) stop++;
  if (stop === first) return -1;
  const kept = Math.min(stop - first, 9);
  const nanos = digits(bytes, first, first + kept) * 10 ** (9 - kept);
  return wordsFromSeconds(seconds, nanos, out) ? stop : -1;
}

function digits(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + (bytes[i] - 48);
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
