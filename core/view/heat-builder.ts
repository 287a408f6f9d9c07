/**
 * Collects the rows of a map, one per time bucket: heat, touch, traded volume and flags. The caller moves the book from
 * bucket to bucket and says whether it may be shown; this file must not know time, gaps or books.
 */
import { Side } from '../model/index.ts';
import { invariant } from '../util/index.ts';
import type { DepthReader } from './depth-reader.ts';
import { HeatSampler } from './heat-sampler.ts';
import type { PriceGrid } from './price-grid.ts';

/** Finished rows as columns, in the shapes of a ViewFrame. */
export interface HeatColumns {
  readonly rows: number;
  readonly heat: Float32Array;
  readonly touch: Float64Array;
  readonly rowFlags: Uint8Array;
  readonly volume: Float64Array;
}

/** Builds at most `capacity` rows. @owns its columns; `columns()` returns views on them */
export class HeatBuilder {
  private readonly bins: number;
  private readonly capacity: number;
  private readonly sampler: HeatSampler;
  private readonly heat: Float32Array;
  private readonly touch: Float64Array;
  private readonly rowFlags: Uint8Array;
  private readonly volume: Float64Array;
  private used = 0;
  private lastRowHasBook = false;

  constructor(grid: PriceGrid, capacity: number) {
    this.bins = grid.bins;
    this.capacity = capacity;
    this.sampler = new HeatSampler(grid);
    this.heat = new Float32Array(capacity * grid.bins);
    this.touch = new Float64Array(capacity * 2).fill(Number.NaN);
    this.rowFlags = new Uint8Array(capacity);
    this.volume = new Float64Array(capacity * 2);
  }

  get rows(): number {
    return this.used;
  }

  /** Adds a row without a book: no heat, no touch, only flags. */
  addBlank(flags: number): void {
    this.rowFlags[this.take()] = flags;
    this.lastRowHasBook = false;
  }

  /** Adds a row that shows the book as it is now. `changed` = false promises that it is the book of the row before. */
  addBook(reader: DepthReader, changed: boolean, flags: number): void {
    const row = this.take();
    this.rowFlags[row] = flags;
    const at = row * this.bins;
    if (!changed && this.lastRowHasBook) {
      this.heat.copyWithin(at, at - this.bins, at);
      this.touch.copyWithin(2 * row, 2 * row - 2, 2 * row);
      return;
    }
    this.sampler.sample(reader, this.heat, at);
    this.touch[2 * row] = reader.best(Side.bid);
    this.touch[2 * row + 1] = reader.best(Side.ask);
    this.lastRowHasBook = true;
  }

  /** Adds row `from` of finished columns of the same bins: heat, touch and flags; its volume is left out. */
  addCopy(of: HeatColumns, from: number): void {
    const row = this.take();
    this.rowFlags[row] = of.rowFlags[from];
    this.heat.set(of.heat.subarray(from * this.bins, (from + 1) * this.bins), row * this.bins);
    this.touch.set(of.touch.subarray(2 * from, 2 * from + 2), 2 * row);
    // The caller's book was not moved here: the next row is not a change of this one.
    this.lastRowHasBook = false;
  }

  /** Adds traded size to a row; only buys and sells are summed. @units size units */
  addVolume(row: number, side: number, sizeUnits: number): void {
    if (side === Side.bid) this.volume[2 * row] += sizeUnits;
    else if (side === Side.ask) this.volume[2 * row + 1] += sizeUnits;
  }

  /** Returns the rows so far. */
  columns(): HeatColumns {
    const rows = this.used;
    return {
      rows,
      heat: this.heat.subarray(0, rows * this.bins),
      touch: this.touch.subarray(0, rows * 2),
      rowFlags: this.rowFlags.subarray(0, rows),
      volume: this.volume.subarray(0, rows * 2),
    };
  }

  private take(): number {
    invariant(this.used < this.capacity, 'more heat rows than announced');
    return this.used++;
  }
}
