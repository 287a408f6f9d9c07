/**
 * What a view needs to know of a market before its first frame: where the head starts, the price step, a window that
 * shows it well. Reads only the segment in which the head starts (a few more when that has no two-sided book).
 */
import type { ViewInfo, ViewWindow } from '../../../core/contract/index.ts';
import { EventKind, Side } from '../../../core/model/index.ts';
import { countUpTo } from '../../../core/replay/index.ts';
import { commonStep, suggestScale } from '../../../core/view/index.ts';
import { BookCursor } from './book-cursor.ts';
import type { Segment } from './segment.ts';
import type { Timeline } from './timeline.ts';

const START_FRACTION = 0.1;
const SEGMENTS_SEARCHED = 4;
const PLACES_TRIED = 256;
const PRICES_LOOKED_AT = 20_000;

/** A view's start, beside what its opener is told. */
export interface ViewFacts {
  readonly info: ViewInfo;
  readonly headNs: bigint;
  readonly centreUnits: number;
}

/**
 * Resolves with the facts of a timeline. The head starts when a tenth of the session has passed, or, when the book has
 * only one side then, about where it first has two.
 */
export async function viewFacts(viewId: string, timeline: Timeline): Promise<ViewFacts> {
  const { head, segment, cursor } = await startingPlace(timeline);
  const bestBidUnits = cursor.book.best(Side.bid);
  const bestAskUnits = cursor.book.best(Side.ask);
  const { low, high } = tradedRange(segment, head);
  const stepUnits = timeline.instrument.tickUnits ?? observedStep(segment);
  const scale = suggestScale({
    spanNs: timeline.endOffset + 1,
    stepUnits,
    bestBidUnits,
    bestAskUnits,
    lowTradedUnits: low,
    highTradedUnits: high,
  });
  const suggested: ViewWindow = { endNs: null, lowUnits: null, ...scale };
  const known = [bestBidUnits, bestAskUnits, low, high].filter((price) => price > 0);
  return {
    info: {
      viewId,
      sessionId: timeline.sessionId,
      instrument: timeline.instrument,
      fromNs: timeline.originNs.toString(),
      toNs: (timeline.originNs + BigInt(timeline.endOffset)).toString(),
      stepUnits,
      suggested,
    },
    headNs: timeline.originNs + BigInt(head),
    centreUnits: known.length === 0 ? 0 : known.reduce((sum, price) => sum + price, 0) / known.length,
  };
}

async function startingPlace(timeline: Timeline): Promise<{ head: number; segment: Segment; cursor: BookCursor }> {
  const tenth = Math.floor(timeline.endOffset * START_FRACTION);
  const home = timeline.segmentOf(tenth);
  for (let k = home; k < home + SEGMENTS_SEARCHED && k * timeline.segmentNs <= timeline.endOffset; k++) {
    const from = Math.max(tenth, k * timeline.segmentNs);
    const to = Math.min((k + 1) * timeline.segmentNs - 1, timeline.endOffset);
    const run = await timeline.ensure(from, from);
    const segment = run.get(k);
    if (!segment) break;
    const cursor = new BookCursor(timeline);
    for (let i = 0; i <= PLACES_TRIED; i++) {
      const head = Math.floor(from + ((to - from) * i) / PLACES_TRIED);
      cursor.moveTo(head, run);
      if (cursor.book.best(Side.bid) > 0 && cursor.book.best(Side.ask) > 0) return { head, segment, cursor };
    }
  }
  const run = await timeline.ensure(tenth, tenth);
  const cursor = new BookCursor(timeline);
  cursor.moveTo(tenth, run);
  const segment = run.get(home) ?? [...run.values()][0];
  return { head: tenth, segment, cursor };
}

function tradedRange(segment: Segment, head: number): { low: number; high: number } {
  const { time, price } = segment.trades;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0, end = countUpTo(time, time.length, head); i < end; i++) {
    if (price[i] < low) low = price[i];
    if (price[i] > high) high = price[i];
  }
  return low <= high ? { low, high } : { low: Number.NaN, high: Number.NaN };
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
