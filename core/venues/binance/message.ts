/**
 * One Binance message in the form that the mapper works on. One object is filled again and again, by the byte scanner or by
 * the JSON reader, which must leave the same contents. Must not know books, gates or rows.
 */
import type { ListedSymbol } from './instrument-list.ts';
import type { Scales, ScaleSource } from './scales.ts';

/** These are read whole, an exchangeInfo into `listed`; `other` is known, counted and not used. */
export type MessageType = 'depthUpdate' | 'depthSnapshot' | 'trade' | 'aggTrade' | 'bookTicker' | 'exchangeInfo' | 'other';

const NONE: readonly ListedSymbol[] = [];

/** Prices and sizes are in units of `scales`; a field that the message does not carry is 0. */
export class BinanceMessage {
  /** The scales at which prices and sizes were read. */
  scales: Scales;
  private readonly scalesOf: ScaleSource;
  private pinned: Scales | null = null;
  type: MessageType = 'other';
  /** Key under which the message is counted. */
  countedAs = '';
  /** Native symbol; empty when the message does not carry one. */
  symbol = '';
  /** `E` as sent, 0 when absent. ms or µs, told apart by size. */
  eventTime = 0;
  /** `T` of a trade: when it was matched. 0 when absent. */
  tradeTime = 0;
  /** U, u and pu of a depth update (pu −1 when absent); the update id of an image or quote in lastId. */
  firstId = 0;
  lastId = 0;
  previousId = -1;
  tradeId = 0;
  price = 0;
  size = 0;
  buyerIsMaker = false;
  bidPrice = 0;
  bidSize = 0;
  askPrice = 0;
  askSize = 0;
  /** Futures trades outside the book (insurance fund, liquidation transfers). */
  outsideBook = false;
  bids = 0;
  asks = 0;
  /** Price and size of each level, bids first: 2 × (bids + asks) numbers. */
  levels = new Float64Array(4_096);
  /** The symbols of an exchangeInfo. */
  listed: readonly ListedSymbol[] = NONE;

  constructor(scalesOf: ScaleSource) {
    this.scalesOf = scalesOf;
    this.scales = scalesOf('');
  }

  /** Sets the symbol and the scales that it has; before any price or size is read. */
  setSymbol(symbol: string): void {
    this.symbol = symbol;
    this.scales = this.pinned ?? this.scalesOf(symbol);
  }

  /** Clears the message, and keeps to these scales until the next reset. */
  pin(scales: Scales): void {
    this.reset();
    this.pinned = scales;
  }

  /** Sets every field to its absent value. */
  reset(): void {
    this.type = 'other';
    this.countedAs = '';
    this.symbol = '';
    this.eventTime = 0;
    this.tradeTime = 0;
    this.firstId = 0;
    this.lastId = 0;
    this.previousId = -1;
    this.tradeId = 0;
    this.price = 0;
    this.size = 0;
    this.buyerIsMaker = false;
    this.bidPrice = 0;
    this.bidSize = 0;
    this.askPrice = 0;
    this.askSize = 0;
    this.outsideBook = false;
    this.bids = 0;
    this.asks = 0;
    this.listed = NONE;
    this.pinned = null;
  }

  /** Makes room for `pairs` levels, keeping those there. */
  reserve(pairs: number): void {
    if (pairs * 2 <= this.levels.length) return;
    const grown = new Float64Array(pairs * 4);
    grown.set(this.levels);
    this.levels = grown;
  }
}
