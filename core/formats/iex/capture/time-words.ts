/**
 * Capture times as two u32 words of nanoseconds since the epoch, from the units that capture files use. Must not know
 * file layouts. No BigInt for the resolutions that captures really have (s to ns); rare ones take the slow road.
 */

const WORD = 4_294_967_296;

/** Nanoseconds since the epoch as two u32 words; reused by its owner for every packet. */
export class TimeWords {
  hi = 0;
  lo = 0;

  /** True when no time was recorded. */
  get isZero(): boolean {
    return this.hi === 0 && this.lo === 0;
  }

  /** Sets the time from whole seconds (u32) and nanoseconds. */
  setSeconds(seconds: number, nanos: number): void {
    const upper = (seconds >>> 16) * 1_000_000_000;
    const hi = Math.floor(upper / 65_536);
    const low = (upper - hi * 65_536) * 65_536 + (seconds & 0xffff) * 1_000_000_000 + nanos;
    const carry = Math.floor(low / WORD);
    this.hi = (hi + carry) >>> 0;
    this.lo = low - carry * WORD;
  }

  /** Sets the time from a u64 count of units that are `nanosPerUnit` long, a whole number up to 10^6. */
  setUnits(hi: number, lo: number, nanosPerUnit: number): void {
    const low = lo * nanosPerUnit;
    const carry = Math.floor(low / WORD);
    this.hi = (hi * nanosPerUnit + carry) % WORD;
    this.lo = low - carry * WORD;
  }

  /** Sets the time from a bigint; what does not fit 64 bits is cut. */
  setBig(timeNs: bigint): void {
    const time = BigInt.asUintN(64, timeNs);
    this.hi = Number(time >> 32n);
    this.lo = Number(time & 0xffff_ffffn);
  }
}

/** How an interface counts time: the pcapng options if_tsresol and if_tsoffset. */
export interface TimeResolution {
  /** Whole nanoseconds a unit when that is exact and small, else 0: then the fraction below counts. */
  readonly nanosPerUnit: number;
  readonly unitsPerSecond: bigint;
  readonly offsetSeconds: bigint;
}

/** Microseconds without an offset: what a pcapng interface without options means. */
export const MICROSECONDS: TimeResolution = { nanosPerUnit: 1000, unitsPerSecond: 1_000_000n, offsetSeconds: 0n };

/** Returns the resolution that an if_tsresol byte stands for: powers of ten, or of two when its top bit is set. */
export function resolutionFrom(tsresol: number, offsetSeconds: bigint): TimeResolution {
  const exponent = tsresol & 0x7f;
  const unitsPerSecond = (tsresol & 0x80) === 0 ? 10n ** BigInt(exponent) : 1n << BigInt(exponent);
  const plain = (tsresol & 0x80) === 0 && exponent >= 3 && exponent <= 9 && offsetSeconds === 0n;
  return { nanosPerUnit: plain ? 10 ** (9 - exponent) : 0, unitsPerSecond, offsetSeconds };
}

/** Sets `out` from a u64 count of the resolution's units. */
export function setTime(out: TimeWords, hi: number, lo: number, resolution: TimeResolution): void {
  if (resolution.nanosPerUnit > 0) {
    out.setUnits(hi, lo, resolution.nanosPerUnit);
    return;
  }
  const units = (BigInt(hi) << 32n) | BigInt(lo);
  out.setBig((units * 1_000_000_000n) / resolution.unitsPerSecond + resolution.offsetSeconds * 1_000_000_000n);
}
