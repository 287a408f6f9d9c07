/**
 * An L2 book. Each side starts as sorted arrays, which cost little for a small or sparse book, and moves to a dense window
 * of ticks when the book is busy and its grid is dense; levels beyond the window stay in the sorted arrays. Keys are price
 * units, negated for bids, so that smaller is better on both sides. Must not know instruments, states or where updates
 * come from.
 */
import { DenseWindow } from './dense-window.ts';
import { SortedLevels } from './sorted-levels.ts';

const MIN_WIDTH = 4096;
/** 2 MB a book, both sides: only a busy symbol with many ticks between its levels gets it. */
const MAX_WIDTH = 131_072;
/** Levels below which sorted arrays are as quick as a window. */
const DENSE_LEVELS = 48;
const FIRST_TRIAL = 512;
const LAST_TRIAL = 1 << 20;

/** Scratch: doubles that pass between functions as numbers may be boxed, in an array they never are. */
const ONE_PRICE = new Float64Array(1);
const ONE_SIZE = new Float64Array(1);
const BEST = new Float64Array(1);

/**
 * Absolute levels of both sides; a side is a model Side, bid (1) or ask (2), inside this file its index s = side − 1.
 * @invariant every key in far[s] is worse than every key that the window of s can hold
 * @units prices in price units, sizes in size units
 * @perf `setRow` allocates nothing once the book has warmed up; structures are rebuilt only when the touch leaves the
 * window or the grid proves finer
 */
export class LevelBook {
  private readonly window = new DenseWindow();
  private readonly far: readonly [SortedLevels, SortedLevels] = [new SortedLevels(), new SortedLevels()];
  /** Updates beyond the window since it was laid, per side. */
  private readonly farUpdates = new Int32Array(2);
  private readonly updatesToTrial = new Int32Array(2).fill(FIRST_TRIAL);
  private readonly trialGaps = new Int32Array(2).fill(FIRST_TRIAL);

  /** `tickUnits`: smallest price step in price units, 0 when not known: it is then found from the prices. */
  constructor(tickUnits = 0) {
    this.window.setTick(0, tickUnits);
    this.window.setTick(1, tickUnits);
  }

  /** Sets the resting size at a price, 0 removes; returns 1 when a level was there, 0 when none. */
  set(side: number, priceUnits: number, size: number): number {
    ONE_PRICE[0] = priceUnits;
    ONE_SIZE[0] = size;
    return this.setRow(side, ONE_PRICE, ONE_SIZE, 0);
  }

  /** Does `set` with row `row` of two columns: the way for hot loops, as no number has to be boxed. */
  setRow(side: number, prices: Float64Array, sizes: Float64Array, row: number): number {
    const had = this.window.setRow(side - 1, prices, sizes, row);
    return had >= 0 ? had : this.setOutside(side - 1, prices, sizes, row);
  }

  /** Returns the best price of a side in price units, NaN when it is empty. */
  best(side: number): number {
    this.readBest(side - 1, BEST, 0);
    return BEST[0];
  }

  /** Writes best bid and best ask in price units into out[0] and out[1], NaN when a side is empty. */
  readTouch(out: Float64Array): void {
    this.readBest(0, out, 0);
    this.readBest(1, out, 1);
  }

  /** Returns the resting size at a price, 0 when there is none. */
  sizeAt(side: number, priceUnits: number): number {
    const key = priceUnits * (2 * side - 3);
    const cell = this.window.cellOf(side - 1, key);
    return cell >= 0 ? this.window.sizes[cell] : this.far[side - 1].get(key);
  }

  /** Returns the number of levels of a side. */
  levelCount(side: number): number {
    return this.window.count(side - 1) + this.far[side - 1].length;
  }

  /** Writes up to `max` pairs (price units, size), best first, from out[at]; returns the pairs written. */
  copyLevels(side: number, max: number, out: Float64Array, at = 0): number {
    const s = side - 1;
    this.settle(s);
    const limit = Math.min(max, (out.length - at) >> 1);
    let n = this.window.copy(s, limit, out, at);
    const { keys, sizes, length } = this.far[s];
    for (let i = length - 1, o = at + 2 * n; i >= 0 && n < limit; i--, n++, o += 2) {
      out[o] = (2 * s - 1) * keys[i];
      out[o + 1] = sizes[i];
    }
    return n;
  }

  /** Removes every level of both sides; the windows stay where they are. */
  clear(): void {
    for (let s = 0; s < 2; s++) {
      this.far[s].length = 0;
      this.window.wipe(s);
    }
  }

  private readBest(s: number, out: Float64Array, at: number): void {
    this.settle(s);
    if (this.window.count(s) !== 0) {
      this.window.readBest(s, out, at);
      return;
    }
    const { keys, length } = this.far[s];
    out[at] = length === 0 ? Number.NaN : (2 * s - 1) * keys[length - 1];
  }

  /** Moves the window of side s when the touch has left its first half. */
  private settle(s: number): void {
    const { window } = this;
    if (!window.isLaid(s)) return;
    if (window.count(s) === 0 ? this.far[s].length === 0 : window.first(s) <= (s + 0.5) * window.stride) return;
    this.flatten(s);
    this.build(s);
  }

  /** An update outside the window, off its grid, or while there is no window. */
  private setOutside(s: number, prices: Float64Array, sizes: Float64Array, row: number): number {
    const { window } = this;
    const far = this.far[s];
    const key = prices[row] * (2 * s - 1);
    const size = sizes[row];
    if (!window.isLaid(s)) {
      const had = far.set(key, size);
      if (--this.updatesToTrial[s] <= 0) this.tryWindow(s);
      return had;
    }
    if (key >= window.endKey(s)) {
      const had = far.set(key, size);
      if (++this.farUpdates[s] > window.stride && window.stride < MAX_WIDTH) this.resize(window.stride * 2);
      return had;
    }
    // Better than the window's start, or between two of its ticks: nothing is there that could be removed.
    if (size === 0) return 0;
    this.flatten(s);
    far.set(key, size);
    this.build(s);
    return 0;
  }

  /** Moves the window's levels back into the sorted arrays; the window is empty afterwards. */
  private flatten(s: number): void {
    const { window } = this;
    const { sizes, stride } = window;
    for (let cell = (s + 1) * stride - 1; cell >= s * stride; cell--) {
      if (sizes[cell] !== 0) this.far[s].push(window.keyOf(s, cell), sizes[cell]);
    }
    window.wipe(s);
  }

  /** Lays the window so that the best is an eighth from its start and fills it; sorted arrays again when off its grid. */
  private build(s: number): void {
    const { window } = this;
    const tick = window.tick(s);
    const far = this.far[s];
    const { keys, sizes, length } = far;
    const baseKey = keys[length - 1] - (window.stride >> 3) * tick;
    const endKey = baseKey + window.stride * tick;
    let finer = tick;
    let first = length;
    while (first > 0 && keys[first - 1] < endKey) finer = commonDivisor(keys[--first] - baseKey, finer);
    if (finer !== tick) {
      window.drop(s);
      window.setTick(s, finer);
      this.delayTrial(s);
      return;
    }
    window.lay(s, baseKey);
    far.length = first;
    for (let i = first; i < length; i++) window.fill(s, keys[i], sizes[i]);
  }

  /** Makes a window when the nearer half of the levels fits half of one, with at least one level in 128 ticks. */
  private tryWindow(s: number): void {
    this.delayTrial(s);
    const { window } = this;
    const { keys, length } = this.far[s];
    if (length < DENSE_LEVELS) return;
    let tick = window.tick(s);
    for (let i = 0; i < length; i++) tick = commonDivisor(keys[i], tick);
    if (tick <= 0) return;
    const near = length - 1 - (length >> 1);
    const spanTicks = (keys[near] - keys[length - 1]) / tick;
    if (spanTicks > length * 64 || spanTicks > MAX_WIDTH / 2) return;
    let width = MIN_WIDTH;
    while (width < MAX_WIDTH && width < spanTicks * 4) width *= 2;
    window.setTick(s, tick);
    if (width > window.stride) this.resize(width);
    this.farUpdates[s] = 0;
    window.wipe(s);
    this.build(s);
  }

  private delayTrial(s: number): void {
    this.trialGaps[s] = Math.min(this.trialGaps[s] * 2, LAST_TRIAL);
    this.updatesToTrial[s] = this.trialGaps[s];
  }

  /** Makes room for windows of `width` cells; a side that has a window gets its levels into the new one. */
  private resize(width: number): void {
    const { window } = this;
    const laid = [window.isLaid(0), window.isLaid(1)];
    for (let s = 0; s < 2; s++) if (laid[s]) this.flatten(s);
    window.allocate(width);
    this.farUpdates.fill(0);
    for (let s = 0; s < 2; s++) {
      if (laid[s] && this.far[s].length > 0) this.build(s);
    }
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
