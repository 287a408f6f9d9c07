/**
 * A stretch of one instrument's recorded rows in memory: a book image and all rows after it up to the end of the stretch,
 * with the indexes that seeking needs. Must not know where it was read from or what is drawn.
 */
import { type BookKind, EventBatch, EventFlag, EventKind } from '../../../core/model/index.ts';
import { NS_PER_SECOND } from '../../../core/units/index.ts';
import { countUpTo } from '../../../core/replay/index.ts';
import { RowFlag } from '../../../core/frames/index.ts';

const BYTES_PER_INDEX_ROW = 12;

/** Returns true for rows that change a book of this kind; a quote changes only a book of quotes. */
export function changesBook(kind: number, bookKind: BookKind): boolean {
  if (kind === EventKind.quote) return bookKind === 'quotes';
  return (kind >= EventKind.level && kind <= EventKind.snapshotEnd) || kind === EventKind.gap;
}

function isTrade(kind: number): boolean {
  return kind === EventKind.trade || kind === EventKind.orderExecute;
}

const FLAG_OF_KIND: readonly number[] = Object.assign([], {
  [EventKind.gap]: RowFlag.gap,
  [EventKind.disconnect]: RowFlag.gap,
  [EventKind.restart]: RowFlag.restart,
});

/** Where a segment lies and what the store sent for it. */
export interface SegmentSource {
  readonly index: number;
  readonly fromOffset: number;
  readonly originNs: bigint;
  readonly bookKind: BookKind;
  readonly before: ArrayBuffer | null;
  readonly rows: readonly ArrayBuffer[];
}

/** Trades of a segment, in order. @units time: ns from the session's origin; price and size: scaled units */
export interface TradeColumns {
  readonly time: Float64Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  readonly side: Uint8Array;
}

/**
 * Rows that cover the offsets [fromOffset, toOffset] of a session.
 * @invariant `lead` rows come before fromOffset: they complete the image and belong to the segment before
 * @units offsets: ns from the session's origin on the receive-time axis
 */
export class Segment {
  readonly index: number;
  readonly before: EventBatch | null;
  readonly batches: readonly EventBatch[];
  /** Row number of the first row of each batch. */
  readonly starts: readonly number[];
  readonly rows: number;
  /** Time of each row on the axis: never steps back. */
  readonly times: Float64Array;
  readonly lead: number;
  readonly trades: TradeColumns;
  /** Times and RowFlag bits of rows that mark their bucket. */
  readonly markTimes: Float64Array;
  readonly marks: Uint8Array;
  readonly bytes: number;
  private readonly cuts: Uint32Array;

  constructor(source: SegmentSource) {
    this.index = source.index;
    this.before = source.before ? new EventBatch(source.before) : null;
    if (this.before && source.bookKind === 'levels') turnLevels(this.before);
    this.batches = source.rows.map((buffer) => new EventBatch(buffer));
    const starts: number[] = [];
    let rows = 0;
    for (const batch of this.batches) {
      starts.push(rows);
      rows += batch.rows;
    }
    this.starts = starts;
    this.rows = rows;
    this.times = new Float64Array(rows);
    this.cuts = new Uint32Array(rows + 1);
    this.fillTimes(source.originNs);
    this.fillCuts(source.bookKind);
    this.lead = countUpTo(this.times, rows, source.fromOffset - 1);
    const { trades, markTimes, marks } = this.collect();
    this.trades = trades;
    this.markTimes = markTimes;
    this.marks = marks;
    this.bytes = rows * BYTES_PER_INDEX_ROW + source.rows.reduce((sum, buffer) => sum + buffer.byteLength, source.before?.byteLength ?? 0);
  }

  /** Returns how many rows have a time ≤ `offset`. */
  countAt(offset: number): number {
    return countUpTo(this.times, this.rows, offset);
  }

  /** Returns how many rows may be applied to show the book at `offset`: an event that has begun but not ended is left out. */
  cutAt(offset: number): number {
    return this.cuts[this.countAt(offset)];
  }

  /** Calls `visit` with each batch and the part of it that lies in rows [fromRow, toRow). */
  eachPart(fromRow: number, toRow: number, visit: (batch: EventBatch, from: number, to: number) => void): void {
    for (let i = 0; i < this.batches.length; i++) {
      const start = this.starts[i];
      const from = Math.max(fromRow - start, 0);
      const to = Math.min(toRow - start, this.batches[i].rows);
      if (from < to) visit(this.batches[i], from, to);
    }
  }

  private fillTimes(originNs: bigint): void {
    let at = 0;
    let last = Number.NEGATIVE_INFINITY;
    for (const batch of this.batches) {
      const shift = Number(batch.baseNs - originNs);
      const { receiveTime } = batch;
      for (let row = 0; row < batch.rows; row++) {
        const time = shift + receiveTime[row];
        if (time > last) last = time;
        this.times[at++] = last;
      }
    }
  }

  /** An event whose end is not seen within a second of its last row counts as ended: the venue's mark is missing. */
  private fillCuts(bookKind: BookKind): void {
    let at = 0;
    let open = false;
    let inImage = false;
    for (const batch of this.batches) {
      const { kind, flags } = batch;
      for (let row = 0; row < batch.rows; row++, at++) {
        const k = kind[row];
        if (open && this.times[at] - this.times[at - 1] > NS_PER_SECOND) {
          this.cuts[at] = at;
          inImage = false;
        }
        if (k === EventKind.snapshotBegin) inImage = true;
        else if (ENDS.has(k)) inImage = false;
        if (changesBook(k, bookKind) || k === EventKind.boundary) {
          open = inImage || ((flags[row] & EventFlag.eventEnd) === 0 && !ENDS.has(k));
        }
        this.cuts[at + 1] = open ? this.cuts[at] : at + 1;
      }
    }
  }

  private collect(): { trades: TradeColumns; markTimes: Float64Array; marks: Uint8Array } {
    const tradeRows: number[] = [];
    const markTimes: number[] = [];
    const marks: number[] = [];
    this.eachPart(this.lead, this.rows, (batch, from, to) => {
      const start = this.starts[this.batches.indexOf(batch)];
      for (let row = from; row < to; row++) {
        const kind = batch.kind[row];
        if (isTrade(kind)) tradeRows.push(start + row);
        const mark = FLAG_OF_KIND[kind];
        if (mark !== undefined) {
          markTimes.push(this.times[start + row]);
          marks.push(mark);
        }
      }
    });
    return { trades: this.tradeColumns(tradeRows), markTimes: Float64Array.from(markTimes), marks: Uint8Array.from(marks) };
  }

  private tradeColumns(rows: readonly number[]): TradeColumns {
    const count = rows.length;
    const columns = {
      time: new Float64Array(count),
      price: new Float64Array(count),
      size: new Float64Array(count),
      side: new Uint8Array(count),
    };
    let b = 0;
    for (let i = 0; i < count; i++) {
      while (b + 1 < this.starts.length && this.starts[b + 1] <= rows[i]) b++;
      const row = rows[i] - this.starts[b];
      const batch = this.batches[b];
      columns.time[i] = this.times[rows[i]];
      columns.price[i] = batch.price[row];
      columns.size[i] = batch.size[row];
      columns.side[i] = batch.side[row];
    }
    return columns;
  }
}

/** Kinds after which no event is open, whatever their flags say. */
const ENDS: ReadonlySet<number> = new Set<number>([EventKind.clear, EventKind.snapshotEnd, EventKind.boundary, EventKind.gap]);

/**
 * Turns the level rows of an image around. Images list levels best first, and a book takes them many times faster worst
 * first; their order means nothing.
 */
function turnLevels(image: EventBatch): void {
  const first = image.kind.indexOf(EventKind.level);
  const end = image.kind.lastIndexOf(EventKind.level) + 1;
  if (first < 0 || image.kind.subarray(first, end).some((kind) => kind !== EventKind.level)) return;
  for (const column of [image.price, image.size, image.side, image.flags]) column.subarray(first, end).reverse();
}
