/**
 * Price levels in two sorted arrays, the best at the end: right for a sparse grid, and the place for levels that lie
 * outside a dense window. Knows keys (smaller = better) and sizes; must not know sides, prices or instruments.
 */

const FIRST_CAPACITY = 8;
/** Levels above which the engine's own move of an array is quicker than a loop. */
const LONG_MOVE = 96;

/**
 * Levels by key.
 * @invariant keys[0 … length−1] strictly fall, so the best (smallest) key is the last; no size is 0
 * @perf no allocation but when the arrays double
 */
export class SortedLevels {
  keys = new Float64Array(FIRST_CAPACITY);
  sizes = new Float64Array(FIRST_CAPACITY);
  length = 0;

  /** Sets the size at `key`, 0 removes; returns 1 when a level was there, 0 when none. */
  set(key: number, size: number): number {
    const at = this.seek(key);
    const keys = this.keys;
    const sizes = this.sizes;
    if (at < this.length && keys[at] === key) {
      if (size !== 0) {
        sizes[at] = size;
        return 1;
      }
      this.length--;
      if (this.length - at > LONG_MOVE) {
        keys.copyWithin(at, at + 1, this.length + 1);
        sizes.copyWithin(at, at + 1, this.length + 1);
        return 1;
      }
      for (let i = at; i < this.length; i++) {
        keys[i] = keys[i + 1];
        sizes[i] = sizes[i + 1];
      }
      return 1;
    }
    if (size === 0) return 0;
    if (this.length === keys.length) this.grow();
    this.open(at);
    this.keys[at] = key;
    this.sizes[at] = size;
    this.length++;
    return 0;
  }

  /** Returns the size at `key`, 0 when there is none. */
  get(key: number): number {
    const at = this.seek(key);
    return at < this.length && this.keys[at] === key ? this.sizes[at] : 0;
  }

  /** Adds a level that is better than all others. */
  push(key: number, size: number): void {
    if (this.length === this.keys.length) this.grow();
    this.keys[this.length] = key;
    this.sizes[this.length] = size;
    this.length++;
  }

  /** Returns the index of `key`, or of the first better key when it is absent. Searches from the best end outwards. */
  private seek(key: number): number {
    const keys = this.keys;
    let high = this.length;
    let step = 4;
    while (high > step && keys[high - step] < key) {
      high -= step;
      step <<= 1;
    }
    let low = high > step ? high - step : 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle] > key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Moves the levels from `at` on one place up. */
  private open(at: number): void {
    const { keys, sizes, length } = this;
    if (length - at > LONG_MOVE) {
      keys.copyWithin(at + 1, at, length);
      sizes.copyWithin(at + 1, at, length);
      return;
    }
    for (let i = length; i > at; i--) {
      keys[i] = keys[i - 1];
      sizes[i] = sizes[i - 1];
    }
  }

  private grow(): void {
    const keys = new Float64Array(this.keys.length * 2);
    const sizes = new Float64Array(this.sizes.length * 2);
    keys.set(this.keys);
    sizes.set(this.sizes);
    this.keys = keys;
    this.sizes = sizes;
  }
}
