/**
 * One side of an L2 book. Starts as sorted arrays, which cost little for a small or sparse book, and moves to a dense
 * window of ticks with a two-level bitmap when the book is busy and its grid is dense; levels beyond the window stay in
 * the sorted arrays. Keys are price units, negated for bids, so that smaller is better on both sides. Must not know
 * which side it is.
 */
import { SortedLevels } from './sorted-levels.ts';

const NO_WORDS = new Int32Array(0);
const NO_SIZES = new Float64Array(0);
const MIN_WIDTH = 4096;
const MAX_WIDTH = 16_384;
/** Levels below which sorted arrays are as quick as a window. */
const DENSE_LEVELS = 48;
const FIRST_TRIAL = 512;
const LAST_TRIAL = 1 << 20;
const TOP_BIT = -2147483648;

/**
 * Levels of one side.
 * @invariant every key in `far` is worse than every key that the window can hold; window cells are multiples of `tick`
 * from `baseKey`; `bestCell` is at or before the first filled cell; a bit of `words` is a filled cell, a bit of `groups` a
 * word that may have filled cells (cleared when a search finds it empty)
 * @units keys: price units times −1 for bids; sizes: size units
 * @perf no allocation per update; structures are rebuilt only when the touch leaves the window or the grid proves finer
 */
export class LevelSide {
  /** Number of levels with a size. */
  count = 0;
  /** Result of `findBest`. */
  bestKey: number = Number.NaN;
  private readonly far = new SortedLevels();
  private sizes: Float64Array<ArrayBuffer> = NO_SIZES;
  private words: Int32Array<ArrayBuffer> = NO_WORDS;
  private groups: Int32Array<ArrayBuffer> = NO_WORDS;
  /** Cells of the window, a power of two; 0 while all levels are in `far`. */
  private width = 0;
  private tick: number;
  private perTick: number;
  private baseKey = 0;
  private bestCell = 0;
  /** Updates beyond the window since it was laid. */
  private farUpdates = 0;
  private updatesToTrial = FIRST_TRIAL;
  private trialGap = FIRST_TRIAL;

  /** `tickUnits`: the smallest price step when it is known, else 0. */
  constructor(tickUnits: number) {
    this.tick = tickUnits;
    this.perTick = tickUnits > 0 ? 1 / tickUnits : 0;
  }

  /** Sets the size at `key`, 0 removes; returns the size that was there, 0 when none. */
  set(key: number, size: number): number {
    const distance = key - this.baseKey;
    const cell = (distance * this.perTick + 0.5) | 0;
    if (cell >>> 0 >= this.width || cell * this.tick !== distance) return this.setFar(key, size);
    const sizes = this.sizes;
    const words = this.words;
    const previous = sizes[cell];
    sizes[cell] = size;
    // Sets and removals come at random: arithmetic instead of branches, which would be guessed wrong half of the time.
    const w = cell >> 5;
    const bit = TOP_BIT >>> (cell & 31);
    const filled = +(size !== 0);
    this.count += filled - +(previous !== 0);
    words[w] = (words[w] & ~bit) | (bit & -filled);
    this.groups[w >> 5] |= TOP_BIT >>> (w & 31);
    if (cell < this.bestCell) this.bestCell = cell;
    return previous;
  }

  /** Returns the size at `key`, 0 when there is none. */
  get(key: number): number {
    const distance = key - this.baseKey;
    const cell = (distance * this.perTick + 0.5) | 0;
    if (cell >>> 0 < this.width && cell * this.tick === distance) return this.sizes[cell];
    return this.far.get(key);
  }

  /** Puts the best key into `bestKey`, NaN when the side is empty; a field, because a returned double may be boxed. */
  findBest(): void {
    if (this.count === 0) {
      this.bestKey = Number.NaN;
      return;
    }
    if (this.width !== 0) {
      const cell = this.settle();
      if (cell < this.width) {
        this.bestKey = this.baseKey + cell * this.tick;
        return;
      }
    }
    this.bestKey = this.far.keys[this.far.length - 1];
  }

  /**
   * Writes up to `max` levels, best first, as pairs (key × sign, size) from out[at]; returns the pairs written.
   * @units sign: −1 for bids, 1 for asks
   */
  copy(max: number, out: Float64Array, at: number, sign: number): number {
    const limit = Math.min(max, (out.length - at) >> 1);
    let n = 0;
    let o = at;
    if (this.width !== 0 && this.count !== 0) {
      const { sizes, tick, width } = this;
      const start = this.settle();
      const baseKey = this.baseKey;
      for (let cell = start; cell < width && n < limit; cell = this.next(cell + 1), n++) {
        out[o++] = sign * (baseKey + cell * tick);
        out[o++] = sizes[cell];
      }
    }
    const { keys, sizes } = this.far;
    for (let i = this.far.length - 1; i >= 0 && n < limit; i--, n++) {
      out[o++] = sign * keys[i];
      out[o++] = sizes[i];
    }
    return n;
  }

  /** Removes every level; the window stays where it is. */
  clear(): void {
    this.far.length = 0;
    this.count = 0;
    this.sizes.fill(0);
    this.words.fill(0);
    this.groups.fill(0);
    this.bestCell = this.width;
  }

  /** Returns the first filled cell at or after `from`, `width` when there is none. */
  private next(from: number): number {
    const { width, words, groups } = this;
    if (from >= width) return width;
    let w = from >> 5;
    const word = words[w] & (-1 >>> (from & 31));
    if (word !== 0) return (w << 5) + Math.clz32(word);
    w++;
    let g = w >> 5;
    if (g >= groups.length) return width;
    let mask = -1 >>> (w & 31);
    for (;;) {
      const group = groups[g] & mask;
      if (group === 0) {
        if (++g >= groups.length) return width;
        mask = -1;
        continue;
      }
      w = (g << 5) + Math.clz32(group);
      if (words[w] !== 0) return (w << 5) + Math.clz32(words[w]);
      groups[g] &= ~(TOP_BIT >>> (w & 31));
    }
  }

  /** Returns the cell of the best level, after moving the window when the touch has left its first half. */
  private settle(): number {
    let cell = this.next(this.bestCell);
    if (cell >= this.width ? this.far.length !== 0 : cell > this.width >> 1) {
      const best = cell < this.width ? this.baseKey + cell * this.tick : this.far.keys[this.far.length - 1];
      this.flatten();
      this.build(best, this.width);
      cell = this.next(this.bestCell);
    }
    this.bestCell = cell;
    return cell;
  }

  /** An update outside the window, off its grid, or while there is no window. */
  private setFar(key: number, size: number): number {
    if (this.width === 0) {
      const previous = this.far.set(key, size);
      this.count = this.far.length;
      if (--this.updatesToTrial <= 0) this.tryWindow();
      return previous;
    }
    const distance = key - this.baseKey;
    if (distance >= this.width * this.tick) {
      const before = this.far.length;
      const previous = this.far.set(key, size);
      this.count += this.far.length - before;
      if (++this.farUpdates > this.width && this.width < MAX_WIDTH) this.widen();
      return previous;
    }
    // Better than the window's start, or between two of its ticks: nothing is there that could be removed.
    if (size === 0) return 0;
    const width = this.width;
    this.flatten();
    this.far.set(key, size);
    this.count = this.far.length;
    this.build(this.far.keys[this.far.length - 1], width);
    return 0;
  }

  /** Moves the window's levels back into the sorted arrays; the window is empty afterwards. */
  private flatten(): void {
    const { sizes, width, baseKey, tick, far } = this;
    for (let w = this.words.length - 1; w >= 0; w--) {
      if (this.words[w] === 0) continue;
      for (let cell = (w << 5) + 31; cell >= w << 5; cell--) {
        if (sizes[cell] !== 0) far.push(baseKey + cell * tick, sizes[cell]);
      }
    }
    sizes.fill(0);
    this.words.fill(0);
    this.groups.fill(0);
    this.bestCell = width;
  }

  /** Lays the window so that `best` is an eighth from its start and fills it; falls back to sorted arrays off the grid. */
  private build(best: number, width: number): void {
    const { far, tick } = this;
    const baseKey = best - (width >> 3) * tick;
    const endKey = baseKey + width * tick;
    let finer = tick;
    for (let i = far.length - 1; i >= 0 && far.keys[i] < endKey; i--) finer = commonDivisor(far.keys[i] - baseKey, finer);
    if (finer !== tick) {
      this.dropWindow(finer);
      return;
    }
    this.baseKey = baseKey;
    this.bestCell = width;
    while (far.length > 0 && far.keys[far.length - 1] < endKey) {
      const i = --far.length;
      const cell = Math.round((far.keys[i] - baseKey) / tick);
      this.sizes[cell] = far.sizes[i];
      this.words[cell >> 5] |= TOP_BIT >>> (cell & 31);
      this.groups[cell >> 10] |= TOP_BIT >>> ((cell >> 5) & 31);
      if (cell < this.bestCell) this.bestCell = cell;
    }
  }

  /** The grid is finer than thought: sorted arrays again, until enough updates have passed to judge the new grid. */
  private dropWindow(tick: number): void {
    this.width = 0;
    this.sizes = NO_SIZES;
    this.words = NO_WORDS;
    this.groups = NO_WORDS;
    this.tick = tick;
    this.perTick = 1 / tick;
    this.trialGap = Math.min(this.trialGap * 2, LAST_TRIAL);
    this.updatesToTrial = this.trialGap;
  }

  /** Makes a window when the nearer three quarters of the levels fit one with at least one level in 32 ticks. */
  private tryWindow(): void {
    this.trialGap = Math.min(this.trialGap * 2, LAST_TRIAL);
    this.updatesToTrial = this.trialGap;
    const { keys, length } = this.far;
    if (length < DENSE_LEVELS) return;
    const best = keys[length - 1];
    let tick = this.tick;
    for (let i = 0; i < length; i++) tick = commonDivisor(keys[i], tick);
    if (tick <= 0) return;
    const near = length - 1 - Math.floor((length * 3) / 4);
    const spanTicks = (keys[near] - best) / tick;
    if (spanTicks > length * 32 || spanTicks > MAX_WIDTH / 2) return;
    let width = MIN_WIDTH;
    while (width < MAX_WIDTH && width < spanTicks * 4) width *= 2;
    this.tick = tick;
    this.perTick = 1 / tick;
    this.allocate(width);
    this.build(best, width);
  }

  /** Much happens beyond the window: doubles it. */
  private widen(): void {
    this.flatten();
    this.allocate(this.width * 2);
    this.build(this.far.keys[this.far.length - 1], this.width);
  }

  private allocate(width: number): void {
    this.width = width;
    this.farUpdates = 0;
    this.sizes = new Float64Array(width);
    this.words = new Int32Array(width >> 5);
    this.groups = new Int32Array(width >> 10);
  }
}

/** Returns the greatest common divisor of two integers, taken without sign; (x, 0) gives |x|. */
function commonDivisor(a: number, b: number): number {
  let x = Math.abs(a);
  let y = Math.abs(b);
  if (y === 1) return 1;
  while (y !== 0) {
    const rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}
