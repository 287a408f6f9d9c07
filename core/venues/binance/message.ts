/**
 * One Binance message in the form that the mapper works on. One object is filled again and again, by the byte scanner or by
 * the JSON reader, which must leave the same contents. Must not know books, gates or rows.
 */

/** depthUpdate, depthSnapshot, trade, aggTrade and bookTicker are read whole; `other` is known, counted and not used. */
export type MessageType = 'depthUpdate' | 'depthSnapshot' | 'trade' | 'aggTrade' | 'bookTicker' | 'other';

/** Decimal digits of a price unit: without an instrument list in the recording all eight that the venue writes are kept. */
export const PRICE_SCALE = 8;

/** Prices are in units of 10^-8, sizes of 10^-sizeScale; a field that the message does not carry is 0. */
export class BinanceMessage {
  readonly sizeScale: number;
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

  constructor(sizeScale: number) {
    this.sizeScale = sizeScale;
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
  }

  /** Makes room for `pairs` levels, keeping those there. */
  reserve(pairs: number): void {
    if (pairs * 2 <= this.levels.length) return;
    const grown = new Float64Array(pairs * 4);
    grown.set(this.levels);
    this.levels = grown;
  }
}
