/**
 * Makes the frames of one view: the rows of a window up to the play head, and the book at the head. Complete buckets may
 * come from thinned rows, the head's own never does. It is given loaded segments and may not wait. Must not know clocks,
 * clients or pacing.
 */
import { RowFlag, type ViewFrame } from '../../../core/frames/index.ts';
import { BookState, Side } from '../../../core/model/index.ts';
import { countUpTo } from '../../../core/replay/index.ts';
import { HeatBuilder, type HeatColumns, offsetFromRow, type PriceGrid, TradeDots } from '../../../core/view/index.ts';
import { BookCursor } from './book-cursor.ts';
import type { Segment } from './segment.ts';
import type { LoadedRows } from './loaded-rows.ts';
import type { SegmentRun, Timeline } from './timeline.ts';

/** Most levels a side of the current-book column; within the window's prices it is whole up to here. */
const BOOK_COLUMN_LEVELS = 8_192;

/** These are sent wherever they lie: the best prices are shown in figures too. */
const KEPT_LEVELS = 400;

/** What a frame is to show. */
export interface FrameRequest {
  readonly kind: 'full' | 'append';
  readonly epoch: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly headNs: bigint;
  readonly firstRow: number;
  readonly rows: number;
  readonly bucketNs: number;
  readonly grid: PriceGrid;
}

/** The rows of the last full frame: a complete bucket looks the same wherever the head is after it. */
interface KeptRows {
  readonly grid: PriceGrid;
  readonly bucketNs: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly headOffset: number;
  readonly timeline: Timeline;
  readonly columns: HeatColumns;
}

const FLAGS_OF_STATE: Record<BookState, number> = {
  [BookState.empty]: RowFlag.empty,
  [BookState.buffering]: RowFlag.resync,
  [BookState.synced]: 0,
  [BookState.gap]: RowFlag.gap,
  [BookState.stale]: RowFlag.stale,
};

/** Builds frames from a timeline; keeps one book, which moves with the frames. */
export class FrameMaker {
  private readonly timeline: Timeline;
  /** The book at the head, moved through all rows. */
  private readonly cursor: BookCursor;
  /** The book of complete buckets, moved through the rows that a window needs; the same as `cursor` for narrow ones. */
  private rowCursor: BookCursor;
  private rowTimeline: Timeline;
  private kept: KeptRows | null = null;
  private readonly pairs = new Float64Array(2 * BOOK_COLUMN_LEVELS);

  constructor(timeline: Timeline) {
    this.timeline = timeline;
    this.cursor = new BookCursor(timeline);
    this.rowCursor = this.cursor;
    this.rowTimeline = timeline;
  }

  /** Returns the middle of the touch at `offset`, the only side's best when there is one, NaN for an empty book. */
  touchAt(offset: number, run: SegmentRun): number {
    this.cursor.moveTo(offset, run);
    const { book } = this.cursor;
    const bid = book.best(Side.bid);
    const ask = book.best(Side.ask);
    if (Number.isNaN(bid)) return ask;
    return Number.isNaN(ask) ? bid : (bid + ask) / 2;
  }

  /** Returns the frame. `loaded` must hold the segments of its rows up to the head, and of the head. */
  make(request: FrameRequest, loaded: LoadedRows): ViewFrame {
    const { grid, bucketNs, firstRow, rows } = request;
    const headOffset = Number(request.headNs - this.timeline.originNs);
    this.takeRowsFrom(loaded.timeline);
    const heat = new HeatBuilder(grid, rows);
    const kept = this.reusable(request, loaded.timeline);
    for (let i = 0; i < rows; i++) {
      const from = firstRow + i - (kept?.firstRow ?? 0);
      if (kept && from >= 0 && from < kept.rows && this.isComplete(firstRow + i, bucketNs, Math.min(headOffset, kept.headOffset)))
        heat.addCopy(kept.columns, from);
      else this.addRow(heat, firstRow + i, { bucketNs, headOffset, loaded });
    }
    if (request.kind === 'full')
      this.kept = { grid, bucketNs, firstRow, rows, headOffset, timeline: loaded.timeline, columns: heat.columns() };
    const trades = this.addTrades(heat, request, headOffset, loaded);
    this.cursor.moveTo(headOffset, loaded.headRun);
    const { book } = this.cursor;
    return {
      kind: request.kind,
      epoch: request.epoch,
      playing: request.playing,
      speed: request.speed,
      headNs: request.headNs,
      firstRow,
      bucketNs,
      lowUnits: grid.lowUnits,
      binUnits: grid.binUnits,
      bins: grid.bins,
      bookState: book.state,
      lastTradeUnits: book.lastTradeUnits,
      lastTradeSide: book.lastTradeSide,
      trades,
      bids: this.levels(Side.bid, grid),
      asks: this.levels(Side.ask, grid),
      ...heat.columns(),
    };
  }

  /** Returns the last full frame when its rows are those of this request too. */
  private reusable({ grid, bucketNs }: FrameRequest, timeline: Timeline): KeptRows | null {
    const { kept } = this;
    if (kept === null || kept.bucketNs !== bucketNs || kept.timeline !== timeline) return null;
    const same = kept.grid.lowUnits === grid.lowUnits && kept.grid.binUnits === grid.binUnits && kept.grid.bins === grid.bins;
    return same ? kept : null;
  }

  private isComplete(row: number, bucketNs: number, headOffset: number): boolean {
    return offsetFromRow(row, bucketNs, this.timeline.originNs) + bucketNs - 1 <= headOffset;
  }

  private takeRowsFrom(timeline: Timeline): void {
    if (this.rowTimeline === timeline) return;
    this.rowTimeline = timeline;
    this.rowCursor = timeline === this.timeline ? this.cursor : new BookCursor(timeline);
  }

  private addRow(heat: HeatBuilder, row: number, at: { bucketNs: number; headOffset: number; loaded: LoadedRows }): void {
    const { timeline } = this;
    const start = offsetFromRow(row, at.bucketNs, timeline.originNs);
    const bucketEnd = start + at.bucketNs - 1;
    const end = Math.min(bucketEnd, at.headOffset);
    if (end < 0 || start > timeline.endOffset || start > at.headOffset) {
      heat.addBlank(RowFlag.empty);
      return;
    }
    // Thinned rows tell the book at the end of a bucket only: the bucket that the head is in needs them all.
    const complete = bucketEnd <= at.headOffset;
    const cursor = complete ? this.rowCursor : this.cursor;
    cursor.moveTo(end, complete ? at.loaded.run : at.loaded.headRun);
    const { state } = cursor;
    const flags = FLAGS_OF_STATE[state] | this.marksIn(start, end, at.loaded);
    // The change mark is taken in any case: what changed in a blank row is not news to the row after it.
    const changed = cursor.takeChanged() || cursor !== this.rowCursor;
    if (state === BookState.synced || state === BookState.stale) heat.addBook(cursor.book, changed, flags);
    else heat.addBlank(flags);
  }

  private marksIn(start: number, end: number, loaded: LoadedRows): number {
    let flags = 0;
    this.eachSegment(start, end, loaded, (segment) => {
      const { markTimes, marks } = segment;
      for (let i = countUpTo(markTimes, markTimes.length, start - 1); i < markTimes.length && markTimes[i] <= end; i++) flags |= marks[i];
    });
    return flags;
  }

  /** Adds the volume of the rows' trades, and returns the trades as dots. */
  private addTrades(heat: HeatBuilder, request: FrameRequest, headOffset: number, loaded: LoadedRows): Float64Array {
    const dots = new TradeDots();
    const { bucketNs } = request;
    const start = offsetFromRow(request.firstRow, bucketNs, this.timeline.originNs);
    const end = Math.min(start + request.rows * bucketNs - 1, headOffset);
    const visit = ({ trades }: Segment): void => {
      const { time, price, size, side } = trades;
      for (let i = countUpTo(time, time.length, start - 1); i < time.length && time[i] <= end; i++) {
        heat.addVolume(Math.floor((time[i] - start) / bucketNs), side[i], size[i]);
        dots.add(time[i] - start, price[i], size[i], side[i]);
      }
    };
    if (start <= end) this.eachSegment(start, end, loaded, visit);
    return dots.dots(request.grid, bucketNs);
  }

  private eachSegment(start: number, end: number, { timeline, run }: LoadedRows, visit: (segment: Segment) => void): void {
    if (end < 0) return;
    for (let k = timeline.segmentOf(start); k <= timeline.segmentOf(end); k++) {
      const segment = run.get(k);
      if (segment) visit(segment);
    }
  }

  /** Returns a side of the book at the head, whole within the prices of `grid`. */
  private levels(side: 1 | 2, grid: PriceGrid): Float64Array {
    const { book } = this.cursor;
    if (book.state !== BookState.synced && book.state !== BookState.stale) return new Float64Array(0);
    const { pairs } = this;
    let count = book.copyLevels(side, BOOK_COLUMN_LEVELS, pairs);
    // Best first: what lies beyond the window's far edge is the tail, and nobody sees it.
    const low = grid.lowUnits;
    const high = low + grid.bins * grid.binUnits;
    const isBeyond = side === Side.bid ? (price: number) => price < low : (price: number) => price > high;
    while (count > KEPT_LEVELS && isBeyond(pairs[2 * (count - 1)])) count--;
    return pairs.slice(0, 2 * count);
  }
}
