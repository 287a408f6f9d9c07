/**
 * Chooses a first window in which a market is seen well: about ten minutes (or the whole session when it is shorter) in
 * 600 to 800 buckets, and a price range around the touch that covers what was traded, in bins most of which hold
 * something. Must not know how facts were found.
 */
import { binFromPrice, lowUnitsCentredOn } from './price-grid.ts';

const MOST_ROWS = 800;
/** Sessions up to this length are shown whole; of longer ones the last ten minutes are. */
const WHOLE_NS = 800e9;
const SPAN_NS = 600e9;
const SHORTEST_BUCKET_NS = 10e6;
const SECOND_NS = 1e9;
const BUCKET_STEPS = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
const MOST_BINS = 400;
const LEAST_BINS = 120;
/** Share of the bins in the traded range that are to hold something. */
const FILLED = 0.8;
/** What is shown beyond the traded range, and looked at beyond it, as a share of it. */
const MARGIN = 0.1;

/** What is known of the market in the first window. @units prices in price units, NaN when unknown */
export interface MarketFacts {
  readonly stepUnits: number;
  readonly bestBidUnits: number;
  readonly bestAskUnits: number;
  readonly lowTradedUnits: number;
  readonly highTradedUnits: number;
  /** Prices of the levels of the book at the head, any order. */
  readonly levelUnits: Float64Array;
}

/** Returns bucket and rows of a first window: rows × bucket is the whole of a short session, ten minutes of a longer one. */
export function suggestTime(sessionNs: number): { bucketNs: number; rows: number } {
  if (sessionNs > WHOLE_NS) return { bucketNs: SECOND_NS, rows: SPAN_NS / SECOND_NS };
  for (let decade = SHORTEST_BUCKET_NS; ; decade *= 10) {
    for (const step of BUCKET_STEPS) {
      const rows = Math.ceil(sessionNs / (step * decade));
      if (rows <= MOST_ROWS) return { bucketNs: step * decade, rows: Math.max(rows, 1) };
    }
  }
}

/** Returns bin and bin count of a first window that is centred on the touch. */
export function suggestPrices(facts: MarketFacts): { binUnits: number; bins: number } {
  const range = rangeUnits(facts);
  let binUnits = niceBin(facts.stepUnits, range / MOST_BINS);
  for (;;) {
    const coarser = niceBin(facts.stepUnits, binUnits * 1.01);
    if (range / coarser < LEAST_BINS || filledShare(facts, binUnits) >= FILLED) break;
    binUnits = coarser;
  }
  return { binUnits, bins: Math.max(LEAST_BINS, Math.ceil(range / binUnits)) };
}

/** Returns the middle of the touch, else of what is known, 0 when nothing is. @units price units */
export function marketCentre(facts: Pick<MarketFacts, 'bestBidUnits' | 'bestAskUnits' | 'lowTradedUnits' | 'highTradedUnits'>): number {
  const middleOf = (prices: readonly number[]): number => {
    const known = prices.filter((price) => price > 0 && Number.isFinite(price));
    return known.length === 0 ? 0 : known.reduce((sum, price) => sum + price, 0) / known.length;
  };
  const touch = [facts.bestBidUnits, facts.bestAskUnits];
  return middleOf(touch) || middleOf([facts.lowTradedUnits, facts.highTradedUnits]);
}

function rangeUnits(facts: MarketFacts): number {
  const { bestBidUnits: bid, bestAskUnits: ask, lowTradedUnits: low, highTradedUnits: high } = facts;
  const mid = marketCentre(facts);
  const reach = high >= low ? Math.max(high - mid, mid - low) : 0;
  const spread = ask > bid ? ask - bid : 0;
  // Forty spreads show the near book of a liquid market; in an empty one that would be absurd, so three must do.
  const near = Math.min(40 * spread, Math.max(0.02 * mid, 3 * spread));
  return Math.max(2 * reach * (1 + MARGIN), near, 0.0015 * mid);
}

/** Returns the share of bins in the traded range (all of the range shown when nothing was traded) that hold a level. */
function filledShare(facts: MarketFacts, binUnits: number): number {
  const { lowTradedUnits: low, highTradedUnits: high } = facts;
  const mid = marketCentre(facts);
  const traded = high > low;
  const reach = traded ? (high - low) * (0.5 + MARGIN) : rangeUnits(facts) / 2;
  const bins = Math.max(1, Math.ceil((2 * reach) / binUnits));
  const lowUnits = lowUnitsCentredOn(traded ? (low + high) / 2 : mid, binUnits, bins);
  const grid = { lowUnits, binUnits, bins };
  const filled = new Set<number>();
  for (const price of facts.levelUnits) {
    const bin = binFromPrice(grid, price, 0);
    if (bin >= 0 && bin < bins) filled.add(bin);
  }
  return filled.size / bins;
}

/** Returns the smallest 1, 2 or 5 × 10^n steps that are at least `binUnits`. */
function niceBin(stepUnits: number, binUnits: number): number {
  for (let decade = 1; ; decade *= 10) {
    for (const factor of [1, 2, 5]) {
      const nice = stepUnits * factor * decade;
      if (nice >= binUnits) return nice;
    }
  }
}

/** Returns the greatest common step of prices: the finest grid that all of them lie on. @units price units */
export function commonStep(stepUnits: number, priceUnits: number): number {
  let a = stepUnits;
  let b = Math.abs(priceUnits);
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
