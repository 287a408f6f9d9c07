/** What is known of an instrument. Built by mappers and decoders from the venue's own lists; must not be guessed later. */

export type AssetClass = 'crypto' | 'equity' | 'forex' | 'commodity' | 'future' | 'option';

/** levels: L2 deltas; orders: L3 by order id; quotes: only the touch (the "book" is the last quote). */
export type BookKind = 'levels' | 'orders' | 'quotes';

export interface Instrument {
  /** Local id within one session, dense from 0. */
  readonly id: number;
  readonly venue: string;
  /** The venue's own symbol, unchanged. */
  readonly symbol: string;
  /** `BTC/USDT`, `SPY`; null when the recording holds no instrument list to take it from. */
  readonly canonicalSymbol: string | null;
  readonly assetClass: AssetClass;
  /** Decimal digits of a price unit: one unit is 10^-priceScale. */
  readonly priceScale: number;
  readonly sizeScale: number;
  /** Smallest price step in price units; null when the venue's list was not in the recording. */
  readonly tickUnits: number | null;
  /** How the venue writes prices: `fixed` with all priceScale decimals, `canonical` without trailing zeros. Used in book hashes. */
  readonly priceText: 'fixed' | 'canonical';
  readonly bookKind: BookKind;
  /** True for everything that comes from the synthetic market; shown wherever the instrument shows. */
  readonly synthetic: boolean;
}

/**
 * How far a book can be trusted. empty: nothing seen; buffering: waiting for an image; synced: exact; gap: messages are
 * missing and the book is void; stale: messages are missing and the book is the last that was known.
 */
export const BookState = { empty: 0, buffering: 1, synced: 2, gap: 3, stale: 4 } as const;
export type BookState = (typeof BookState)[keyof typeof BookState];
