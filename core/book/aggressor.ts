/**
 * Who was the aggressor of a trade where the venue does not say: decided from the resting order or the last complete
 * touch, and written into the row together with the method. Must not know reports or feeds.
 */
import { AGGRESSOR_METHOD_MASK, AGGRESSOR_METHOD_SHIFT, AggressorMethod, EventFlag, Side, type EventColumns } from '../model/index.ts';
import type { BookEntry } from './instrument-book.ts';

/**
 * Writes side and method of the trade at `row`; a side that the venue sent is left alone. In order: a cross has none; the
 * opposite of the named resting order; at or beyond the last complete best ask a buy, at or beyond the best bid a sell
 * (beyond, because a sweep prints through the touch within one event); else unknown.
 * @source the touch before the event, because the trade precedes the level update it caused
 */
export function inferAggressor(columns: EventColumns, row: number, entry: BookEntry): void {
  const flags = columns.flags[row];
  if ((flags & AGGRESSOR_METHOD_MASK) >>> AGGRESSOR_METHOD_SHIFT === AggressorMethod.venue) return;
  let side: number = Side.unknown;
  let method: number = AggressorMethod.undecided;
  const resting = entry.orders === null || columns.ref[row] === 0 ? Side.none : entry.orders.sideOf(columns.ref[row]);
  if ((flags & EventFlag.singlePriceCross) !== 0) {
    side = Side.none;
    method = AggressorMethod.cross;
  } else if (resting !== Side.none) {
    side = resting === Side.bid ? Side.ask : Side.bid;
    method = AggressorMethod.order;
  } else {
    const price = columns.price[row];
    const atAsk = price >= entry.completeAsk;
    const atBid = price <= entry.completeBid;
    if (atAsk !== atBid) {
      side = atAsk ? Side.bid : Side.ask;
      method = AggressorMethod.touch;
    }
  }
  columns.side[row] = side;
  columns.flags[row] = (flags & ~AGGRESSOR_METHOD_MASK) | (method << AGGRESSOR_METHOD_SHIFT);
}
