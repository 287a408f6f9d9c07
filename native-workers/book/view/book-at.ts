/** The book at one moment as decimal text, for the command line. Must not know views. */
import { DepthscopeError } from '../../../core/contract/index.ts';
import { BookState, Side } from '../../../core/model/index.ts';
import { canonicalFromUnits, fixedFromUnits, isoFromNs } from '../../../core/units/index.ts';
import type { BookCalls } from '../../protocol/index.ts';
import { BookCursor } from './book-cursor.ts';
import type { Timeline } from './timeline.ts';

const STATE_NAMES = new Map<number, string>(Object.entries(BookState).map(([name, state]) => [state, name]));

/** Resolves with the book after the last complete event at or before `timeNs`; after the session's end that is its last book. */
export async function bookAt(timeline: Timeline, timeNs: bigint, depth: number): Promise<BookCalls['book.at']['result']> {
  const offset = Number(timeNs - timeline.originNs);
  if (offset < 0) {
    throw new DepthscopeError(
      'view.before-session',
      `The session begins at ${isoFromNs(timeline.originNs)}, after the time asked for (${isoFromNs(timeNs)}): there is no book yet.`,
    );
  }
  const run = await timeline.ensure(offset, offset);
  const cursor = new BookCursor(timeline);
  cursor.moveTo(offset, run);
  const { book } = cursor;
  const { instrument } = book;
  const priceText = instrument.priceText === 'fixed' ? fixedFromUnits : canonicalFromUnits;
  const levels = (side: 1 | 2): [string, string][] => {
    const pairs = new Float64Array(2 * depth);
    const count = book.copyLevels(side, depth, pairs);
    return Array.from({ length: count }, (_, i) => [
      priceText(pairs[2 * i], instrument.priceScale),
      canonicalFromUnits(pairs[2 * i + 1], instrument.sizeScale),
    ]);
  };
  return {
    timeNs: timeNs.toString(),
    state: STATE_NAMES.get(book.state) ?? `state-${book.state}`,
    bids: levels(Side.bid),
    asks: levels(Side.ask),
  };
}
