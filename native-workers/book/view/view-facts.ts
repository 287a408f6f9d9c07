/**
 * What a view needs to know of a market before its first frame: where the head starts, the price step, a window that
 * shows it well. Reads only the rows of that window. Must not know clients or pacing.
 */
import type { ViewInfo, ViewWindow } from '../../../core/contract/index.ts';
import type { InstrumentBook } from '../../../core/book/index.ts';
import { EventKind, Side } from '../../../core/model/index.ts';
import { countUpTo } from '../../../core/replay/index.ts';
import { commonStep, marketCentre, rowFromTimeNs, suggestPrices, suggestTime } from '../../../core/view/index.ts';
import { BookCursor } from './book-cursor.ts';
import { loadRows, type LoadedRows } from './loaded-rows.ts';
import type { Segment } from './segment.ts';
import type { Timeline } from './timeline.ts';

/** A synthetic market starts here, so that it can be seen to move. */
const SYNTHETIC_START = 1 / 3;
/** Rows that the first window is made of at most. */
const MOST_WINDOW_ROWS = 3_000_000;
/** A window whose market begins later than this share of it is shortened to where it begins. */
const MOST_EMPTY = 0.25;
const SHORTEST_NS = 20e9;
const PLACES_TRIED = 64;
const PRICES_LOOKED_AT = 20_000;
const LEVELS_LOOKED_AT = 4000;
/** A touch wider than this share of its price says little of where the market is. */
const NARROW = 0.02;

/** A view's start, beside what its opener is told. */
export interface ViewFacts {
  readonly info: ViewInfo;
  readonly headNs: bigint;
  readonly centreUnits: number;
}

interface Range {
  low: number;
  high: number;
}

/**
 * Resolves with the facts of a timeline. The head starts at the end of a recorded session, so that the first map is
 * full, and at a third of a synthetic one.
 */
export async function viewFacts(viewId: string, timeline: Timeline): Promise<ViewFacts> {
  const { originNs, endOffset, instrument } = timeline;
  const head = instrument.synthetic ? Math.floor(endOffset * SYNTHETIC_START) : endOffset;
  // Of a market too busy for the usual stretch, a shorter one is shown.
  const spanNs = Math.min(head, (MOST_WINDOW_ROWS / Math.max(timeline.rowsIn(0, head), 1)) * head);
  let time = suggestTime(Math.max(Math.floor(spanNs), 1));
  const loaded = await loadWindow(timeline, head, time);
  const from = Math.max(0, head - time.rows * time.bucketNs);
  const { touch, bidUnits, askUnits, begins } = touches(timeline, loaded, { from, head });
  if (begins - from > MOST_EMPTY * (head - from)) time = suggestTime(Math.max(head - begins, Math.min(head, SHORTEST_NS)));
  const traded = tradedRange(loaded, from, head);
  const cursor = new BookCursor(timeline);
  cursor.moveTo(head, loaded.headRun);
  const segment = loaded.headRun.get(timeline.segmentOf(head)) as Segment;
  const seen = traded.low <= traded.high ? traded : touch;
  const range = seen.low <= seen.high ? seen : { low: Number.NaN, high: Number.NaN };
  const stepUnits = instrument.tickUnits ?? observedStep(segment);
  const market = {
    stepUnits,
    bestBidUnits: bidUnits,
    bestAskUnits: askUnits,
    lowTradedUnits: range.low,
    highTradedUnits: range.high,
    levelUnits: levelPrices(cursor.book),
  };
  const suggested: ViewWindow = { endNs: null, lowUnits: null, ...time, ...suggestPrices(market) };
  return {
    info: {
      viewId,
      sessionId: timeline.sessionId,
      instrument,
      fromNs: originNs.toString(),
      toNs: (originNs + BigInt(endOffset)).toString(),
      stepUnits,
      suggested,
    },
    headNs: originNs + BigInt(head),
    centreUnits: marketCentre(market),
  };
}

function loadWindow(timeline: Timeline, head: number, { bucketNs, rows }: { bucketNs: number; rows: number }): Promise<LoadedRows> {
  const last = rowFromTimeNs(timeline.originNs + BigInt(head), bucketNs);
  return loadRows(timeline, { range: { first: last - rows + 1, last }, bucketNs, headOffset: head });
}

/**
 * Returns the range of narrow touches at some places of the window, the last two-sided touch (else the last) seen there,
 * and the last place before the first with a level (`from` when there is none).
 */
function touches(
  timeline: Timeline,
  loaded: LoadedRows,
  { from, head }: { from: number; head: number },
): { touch: Range; bidUnits: number; askUnits: number; begins: number } {
  const touch = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  let [bidUnits, askUnits] = [Number.NaN, Number.NaN];
  let begins = from;
  let empty = true;
  const cursor = new BookCursor(loaded.timeline);
  const headCursor = new BookCursor(timeline);
  for (let i = 0; i <= PLACES_TRIED; i++) {
    const offset = Math.floor(from + ((head - from) * i) / PLACES_TRIED);
    const at = i === PLACES_TRIED ? headCursor : cursor;
    at.moveTo(offset, at === headCursor ? loaded.headRun : loaded.run);
    const bid = at.book.best(Side.bid);
    const ask = at.book.best(Side.ask);
    const twoSided = bid > 0 && ask > 0;
    if (bid > 0 || ask > 0) empty = false;
    if (empty) begins = offset;
    if (twoSided || !(bidUnits > 0 && askUnits > 0)) {
      bidUnits = bid > 0 ? bid : bidUnits;
      askUnits = ask > 0 ? ask : askUnits;
    }
    if (!twoSided || ask - bid > NARROW * bid) continue;
    touch.low = Math.min(touch.low, bid);
    touch.high = Math.max(touch.high, ask);
  }
  return { touch, bidUnits, askUnits, begins: empty ? from : begins };
}

function tradedRange({ run }: LoadedRows, from: number, head: number): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { trades } of run.values()) {
    const { time, price } = trades;
    for (let i = countUpTo(time, time.length, from - 1); i < time.length && time[i] <= head; i++) {
      if (price[i] < low) low = price[i];
      if (price[i] > high) high = price[i];
    }
  }
  return { low, high };
}

function levelPrices(book: InstrumentBook): Float64Array {
  const pairs = new Float64Array(2 * LEVELS_LOOKED_AT);
  const bids = book.copyLevels(Side.bid, LEVELS_LOOKED_AT, pairs);
  const prices = Array.from({ length: bids }, (_, i) => pairs[2 * i]);
  const asks = book.copyLevels(Side.ask, LEVELS_LOOKED_AT, pairs);
  for (let i = 0; i < asks; i++) prices.push(pairs[2 * i]);
  return Float64Array.from(prices);
}

/** Returns the common step of the prices seen first, 1 when there are none. */
function observedStep(segment: Segment): number {
  let step = 0;
  let seen = 0;
  for (const batch of segment.before ? [segment.before, ...segment.batches] : segment.batches) {
    for (let row = 0; row < batch.rows && seen < PRICES_LOOKED_AT; row++) {
      const kind = batch.kind[row];
      const priced = kind === EventKind.level || kind === EventKind.orderAdd || kind === EventKind.quote || kind === EventKind.trade;
      if (!priced || batch.price[row] === 0) continue;
      seen++;
      step = commonStep(step, batch.price[row]);
    }
  }
  return step === 0 ? 1 : step;
}
