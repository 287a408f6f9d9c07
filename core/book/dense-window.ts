/**
 * Two windows of adjacent ticks, one a side, in arrays that both share: sizes, and a bitmap of the filled cells. Side 0 has
 * the first half of each array, side 1 the second; one code serves both without a branch on the side. Must not know when a
 * window is worth its memory, nor what lies outside it.
 */

/** Places in `state`, plus the side. */
const COUNT = 0;
const BOUND = 2;
const WIDTH = 4;
const START = 6;
/** Places in `grid`, plus the side. */
const BASE = 0;
const TICK = 2;
const PER_TICK = 4;

/**
 * @invariant a cell of side s holds the level at key base + (cell − start) × tick; a bit of `words` is a filled cell, the
 * highest bit of a word its first cell; the bound is at or before the side's first filled cell
 * @units keys: price units times −1 for side 0 (bids); cells: index over both sides
 * @perf all that an update touches lies in four typed arrays: no boxed numbers, few pointers to follow
 */
export class DenseWindow {
  /** Cells of one side, a multiple of 32; 0 before the first allocation. */
  stride = 0;
  /** Size per cell, 0 where there is no level. */
  sizes: Float64Array<ArrayBuffer> = new Float64Array(0);
  private words: Int32Array<ArrayBuffer> = new Int32Array(0);
  private readonly state = new Int32Array(8);
  private readonly grid = new Float64Array(6);

  /**
   * Sets row `row` of two columns on side s, 0 removes; returns 1 when a level was there, 0 when none, −1 when the price is
   * outside the window or off its grid and nothing was done.
   */
  setRow(s: number, prices: Float64Array, newSizes: Float64Array, row: number): number {
    const { sizes, words, state, grid } = this;
    const distance = prices[row] * (2 * s - 1) - grid[BASE + s];
    const offset = (distance * grid[PER_TICK + s] + 0.5) | 0;
    if (offset >>> 0 >= state[WIDTH + s] || offset * grid[TICK + s] !== distance) return -1;
    const cell = offset + state[START + s];
    const size = newSizes[row];
    // Sets and removals come at random: arithmetic instead of branches, which would be guessed wrong half of the time.
    const had = +(sizes[cell] !== 0);
    const has = +(size !== 0);
    sizes[cell] = size;
    state[COUNT + s] += has - had;
    words[cell >> 5] ^= (has ^ had) << ~cell;
    if (cell < state[BOUND + s]) state[BOUND + s] = cell;
    return had;
  }

  /** Returns the cell of a key of side s, −1 when it is outside the window or off its grid. */
  cellOf(s: number, key: number): number {
    const { state, grid } = this;
    const distance = key - grid[BASE + s];
    const offset = (distance * grid[PER_TICK + s] + 0.5) | 0;
    return offset >>> 0 >= state[WIDTH + s] || offset * grid[TICK + s] !== distance ? -1 : offset + state[START + s];
  }

  /** Returns the key of a cell of side s. */
  keyOf(s: number, cell: number): number {
    return this.grid[BASE + s] + (cell - this.state[START + s]) * this.grid[TICK + s];
  }

  /** Returns true when side s has a window. */
  isLaid(s: number): boolean {
    return this.state[WIDTH + s] !== 0;
  }

  /** Returns the levels in the window of side s. */
  count(s: number): number {
    return this.state[COUNT + s];
  }

  /** Returns the step of side s, 0 when it is not known. */
  tick(s: number): number {
    return this.grid[TICK + s];
  }

  /** Returns the first key behind the window of side s. */
  endKey(s: number): number {
    return this.grid[BASE + s] + this.state[WIDTH + s] * this.grid[TICK + s];
  }

  /** Sets the step of side s; its window must not be laid. */
  setTick(s: number, tick: number): void {
    this.grid[TICK + s] = tick;
    this.grid[PER_TICK + s] = tick > 0 ? 1 / tick : 0;
  }

  /** Makes room for windows of `stride` cells a side; neither is laid. */
  allocate(stride: number): void {
    this.stride = stride;
    this.sizes = new Float64Array(2 * stride);
    this.words = new Int32Array(stride >> 4);
    this.state.fill(0);
    this.state[START + 1] = stride;
    this.wipe(0);
    this.wipe(1);
  }

  /** Lays the empty window of side s from a key on. */
  lay(s: number, baseKey: number): void {
    this.grid[BASE + s] = baseKey;
    this.state[WIDTH + s] = this.stride;
  }

  /** Fills the empty cell of a key of side s, which must be within the window. */
  fill(s: number, key: number, size: number): void {
    const { state } = this;
    const cell = this.cellOf(s, key);
    this.sizes[cell] = size;
    this.words[cell >> 5] |= 1 << ~cell;
    state[COUNT + s]++;
    if (cell < state[BOUND + s]) state[BOUND + s] = cell;
  }

  /** Takes the window of side s away; it must be empty. */
  drop(s: number): void {
    this.state[WIDTH + s] = 0;
  }

  /** Empties the window of side s, which stays where it is. */
  wipe(s: number): void {
    const from = s * this.stride;
    const to = from + this.stride;
    this.sizes.fill(0, from, to);
    this.words.fill(0, from >> 5, to >> 5);
    this.state[COUNT + s] = 0;
    this.state[BOUND + s] = to;
  }

  /** Returns the first filled cell of side s, and keeps it as the bound; the side's end when there is none. */
  first(s: number): number {
    const { words, state } = this;
    const end = state[START + s] + this.stride;
    if (state[COUNT + s] === 0) return end;
    let w = state[BOUND + s] >> 5;
    while (words[w] === 0) w++;
    const cell = (w << 5) + Math.clz32(words[w]);
    state[BOUND + s] = cell;
    return cell;
  }

  /** Writes the best price of side s, which must have a level in its window, into out[at]. */
  readBest(s: number, out: Float64Array, at: number): void {
    out[at] = (2 * s - 1) * this.keyOf(s, this.first(s));
  }

  /** Writes up to `max` levels of side s, best first, as pairs (price, size) from out[at]; returns the pairs written. */
  copy(s: number, max: number, out: Float64Array, at: number): number {
    const { words, sizes, grid } = this;
    const limit = Math.min(max, this.state[COUNT + s]);
    if (limit <= 0) return 0;
    const tick = (2 * s - 1) * grid[TICK + s];
    const origin = (2 * s - 1) * grid[BASE + s] - s * this.stride * tick;
    let w = this.first(s) >> 5;
    let word = words[w];
    for (let o = at, end = at + 2 * limit; o < end; o += 2) {
      while (word === 0) word = words[++w];
      const place = Math.clz32(word);
      const cell = (w << 5) + place;
      out[o] = origin + cell * tick;
      out[o + 1] = sizes[cell];
      word ^= 1 << ~place;
    }
    return limit;
  }
}
