/**
 * The book of one instrument as others see it, and the entry that BookSet keeps for it: depth, trust, last trade and
 * last complete touch. Must not know rows, batches or reports.
 */
import { BookState, Side, type Instrument } from '../model/index.ts';
import { LevelBook } from './level-book.ts';
import { OrderBook } from './order-book.ts';
import { QuoteBook } from './quote-book.ts';

/**
 * One instrument's book, whatever its kind (levels, orders, quotes).
 * @units prices in price units, sizes in size units; sides are model Side bid and ask
 */
export interface InstrumentBook {
  readonly instrument: Instrument;
  readonly state: BookState;
  /** True when best bid ≥ best ask at the end of the last complete event. */
  readonly crossed: boolean;
  /** Price of the last trade, NaN when none yet. */
  readonly lastTradeUnits: number;
  /** Aggressor (Side) of the last trade, Side.none when none yet. */
  readonly lastTradeSide: number;
  /** Returns the best price of a side, NaN when it is empty. */
  best(side: number): number;
  /** Returns the resting size at a price, 0 when there is none. */
  sizeAt(side: number, priceUnits: number): number;
  /** Returns the number of levels of a side. */
  levelCount(side: number): number;
  /** Writes up to `max` pairs (price, size), best first, from out[at]; returns the pairs written. */
  copyLevels(side: number, max: number, out: Float64Array, at?: number): number;
  /** Writes up to `max` pairs (order id, size) of a level, first in time first; returns the pairs, 0 without an order book. */
  copyOrders(side: number, priceUnits: number, max: number, out: Float64Array): number;
}

/** Scratch of completeEvent: doubles that pass between functions as numbers may be boxed, in an array they never are. */
const TOUCH = new Float64Array(2);

/** BookSet's own record of an instrument; outside it, use InstrumentBook. */
export class BookEntry implements InstrumentBook {
  readonly instrument: Instrument;
  readonly levels: LevelBook | null;
  readonly orders: OrderBook | null;
  /** The book of a quotes instrument; beside the book, the last quote of the others. */
  readonly quotes: QuoteBook;
  state: BookState = BookState.empty;
  crossed = false;
  lastTradeUnits: number = Number.NaN;
  lastTradeSide: number = Side.none;
  /** Touch at the end of the last complete event, NaN when a side was empty. */
  completeBid: number = Number.NaN;
  completeAsk: number = Number.NaN;
  /** The book changed since it was last published. */
  open = false;
  /** Between snapshotBegin and snapshotEnd. */
  inImage = false;
  /** The venue sends images of this book: after a gap it is void until the next one. */
  fromImage = false;
  /** While stale: prices set or removed since the gap, per side. */
  touched: readonly [Set<number>, Set<number>] | null = null;
  events = 0;
  trades = 0;
  levelUpdates = 0;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
    const tick = instrument.tickUnits ?? 0;
    this.levels = instrument.bookKind === 'levels' ? new LevelBook(tick) : null;
    this.orders = instrument.bookKind === 'orders' ? new OrderBook(tick) : null;
    this.quotes = new QuoteBook();
  }

  best(side: number): number {
    return (this.levels ?? this.orders ?? this.quotes).best(side);
  }

  sizeAt(side: number, priceUnits: number): number {
    return (this.levels ?? this.orders ?? this.quotes).sizeAt(side, priceUnits);
  }

  levelCount(side: number): number {
    return (this.levels ?? this.orders ?? this.quotes).levelCount(side);
  }

  copyLevels(side: number, max: number, out: Float64Array, at = 0): number {
    return (this.levels ?? this.orders ?? this.quotes).copyLevels(side, max, out, at);
  }

  copyOrders(side: number, priceUnits: number, max: number, out: Float64Array): number {
    return this.orders === null ? 0 : this.orders.copyOrders(side, priceUnits, max, out);
  }

  /** Empties the book; what is known of trades stays. */
  clear(): void {
    (this.levels ?? this.orders ?? this.quotes).clear();
  }

  /** Takes the present touch as that of the last complete event. */
  completeEvent(): void {
    (this.levels ?? this.orders ?? this.quotes).readTouch(TOUCH);
    this.completeBid = TOUCH[0];
    this.completeAsk = TOUCH[1];
  }

  /** Notes that a price was set or removed; only while the book is stale. */
  touch(side: number, priceUnits: number): void {
    if (this.touched !== null && (side === Side.bid || side === Side.ask)) this.touched[side - 1].add(priceUnits);
  }

  /**
   * Returns true when the touch of both sides is known again after a gap: its price was set since, or, for an empty
   * side, something on it was removed since.
   */
  touchConfirmed(): boolean {
    if (this.touched === null) return true;
    const [bids, asks] = this.touched;
    const bid = this.best(Side.bid);
    const ask = this.best(Side.ask);
    return (Number.isNaN(bid) ? bids.size > 0 : bids.has(bid)) && (Number.isNaN(ask) ? asks.size > 0 : asks.has(ask));
  }
}
