/** A small seeded random source (sfc32): the same seed gives the same numbers on every machine. Must not be used for secrets. */
export class Random {
  private a: number;
  private b = 0x9e3779b9;
  private c = 0x243f6a88;
  private counter = 1;

  constructor(seed: number) {
    this.a = seed >>> 0;
    for (let i = 0; i < 16; i++) this.next();
  }

  /** Returns an integer from 0 to 2^32 − 1. */
  next(): number {
    const sum = (this.a + this.b + this.counter) >>> 0;
    this.counter = (this.counter + 1) >>> 0;
    this.a = (this.b ^ (this.b >>> 9)) >>> 0;
    this.b = (this.c + (this.c << 3)) >>> 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) >>> 0;
    return sum;
  }

  /** Returns an integer from 0 to n − 1; n at most 2^20. */
  below(n: number): number {
    return Math.floor((this.next() * n) / 4_294_967_296);
  }

  /** Returns an integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** Returns true `permille` times in a thousand. */
  chance(permille: number): boolean {
    return this.below(1_000) < permille;
  }

  /** Returns 1 … max with a heavy tail: half the draws are 1, one in `max` is `max`. */
  heavy(max: number): number {
    return Math.floor(max / (1 + this.below(max)));
  }
}
