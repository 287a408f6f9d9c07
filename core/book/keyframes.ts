/**
 * Keyframes: full images of single books, made while a session passes, so that a seek starts near its goal. Decides when
 * an image is due and writes it as rows. Must not know where images go.
 *
 * An image is due at a publication (rows and time counted since the instrument's last image):
 * - the first: after 1 s or 2,048 rows;
 * - later: after 8,192 rows; or after 10 s and twice as many rows as the image has; or after 120 s and any row.
 * So a seek applies at most 8,192 rows and the last event after an image; images cost at most half as many rows as the
 * source, apart from one in two minutes for a quiet instrument.
 */
import { EventBatch, EventFlag, EventKind, Side } from '../model/index.ts';
import { NS_PER_SECOND } from '../units/index.ts';
import { imageCode } from './image-code.ts';
import { BookEntry, type InstrumentBook } from './instrument-book.ts';
import { invariant } from '../util/index.ts';

const FIRST_AFTER_NS = NS_PER_SECOND;
const FIRST_AFTER_ROWS = 2048;
const AFTER_ROWS = 8192;
const BUSY_AFTER_NS = 10 * NS_PER_SECOND;
const QUIET_AFTER_NS = 120 * NS_PER_SECOND;
const BATCH_ROWS = 32_768;

/** Images ready to be stored: `ordinals[i]` is the last source row that the image of row i contains. */
export interface KeyframeImages {
  readonly batch: EventBatch;
  readonly ordinals: Float64Array<ArrayBuffer>;
}

interface Last {
  timeNs: number;
  events: number;
  image: boolean;
}

/** Makes keyframes for all instruments of a session. */
export class KeyframeBuilder {
  private readonly emit: (images: KeyframeImages) => void;
  private readonly last: (Last | undefined)[] = [];
  private originNs: bigint | null = null;
  private batch: EventBatch | null = null;
  private ordinals = new Float64Array(0);
  private used = 0;
  private pairs = new Float64Array(512);
  private orderPairs = new Float64Array(128);

  /** `emit` takes over each full batch of images. */
  constructor(emit: (images: KeyframeImages) => void) {
    this.emit = emit;
  }

  /** A complete book was published with `row` of `batch`; writes its image when one is due. */
  published(book: InstrumentBook, batch: EventBatch, row: number): void {
    this.originNs ??= batch.baseNs;
    const timeNs = batch.receiveTime[row] + (batch.baseNs === this.originNs ? 0 : Number(batch.baseNs - this.originNs));
    invariant(book instanceof BookEntry, 'keyframes are made of the books of a BookSet');
    const { id } = book.instrument;
    const last = this.last[id];
    if (last === undefined) {
      this.last[id] = { timeNs, events: book.events - 1, image: false };
      return;
    }
    const rows = book.events - last.events;
    const elapsedNs = timeNs - last.timeNs;
    if (!last.image) {
      if (rows < FIRST_AFTER_ROWS && elapsedNs < FIRST_AFTER_NS) return;
    } else if (rows < AFTER_ROWS && elapsedNs < QUIET_AFTER_NS) {
      if (elapsedNs < BUSY_AFTER_NS || rows < 2 * imageRows(book)) return;
    }
    last.timeNs = timeNs;
    last.events = book.events;
    last.image = true;
    this.write(book, batch, row);
  }

  /** Emits what is there. */
  flush(): void {
    const batch = this.batch;
    if (batch === null || this.used === 0) return;
    batch.rows = this.used;
    const ordinals = this.ordinals.slice(0, this.used);
    this.batch = null;
    this.used = 0;
    this.emit({ batch, ordinals });
  }

  private write(book: BookEntry, cause: EventBatch, row: number): void {
    const traded = !Number.isNaN(book.lastTradeUnits);
    const code = imageCode({ state: book.state, fromImage: book.fromImage, crossed: book.crossed, traded });
    const out = this.room(imageRows(book), cause.baseNs);
    const first = this.used;
    this.next(out, EventKind.snapshotBegin, Side.none);
    out.code[first] = code;
    for (const side of [Side.bid, Side.ask]) this.writeSide(book, out, side);
    const end = this.next(out, EventKind.snapshotEnd, traded ? book.lastTradeSide : Side.none);
    out.code[end] = code;
    if (traded) out.price[end] = book.lastTradeUnits;
    out.flags[end] |= EventFlag.eventEnd;
    const ordinal = cause.firstOrdinal + row;
    out.instrument.fill(book.instrument.id, first, this.used);
    out.exchangeTime.fill(cause.exchangeTime[row], first, this.used);
    out.receiveTime.fill(cause.receiveTime[row], first, this.used);
    out.sequence.fill(cause.sequence[row], first, this.used);
    this.ordinals.fill(ordinal, first, this.used);
  }

  private writeSide(book: BookEntry, out: EventBatch, side: number): void {
    if (book.quotes.quoted && book.instrument.bookKind === 'quotes') {
      const row = this.next(out, EventKind.quote, side);
      out.price[row] = book.quotes.quotedPrice(side);
      out.size[row] = book.quotes.quotedSize(side);
      return;
    }
    const levels = book.levelCount(side);
    if (this.pairs.length < 2 * levels) this.pairs = new Float64Array(4 * levels);
    book.copyLevels(side, levels, this.pairs);
    for (let i = 0; i < levels; i++) {
      const price = this.pairs[2 * i];
      if (book.orders === null) {
        const row = this.next(out, EventKind.level, side);
        out.price[row] = price;
        out.size[row] = this.pairs[2 * i + 1];
        continue;
      }
      if (this.orderPairs.length < 2 * book.orders.orderCount) this.orderPairs = new Float64Array(4 * book.orders.orderCount);
      const orders = book.copyOrders(side, price, book.orders.orderCount, this.orderPairs);
      for (let j = 0; j < orders; j++) {
        const row = this.next(out, EventKind.orderAdd, side);
        out.price[row] = price;
        out.size[row] = this.orderPairs[2 * j + 1];
        out.ref[row] = this.orderPairs[2 * j];
      }
    }
  }

  private next(out: EventBatch, kind: number, side: number): number {
    const row = this.used++;
    out.kind[row] = kind;
    out.side[row] = side;
    out.flags[row] = EventFlag.snapshot;
    return row;
  }

  private room(rows: number, baseNs: bigint): EventBatch {
    if (this.batch !== null && this.used + rows <= this.batch.capacity && this.batch.baseNs === baseNs) return this.batch;
    this.flush();
    const capacity = Math.max(BATCH_ROWS, rows);
    this.batch = EventBatch.allocate(capacity, baseNs);
    if (this.ordinals.length < capacity) this.ordinals = new Float64Array(capacity);
    return this.batch;
  }
}

/** Rows that the image of a book may take at most. */
function imageRows(book: BookEntry): number {
  const depth = book.orders === null ? book.levelCount(Side.bid) + book.levelCount(Side.ask) : book.orders.orderCount;
  return 2 + Math.max(depth, 2);
}
