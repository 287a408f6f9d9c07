/**
 * Reads one book into one row of the map: resting size per price bin. Sums are kept as exact integers and rounded to
 * Float32 once, so the row depends on the book alone and not on how it was reached. Must not know time.
 */
import { Side } from '../model/index.ts';
import type { DepthReader } from './depth-reader.ts';
import { binFromPrice, type PriceGrid } from './price-grid.ts';

const FIRST_LEVELS = 256;

/** Samples books into rows of one price grid. @perf no allocation after the first samples */
export class HeatSampler {
  private readonly grid: PriceGrid;
  private readonly bids: Float64Array;
  private readonly asks: Float64Array;
  private levels = new Float64Array(2 * FIRST_LEVELS);

  constructor(grid: PriceGrid) {
    this.grid = grid;
    this.bids = new Float64Array(grid.bins);
    this.asks = new Float64Array(grid.bins);
  }

  /**
   * Writes the book's resting size per bin to `out` from `at`: bids negative, asks positive. Where a crossed book has both in
   * one bin, the larger one stands.
   * @units size units
   */
  sample(reader: DepthReader, out: Float32Array, at: number): void {
    const { bids, asks } = this;
    bids.fill(0);
    asks.fill(0);
    this.sum(reader, Side.bid, bids);
    this.sum(reader, Side.ask, asks);
    for (let i = 0; i < bids.length; i++) out[at + i] = asks[i] >= bids[i] ? asks[i] : -bids[i];
  }

  private sum(reader: DepthReader, side: 1 | 2, sums: Float64Array): void {
    const { grid } = this;
    const best = reader.best(side);
    if (Number.isNaN(best)) return;
    const bestBin = binFromPrice(grid, best, side);
    if (side === Side.bid ? bestBin < 0 : bestBin >= grid.bins) return;
    const count = this.copy(reader, side);
    const { levels } = this;
    for (let i = 0; i < count; i++) {
      const bin = binFromPrice(grid, levels[2 * i], side);
      if (bin >= 0 && bin < grid.bins) sums[bin] += levels[2 * i + 1];
      else if (side === Side.bid ? bin < 0 : bin >= grid.bins) return;
    }
  }

  /** Copies levels until the far edge of the grid is passed; the buffer keeps the size it needed. */
  private copy(reader: DepthReader, side: 1 | 2): number {
    for (;;) {
      const max = this.levels.length / 2;
      const count = reader.copyLevels(side, max, this.levels);
      if (count < max) return count;
      const farBin = binFromPrice(this.grid, this.levels[2 * (count - 1)], side);
      if (side === Side.bid ? farBin < 0 : farBin >= this.grid.bins) return count;
      this.levels = new Float64Array(4 * max);
    }
  }
}
