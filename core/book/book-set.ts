/**
 * BookSet: every book of a session, kept by applying the rows of EventBatches in ordinal order. Publishes at event
 * ends, infers aggressors and judges integrity; trust is decided in trust.ts. Must not know files, threads or stores.
 */
import {
  ALL_INSTRUMENTS,
  BookState,
  EventFlag,
  EventKind,
  Side,
  TimeCode,
  type EventBatch,
  type Instrument,
  type InstrumentActivity,
  type QualityBand,
} from '../model/index.ts';
import { invariant } from '../util/index.ts';
import { inferAggressor } from './aggressor.ts';
import { BookCounters } from './book-counters.ts';
import { BookEntry, type InstrumentBook } from './instrument-book.ts';
import { readImageCode } from './image-code.ts';
import type { LevelBook } from './level-book.ts';
import { isMarket, isTimed } from './row-kinds.ts';
import { gapText, TrustKeeper } from './trust.ts';

/** A row that the books add to the session: `row` of `batch` is its cause, the rest are its columns. */
export interface DerivedEvent {
  readonly kind: typeof EventKind.crossed | typeof EventKind.unknownOrder;
  readonly batch: EventBatch;
  readonly row: number;
  readonly code: number;
  readonly price: number;
  readonly size: number;
  readonly ref: number;
}

export interface BookSetOptions {
  /** Called for each integrity event, in order. */
  readonly onDerived?: (event: DerivedEvent) => void;
  /** Called when a complete book is published, with the row that completed it. Must not apply rows itself. */
  readonly onPublish?: (book: InstrumentBook, batch: EventBatch, row: number) => void;
}

/** Code of an unknownOrder row whose cause added an id that rested already: the new order replaced it. */
export const UNKNOWN_ORDER_REPEATED_ID = 1;

/** All books of one session. */
export class BookSet {
  readonly counters = new BookCounters();
  private readonly trust = new TrustKeeper(this.counters);
  private readonly entries: (BookEntry | undefined)[] = [];
  private readonly onDerived: BookSetOptions['onDerived'];
  private readonly onPublish: BookSetOptions['onPublish'];
  private started = false;
  /** What makes an offset of the present batch one from the counters' origin, ns. */
  private shift = Number.NaN;

  constructor(options: BookSetOptions = {}) {
    this.onDerived = options.onDerived;
    this.onPublish = options.onPublish;
  }

  /** Makes the instrument's book; a second definition of an id changes nothing. */
  define(instrument: Instrument): void {
    this.entries[instrument.id] ??= new BookEntry(instrument);
  }

  /** Returns the instrument's book, undefined when it was never defined. */
  book(instrumentId: number): InstrumentBook | undefined {
    return this.entries[instrumentId];
  }

  /** Returns all books by instrument id. */
  books(): InstrumentBook[] {
    return this.entries.filter((entry) => entry !== undefined);
  }

  /** Returns the last quote of an instrument as [bid size, bid, ask, ask size] in units, null before its first quote. */
  lastQuote(instrumentId: number): readonly [number, number, number, number] | null {
    const quotes = this.entries[instrumentId]?.quotes;
    if (quotes === undefined || !quotes.quoted) return null;
    return [quotes.quotedSize(Side.bid), quotes.quotedPrice(Side.bid), quotes.quotedPrice(Side.ask), quotes.quotedSize(Side.ask)];
  }

  /** Returns the instruments with what was counted of each, by id. */
  activity(): InstrumentActivity[] {
    return this.entries
      .filter((entry) => entry !== undefined)
      .map((entry) => ({ ...entry.instrument, events: entry.events, trades: entry.trades, levelUpdates: entry.levelUpdates }));
  }

  /** Returns the stretches without trust, by start; those still open end with the session. */
  qualityBands(): QualityBand[] {
    return this.trust.list();
  }

  /**
   * Applies rows [fromRow, toRow) in order and writes inferred aggressors into them; derived rows are passed over.
   * @perf no allocation per row, except for integrity events, stale books and at most one boxed order id
   */
  apply(batch: EventBatch, fromRow: number, toRow: number): void {
    const counters = this.counters;
    if (!this.started) {
      this.started = true;
      counters.originNs = batch.baseNs;
    }
    this.shift = counters.shiftFrom(batch.baseNs);
    const { kind, flags, instrument } = batch;
    for (let row = fromRow; row < toRow; row++) {
      if ((flags[row] & EventFlag.derived) !== 0) continue;
      const entry = kind[row] === EventKind.level && counters.events !== 0 ? this.entries[instrument[row]] : undefined;
      if (!entry?.levels || entry.touched !== null) {
        this.applyOne(batch, row);
        continue;
      }
      row = this.applyLevelRun(batch, row, toRow, entry);
      if ((flags[row] & EventFlag.eventEnd) !== 0 && !entry.inImage) this.publish(entry, batch, row);
    }
  }

  /**
   * Applies the level rows of one trusted book from `fromRow` to the end of the event, at most to `toRow`; returns the last
   * row that it applied. Does what applyOne does, with the columns and counters looked up once.
   */
  private applyLevelRun(batch: EventBatch, fromRow: number, toRow: number, entry: BookEntry): number {
    const { counters, shift } = this;
    const levels = entry.levels as LevelBook;
    const { kind, side, code, flags, instrument, price, size, exchangeTime, receiveTime } = batch;
    const id = instrument[fromRow];
    let { lastReceive, lastExchange } = counters;
    let before = lastReceive;
    let counted = 0;
    let unknown = 0;
    let row = fromRow;
    for (;;) {
      const receive = receiveTime[row] + shift;
      before = lastReceive;
      if (!(receive <= lastReceive)) lastReceive = receive;
      if (code[row] !== TimeCode.noVenueTime) {
        if (Number.isNaN(lastExchange)) counters.firstExchange = exchangeTime[row] + shift;
        lastExchange = exchangeTime[row] + shift;
      }
      const had = levels.setRow(side[row], price, size, row);
      if ((flags[row] & EventFlag.snapshot) === 0) {
        counted++;
        if (had === 0 && size[row] === 0) unknown++;
      }
      if ((flags[row] & EventFlag.eventEnd) !== 0) break;
      const next = row + 1;
      if (next >= toRow || kind[next] !== EventKind.level || instrument[next] !== id || (flags[next] & EventFlag.derived) !== 0) break;
      row = next;
    }
    this.trust.axisBefore = before;
    counters.lastReceive = lastReceive;
    counters.lastExchange = lastExchange;
    counters.events += row + 1 - fromRow;
    counters.levelUpdates += counted;
    counters.unknownLevelRemovals += unknown;
    entry.events += row + 1 - fromRow;
    entry.levelUpdates += counted;
    this.depthChanged(entry);
    return row;
  }

  private applyOne(batch: EventBatch, row: number): void {
    const { counters } = this;
    const receive = batch.receiveTime[row] + this.shift;
    this.trust.axisBefore = counters.lastReceive;
    if (!(receive <= counters.lastReceive)) {
      if (counters.events === 0) counters.firstReceive = receive;
      counters.lastReceive = receive;
    }
    counters.events++;
    if (batch.instrument[row] === ALL_INSTRUMENTS) {
      this.applyToAll(batch, row);
      return;
    }
    const entry = this.entries[batch.instrument[row]];
    if (entry === undefined) {
      invariant(false, `row names instrument ${batch.instrument[row]}, which was never defined`);
      return;
    }
    entry.events++;
    if (isTimed(batch.kind[row])) this.countTimes(batch, row);
    this.applyRow(batch, row, entry);
    if ((batch.flags[row] & EventFlag.eventEnd) !== 0 && !entry.inImage) this.publish(entry, batch, row);
  }

  private applyRow(batch: EventBatch, row: number, entry: BookEntry): void {
    switch (batch.kind[row]) {
      case EventKind.level:
        this.applyLevel(batch, row, entry);
        return;
      case EventKind.trade:
        inferAggressor(batch, row, entry);
        this.countTrade(batch, row, entry);
        return;
      case EventKind.orderAdd:
      case EventKind.orderModify:
      case EventKind.orderDelete:
      case EventKind.orderExecute:
        this.applyOrder(batch, row, entry);
        return;
      case EventKind.quote:
        this.applyQuote(batch, row, entry);
        return;
      case EventKind.boundary:
        if (!entry.inImage) this.publish(entry, batch, row);
        return;
      case EventKind.snapshotBegin:
        this.beginImage(batch, row, entry);
        return;
      case EventKind.snapshotEnd:
        this.endImage(batch, row, entry);
        return;
      case EventKind.clear:
        this.trust.clear(entry);
        return;
      case EventKind.gap:
        this.trust.mark(batch, row, entry);
        this.trust.lose(entry, gapText(batch, row));
        return;
      case EventKind.restart:
      case EventKind.disconnect:
        this.trust.mark(batch, row, entry);
        return;
      default:
    }
  }

  private applyToAll(batch: EventBatch, row: number): void {
    const kind = batch.kind[row];
    if (isTimed(kind) && kind !== EventKind.clear) this.countTimes(batch, row);
    switch (kind) {
      case EventKind.clear:
        for (const entry of this.entries) if (entry !== undefined) this.trust.clear(entry);
        return;
      case EventKind.boundary:
        for (const entry of this.entries) if (entry?.open && !entry.inImage) this.publish(entry, batch, row);
        return;
      case EventKind.gap: {
        this.trust.mark(batch, row, null);
        const text = gapText(batch, row);
        for (const entry of this.entries) if (entry !== undefined) this.trust.lose(entry, text);
        return;
      }
      case EventKind.restart:
      case EventKind.disconnect:
        this.trust.mark(batch, row, null);
        return;
      default:
    }
  }

  private applyLevel(batch: EventBatch, row: number, entry: BookEntry): void {
    const { levels } = entry;
    if (levels === null) {
      invariant(false, `level row for ${entry.instrument.symbol}, which has no book of levels`);
      return;
    }
    const side = batch.side[row];
    const had = levels.setRow(side, batch.price, batch.size, row);
    this.depthChanged(entry);
    if ((batch.flags[row] & EventFlag.snapshot) !== 0) return;
    entry.levelUpdates++;
    this.counters.levelUpdates++;
    if (had === 0 && batch.size[row] === 0) this.counters.unknownLevelRemovals++;
    if (entry.touched !== null) entry.touch(side, batch.price[row]);
  }

  private applyOrder(batch: EventBatch, row: number, entry: BookEntry): void {
    const { orders } = entry;
    if (orders === null) {
      invariant(false, `order row for ${entry.instrument.symbol}, which has no book of orders`);
      return;
    }
    const kind = batch.kind[row];
    const id = batch.ref[row];
    const price = batch.price[row];
    const size = batch.size[row];
    if (entry.touched !== null) {
      entry.touch(
        kind === EventKind.orderAdd ? batch.side[row] : orders.sideOf(id),
        kind === EventKind.orderAdd ? price : orders.priceOf(id),
      );
      if (kind === EventKind.orderModify) entry.touch(orders.sideOf(id), price);
    }
    this.depthChanged(entry);
    if ((batch.flags[row] & EventFlag.snapshot) === 0) {
      entry.levelUpdates++;
      this.counters.levelUpdates++;
    }
    if (kind === EventKind.orderAdd) {
      if (orders.add(id, batch.side[row], price, size)) return;
      orders.delete(id);
      orders.add(id, batch.side[row], price, size);
      this.reportOrder(batch, row, UNKNOWN_ORDER_REPEATED_ID);
      return;
    }
    let known: boolean;
    if (kind === EventKind.orderModify) known = orders.modify(id, price, size, (batch.flags[row] & EventFlag.keepsPriority) !== 0);
    else if (kind === EventKind.orderDelete) known = orders.delete(id);
    else {
      inferAggressor(batch, row, entry);
      this.countTrade(batch, row, entry);
      known = orders.execute(id, size);
    }
    if (!known) this.reportOrder(batch, row, 0);
  }

  private applyQuote(batch: EventBatch, row: number, entry: BookEntry): void {
    const side = batch.side[row];
    entry.quotes.set(side, batch.price[row], batch.size[row]);
    if (entry.instrument.bookKind === 'quotes') this.depthChanged(entry);
    if (entry.touched === null) return;
    // A quote confirms the best level of a book only when it names that very level.
    if (entry.instrument.bookKind === 'quotes') entry.touch(side, entry.best(side));
    else if (entry.best(side) === batch.price[row] && batch.size[row] !== 0) entry.touch(side, batch.price[row]);
    if ((batch.flags[row] & EventFlag.eventEnd) !== 0) entry.open = true;
  }

  private depthChanged(entry: BookEntry): void {
    entry.open = true;
    if (entry.state === BookState.empty) entry.state = BookState.synced;
  }

  private beginImage(batch: EventBatch, row: number, entry: BookEntry): void {
    const image = readImageCode(batch.code[row]);
    this.trust.clear(entry);
    entry.inImage = true;
    if (image === null) {
      entry.fromImage = true;
      entry.state = BookState.buffering;
    } else {
      entry.fromImage = image.fromImage;
      entry.state = image.state;
    }
  }

  private endImage(batch: EventBatch, row: number, entry: BookEntry): void {
    const image = readImageCode(batch.code[row]);
    entry.inImage = false;
    if (image === null) {
      this.trust.regain(entry);
    } else {
      entry.state = image.state;
      entry.crossed = image.crossed;
      entry.touched = image.state === BookState.stale ? [new Set(), new Set()] : null;
      if (image.traded) {
        entry.lastTradeUnits = batch.price[row];
        entry.lastTradeSide = batch.side[row];
      }
    }
    entry.open = true;
    this.publish(entry, batch, row);
  }

  private publish(entry: BookEntry, batch: EventBatch, row: number): void {
    if (!entry.open) return;
    entry.open = false;
    entry.completeEvent();
    if (entry.touched !== null && entry.touchConfirmed()) this.trust.regain(entry);
    const { completeBid: bid, completeAsk: ask } = entry;
    const crossed = bid >= ask && (entry.state === BookState.synced || entry.state === BookState.stale);
    if (crossed && !entry.crossed) {
      this.counters.crossed++;
      this.onDerived?.({ kind: EventKind.crossed, batch, row, code: 0, price: bid, size: 0, ref: ask });
    }
    entry.crossed = crossed;
    this.onPublish?.(entry, batch, row);
  }

  private countTrade(batch: EventBatch, row: number, entry: BookEntry): void {
    this.counters.trades++;
    entry.trades++;
    entry.lastTradeUnits = batch.price[row];
    entry.lastTradeSide = batch.side[row];
  }

  private countTimes(batch: EventBatch, row: number): void {
    if (batch.code[row] === TimeCode.noVenueTime && isMarket(batch.kind[row])) return;
    const counters = this.counters;
    const exchange = batch.exchangeTime[row] + this.shift;
    if (Number.isNaN(counters.lastExchange)) counters.firstExchange = exchange;
    counters.lastExchange = exchange;
  }

  private reportOrder(batch: EventBatch, row: number, code: number): void {
    this.counters.unknownOrders++;
    this.onDerived?.({
      kind: EventKind.unknownOrder,
      batch,
      row,
      code,
      price: batch.price[row],
      size: batch.size[row],
      ref: batch.ref[row],
    });
  }
}
