/**
 * The rows of the map pane on the screen's side: a ring with one slot per time bucket, fed by ViewFrames. It is the
 * copy from which the picture is rebuilt after a lost graphics context. Must not know drawing, React or the host.
 */
import type { BookState } from '../../core/model/index.ts';
import type { ViewFrame } from '../../core/frames/index.ts';
import { TradeRing } from './trade-ring.ts';

const MIN_CAPACITY = 1024;
const MAX_CAPACITY = 4096;

/** What a frame changed: `reset` = every row, `rows` = the named rows, `none` = only head and book. */
export type FrameChange =
  | { readonly kind: 'reset' }
  | { readonly kind: 'rows'; readonly firstRow: number; readonly rows: number }
  | { readonly kind: 'none' };

/** @invariant row r (absolute) lies in slot r mod capacity; rows firstRow … firstRow + rows − 1 are held. */
export class FrameStore {
  capacity = 0;
  bins = 0;
  bucketNs = 1;
  lowUnits = 0;
  binUnits = 1;
  firstRow = 0;
  rows = 0;
  epoch = 0;
  headNs = 0n;
  playing = false;
  speed = 1;
  bookState: BookState = 0;
  lastTradeUnits = Number.NaN;
  lastTradeSide = 0;
  heat: Float32Array = new Float32Array(0);
  touch = new Float64Array(0);
  volume = new Float64Array(0);
  rowFlags: Uint8Array = new Uint8Array(0);
  bids: Float64Array = new Float64Array(0);
  asks: Float64Array = new Float64Array(0);
  readonly trades = new TradeRing();
  framesTaken = 0;
  framesDropped = 0;
  private minEpoch = 0;
  private originNs = 0n;

  /** Empties the store for another session; times are kept as offsets from `originNs`. */
  clear(originNs: bigint): void {
    this.originNs = originNs;
    this.rows = 0;
    this.firstRow = 0;
    this.epoch = 0;
    this.minEpoch = 0;
    this.trades.clear();
    this.bids = new Float64Array(0);
    this.asks = new Float64Array(0);
    this.lastTradeUnits = Number.NaN;
  }

  /** From now on frames older than `epoch` are dropped: they show a time that the user has left. */
  expectEpoch(epoch: number): void {
    this.minEpoch = epoch;
  }

  /** Returns what changed, or null when the frame was dropped (older epoch, or an append that does not continue). */
  apply(frame: ViewFrame): FrameChange | null {
    const late = frame.epoch < this.minEpoch || frame.epoch < this.epoch;
    if (late || (frame.kind === 'append' && !this.continues(frame))) {
      this.framesDropped++;
      return null;
    }
    this.framesTaken++;
    const change = frame.kind === 'full' ? this.replace(frame) : this.append(frame);
    this.epoch = frame.epoch;
    this.headNs = frame.headNs;
    this.playing = frame.playing;
    this.speed = frame.speed;
    this.bookState = frame.bookState;
    this.lastTradeUnits = frame.lastTradeUnits;
    this.lastTradeSide = frame.lastTradeSide;
    this.bids = frame.bids;
    this.asks = frame.asks;
    return change;
  }

  /** Returns the ring slot of an absolute row. */
  slotFromRow(row: number): number {
    return ((row % this.capacity) + this.capacity) % this.capacity;
  }

  /** Returns the start of an absolute row as nanoseconds after the origin. */
  offsetNsFromRow(row: number): number {
    return Number(BigInt(row) * BigInt(this.bucketNs) - this.originNs);
  }

  /** Returns true when the absolute row is held. */
  holds(row: number): boolean {
    return row >= this.firstRow && row < this.firstRow + this.rows;
  }

  /** Returns the signed size of the cell at an absolute row and price, 0 outside. */
  sizeAt(row: number, priceUnits: number): number {
    const bin = Math.floor((priceUnits - this.lowUnits) / this.binUnits);
    if (!this.holds(row) || bin < 0 || bin >= this.bins) return 0;
    return this.heat[this.slotFromRow(row) * this.bins + bin] as number;
  }

  private continues(frame: ViewFrame): boolean {
    const sameGrid =
      frame.bins === this.bins && frame.bucketNs === this.bucketNs && frame.lowUnits === this.lowUnits && frame.binUnits === this.binUnits;
    const end = this.firstRow + this.rows;
    return frame.epoch === this.epoch && sameGrid && this.rows > 0 && frame.firstRow <= end && frame.firstRow >= this.firstRow;
  }

  private replace(frame: ViewFrame): FrameChange {
    const capacity = capacityFor(frame.rows);
    if (capacity !== this.capacity || frame.bins !== this.bins) {
      this.capacity = capacity;
      this.bins = frame.bins;
      this.heat = new Float32Array(capacity * frame.bins);
      this.touch = new Float64Array(capacity * 2);
      this.volume = new Float64Array(capacity * 2);
      this.rowFlags = new Uint8Array(capacity);
    }
    this.bucketNs = frame.bucketNs;
    this.lowUnits = frame.lowUnits;
    this.binUnits = frame.binUnits;
    this.firstRow = frame.firstRow;
    this.rows = 0;
    this.trades.clear();
    this.copyRows(frame);
    return { kind: 'reset' };
  }

  private append(frame: ViewFrame): FrameChange {
    if (frame.rows === 0) return { kind: 'none' };
    this.copyRows(frame);
    return { kind: 'rows', firstRow: frame.firstRow, rows: frame.rows };
  }

  private copyRows(frame: ViewFrame): void {
    const { bins } = this;
    for (let i = 0; i < frame.rows; i++) {
      const slot = this.slotFromRow(frame.firstRow + i);
      this.heat.set(frame.heat.subarray(i * bins, (i + 1) * bins), slot * bins);
      this.touch[slot * 2] = frame.touch[i * 2] as number;
      this.touch[slot * 2 + 1] = frame.touch[i * 2 + 1] as number;
      this.volume[slot * 2] = frame.volume[i * 2] as number;
      this.volume[slot * 2 + 1] = frame.volume[i * 2 + 1] as number;
      this.rowFlags[slot] = frame.rowFlags[i] as number;
    }
    const end = Math.max(this.firstRow + this.rows, frame.firstRow + frame.rows);
    this.firstRow = Math.max(this.firstRow, end - this.capacity);
    this.rows = end - this.firstRow;
    const frameStartNs = this.offsetNsFromRow(frame.firstRow);
    this.trades.replaceFrom(frameStartNs, frame.trades);
    this.trades.dropBefore(this.offsetNsFromRow(this.firstRow));
  }
}

function capacityFor(rows: number): number {
  let capacity = MIN_CAPACITY;
  while (capacity < rows * 1.25 && capacity < MAX_CAPACITY) capacity *= 2;
  return capacity;
}
