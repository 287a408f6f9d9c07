/**
 * The vocabulary of normalised events: kinds, sides, flags and codes. The numbers are part of the recording format
 * (docs/recording-format.md); add, never renumber.
 */

/**
 * Kinds of an event row. What the columns hold, per kind (units as in the instrument; absent = 0):
 * - trade: price, size; side = aggressor; sequence = trade id; ref = resting order id where the venue tells it
 * - tradeCancel: as the trade it cancels; sequence = that trade id
 * - level: absolute resting `size` at `price`, 0 removes; side bid/ask; sequence = venue update id
 * - orderAdd: ref = order id, price, size, side; orderModify: ref, new price, new size (flag keepsPriority);
 *   orderDelete: ref; orderExecute: ref, size taken off, price, sequence = trade id (also counts as a trade)
 * - clear: the instrument's book is emptied; instrument ALL_INSTRUMENTS empties every book of the session
 * - snapshotBegin / snapshotEnd: bracket a full book image (begin also clears); sequence = its update id
 * - quote: best price and size of one side; two rows make one quote, the ask row carries eventEnd; price 0 size 0 = none;
 *   ref = the venue's own flag byte where it sends one
 * - boundary: the instrument's open event is over (sent where the venue's own end mark is missing)
 * - status, auction, officialPrice: `code` tells which (StatusCode, AuctionField, OfficialPriceCode)
 * - gap: sequence = first missing, ref = first present again, size = number missing (0 = unknown)
 * - restart: the stream began again within one session; books are cleared by a `clear` row that follows
 * - duplicate: sequence = first repeated, size = messages skipped
 * - disconnect: the connection or file ended and another began; late: dropped as older than the snapshot, size = messages
 * - unparseable: one message that could not be read (bytes kept as a dead letter); code = UnparseableReason
 * - truncated: the file ends inside a record, size = bytes left over
 * - timeStep: receive time stepped back, size = nanoseconds
 * - crossed: derived; the complete book had best bid ≥ best ask; price = bid, ref = ask
 * - unknownOrder: derived; a modify, delete or execute named an order that the book does not have; ref = order id
 */
export const EventKind = {
  trade: 1,
  tradeCancel: 2,
  level: 3,
  orderAdd: 4,
  orderModify: 5,
  orderDelete: 6,
  orderExecute: 7,
  clear: 8,
  snapshotBegin: 9,
  snapshotEnd: 10,
  quote: 11,
  boundary: 12,
  status: 13,
  auction: 14,
  officialPrice: 15,
  gap: 16,
  restart: 17,
  duplicate: 18,
  disconnect: 19,
  late: 20,
  unparseable: 21,
  truncated: 22,
  timeStep: 23,
  crossed: 24,
  unknownOrder: 25,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** Side of a level or order (bid, ask) and aggressor of a trade (buy = bid, sell = ask). */
export const Side = { none: 0, bid: 1, ask: 2, unknown: 3 } as const;
export type Side = (typeof Side)[keyof typeof Side];

/** Bits of the flags column. Bits 8–10 hold how the aggressor side was decided (AggressorMethod). */
export const EventFlag = {
  /** The atomic venue message or event ends with this row: the book may be published. */
  eventEnd: 1 << 0,
  intermarketSweep: 1 << 1,
  extendedHours: 1 << 2,
  oddLot: 1 << 3,
  tradeThroughExempt: 1 << 4,
  singlePriceCross: 1 << 5,
  /** A row of a full book image. */
  snapshot: 1 << 6,
  keepsPriority: 1 << 7,
  /** Made by the book pipeline from other rows; a replay drops it and makes it anew. */
  derived: 1 << 11,
} as const;

export const AGGRESSOR_METHOD_SHIFT = 8;
export const AGGRESSOR_METHOD_MASK = 7 << AGGRESSOR_METHOD_SHIFT;
/** venue: sent by the venue; order: opposite of the named resting order; touch: price against the last complete touch. */
export const AggressorMethod = { undecided: 0, venue: 1, order: 2, touch: 3, cross: 4 } as const;

/** Instrument id of a row that concerns the whole session. */
export const ALL_INSTRUMENTS = 0xffff_ffff;

export const StatusCode = {
  trading: 1,
  halted: 2,
  pausedAcceptingOrders: 3,
  paused: 4,
  operationalHalt: 5,
  operationalHaltCleared: 6,
  shortSaleRestrictionOff: 7,
  shortSaleRestrictionOn: 8,
  retailInterestNone: 9,
  retailInterestBid: 10,
  retailInterestAsk: 11,
  retailInterestBoth: 12,
  startOfMessages: 20,
  startOfSystemHours: 21,
  startOfRegularHours: 22,
  endOfRegularHours: 23,
  endOfSystemHours: 24,
  endOfMessages: 25,
  openingProcessComplete: 30,
  closingProcessComplete: 31,
  securityDirectory: 40,
} as const;

/** One auction message becomes one row per field; side and flags are those of the imbalance. */
export const AuctionField = {
  reference: 1,
  indicativeClearing: 2,
  bookClearing: 3,
  collarReference: 4,
  lowerCollar: 5,
  upperCollar: 6,
  paired: 7,
  imbalance: 8,
  scheduledTime: 9,
} as const;

export const OfficialPriceCode = { opening: 1, closing: 2 } as const;

/** `code` of a trade row: a single fill, or several fills of one taker order at one price told as one. 1 is TimeCode.noVenueTime here too. */
export const TradeCode = { single: 0, aggregate: 2 } as const;

/** `code` of a trade, quote, level, snapshotBegin or snapshotEnd row: `noVenueTime` = the message carries none, exchangeTime repeats receiveTime. */
export const TimeCode = { venueTime: 0, noVenueTime: 1 } as const;

/**
 * `code` of the snapshotBegin and snapshotEnd rows of a keyframe: bit 8 set, bits 0–2 the BookState, bit 3 the venue sends
 * images of this book, bit 4 crossed, bit 5 snapshotEnd holds price and side of the last trade. Written by core/book.
 */
export const KEYFRAME_CODE = 1 << 8;

/** `code` of a late row: messages older than the image, an image that cannot be used, messages that the waiting room had no space for, messages for which no image came. */
export const LateCode = { olderThanImage: 0, unusableImage: 1, overflow: 2, noImage: 3 } as const;

export const UnparseableReason = {
  notJson: 1,
  unknownMessage: 2,
  badField: 3,
  tooShort: 4,
  overrunsSegment: 5,
  unknownVersion: 6,
  badFrame: 7,
  numberOutOfRange: 8,
  noReceiveTime: 9,
} as const;
export type UnparseableReason = (typeof UnparseableReason)[keyof typeof UnparseableReason];

/** Returns the name of a kind as it stands in recordings and exports, `kind-<n>` for an unknown number. */
export function kindName(kind: number): string {
  return KIND_NAMES[kind] ?? `kind-${kind}`;
}
const KIND_NAMES: readonly (string | undefined)[] = Object.entries(EventKind).reduce<string[]>((names, [name, kind]) => {
  names[kind] = name;
  return names;
}, []);
