/**
 * The distribution of resting sizes on the map, from a sample: cut-offs for the colour ramp and the percentile of one
 * size for the read-out. Must not know how sizes are drawn.
 */
import type { FrameStore } from './frame-store.ts';

const SAMPLE_MAX = 8192;
const SAMPLE_ROWS = 48;
/** A ramp spans at least this ratio of sizes: in a book of few distinct sizes the cut-offs would else fall together. */
const RAMP_RATIO_MIN = 16;

/** Sorted absolute sizes of a sample of cells; empty cells are left out. */
export class SizeSample {
  private sorted: Float32Array = new Float32Array(0);
  private readonly scratch = new Float32Array(SAMPLE_MAX);

  /** Takes a new sample, evenly spaced over the rows held; costs the same however many there are. */
  take(store: FrameStore): void {
    const rowStep = Math.max(1, Math.floor(store.rows / SAMPLE_ROWS));
    const binStep = Math.max(1, Math.ceil((store.bins * Math.min(store.rows, SAMPLE_ROWS)) / SAMPLE_MAX / 2));
    let n = 0;
    for (let row = store.rows - 1; row >= 0; row -= rowStep) {
      const base = store.slotFromRow(store.firstRow + row) * store.bins;
      // The start moves with the row, so that a stride does not see the same prices everywhere.
      for (let bin = row % binStep; bin < store.bins && n < SAMPLE_MAX; bin += binStep) {
        const size = Math.abs(store.heat[base + bin] as number);
        if (size > 0) this.scratch[n++] = size;
      }
    }
    this.sorted = this.scratch.slice(0, n).sort();
  }

  /** Returns the size at a percentile (0–100), NaN while nothing rests on the map. */
  sizeAtPercentile(percentile: number): number {
    const n = this.sorted.length;
    if (n === 0) return Number.NaN;
    const index = Math.min(n - 1, Math.max(0, Math.round((percentile / 100) * (n - 1))));
    return this.sorted[index] as number;
  }

  /**
   * Returns the natural logarithms of the sizes between which the colour ramp runs, 0 and 1 while nothing rests. Sizes
   * at the two percentiles that lie closer than 1 : 16 are moved apart evenly, so that equal sizes get the middle tone.
   */
  rampFromPercentiles(lowPercentile: number, highPercentile: number): { readonly logLow: number; readonly logHigh: number } {
    if (this.sorted.length === 0) return { logLow: 0, logHigh: 1 };
    const logLow = Math.log(this.sizeAtPercentile(lowPercentile));
    const logHigh = Math.log(this.sizeAtPercentile(highPercentile));
    const missing = Math.max(0, Math.log(RAMP_RATIO_MIN) - (logHigh - logLow));
    return { logLow: logLow - missing / 2, logHigh: logHigh + missing / 2 };
  }

  /** Returns the share of sampled sizes at or below `size`, 0–100, NaN while the sample is empty. */
  percentileOfSize(size: number): number {
    const n = this.sorted.length;
    if (n === 0) return Number.NaN;
    let low = 0;
    let high = n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sorted[middle] as number) <= size) low = middle + 1;
      else high = middle;
    }
    return (100 * low) / n;
  }
}
