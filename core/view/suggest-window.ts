/**
 * Chooses a first window in which a market is seen well: about ten minutes (or the whole session when it is shorter) in
 * 600 buckets, and a price range around the touch that covers what was traded. Must not know how facts were found.
 */

const ROWS = 600;
const BINS = 320;
const SPAN_NS = 600e9;
const MS = 1e6;
const BUCKETS_NS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000].map((ms) => ms * MS);

/** What is known of the market near the first head. @units prices in price units, NaN when unknown */
export interface MarketFacts {
  readonly spanNs: number;
  readonly stepUnits: number;
  readonly bestBidUnits: number;
  readonly bestAskUnits: number;
  readonly lowTradedUnits: number;
  readonly highTradedUnits: number;
}

/** Returns bucket, row, bin and bin count of a first window. */
export function suggestScale(facts: MarketFacts): { bucketNs: number; rows: number; binUnits: number; bins: number } {
  const wanted = Math.min(facts.spanNs, SPAN_NS);
  const bucketNs = BUCKETS_NS.find((bucket) => bucket * ROWS >= wanted) ?? 1000 * MS;
  return { bucketNs, rows: ROWS, binUnits: niceBin(facts.stepUnits, rangeUnits(facts) / BINS), bins: BINS };
}

function rangeUnits(facts: MarketFacts): number {
  const { bestBidUnits: bid, bestAskUnits: ask, lowTradedUnits: low, highTradedUnits: high } = facts;
  const traded = high >= low ? high - low : 0;
  const known = [bid, ask, low, high].filter((price) => price > 0);
  if (known.length === 0) return 0;
  const mid = known.reduce((sum, price) => sum + price, 0) / known.length;
  const spread = ask > bid ? ask - bid : 0;
  // Forty spreads show the near book of a liquid market; in an empty one that would be absurd, so three must do.
  const near = Math.min(40 * spread, Math.max(0.02 * mid, 3 * spread));
  return Math.max(2.2 * traded, near, 0.0015 * mid);
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
