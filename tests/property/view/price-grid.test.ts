import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Side } from '../../../core/model/index.ts';
import {
  binFromPrice,
  type DepthReader,
  HeatSampler,
  isNearCentre,
  joinTrades,
  lowUnitsCentredOn,
  offsetFromRow,
  priceFromBin,
  rowFromTimeNs,
} from '../../../core/view/index.ts';

const price = fc.integer({ min: 1, max: 10 ** 12 });
const binUnits = fc.integer({ min: 1, max: 10 ** 7 });
const bins = fc.integer({ min: 1, max: 2048 });

describe('the rounding rule', () => {
  it('puts a bid at the edge at or below it and an ask at the edge at or above it, less than a bin away', () => {
    fc.assert(
      fc.property(price, price, binUnits, (lowUnits, priceUnits, bin) => {
        const grid = { lowUnits, binUnits: bin, bins: 100 };
        const bid = priceFromBin(grid, binFromPrice(grid, priceUnits, Side.bid));
        const ask = priceFromBin(grid, binFromPrice(grid, priceUnits, Side.ask));
        expect(bid).toBeLessThanOrEqual(priceUnits);
        expect(priceUnits - bid).toBeLessThan(bin);
        expect(ask).toBeGreaterThanOrEqual(priceUnits);
        expect(ask - priceUnits).toBeLessThan(bin);
      }),
    );
  });

  it('never joins the sides of a book that is not crossed', () => {
    fc.assert(
      fc.property(price, fc.integer({ min: 1, max: 10 ** 6 }), binUnits, price, (bid, spread, bin, lowUnits) => {
        const grid = { lowUnits, binUnits: bin, bins: 100 };
        expect(binFromPrice(grid, bid, Side.bid)).toBeLessThan(binFromPrice(grid, bid + spread, Side.ask));
      }),
    );
  });

  it('centres on whole bins, so that the price is near the centre', () => {
    fc.assert(
      fc.property(price, binUnits, fc.integer({ min: 5, max: 2048 }), (priceUnits, bin, count) => {
        const lowUnits = lowUnitsCentredOn(priceUnits, bin, count);
        expect(Math.abs(lowUnits % bin)).toBe(0);
        expect(binFromPrice({ lowUnits, binUnits: bin, bins: count }, priceUnits, Side.bid)).toBe(Math.floor(count / 2));
        expect(isNearCentre({ lowUnits, binUnits: bin, bins: count }, priceUnits)).toBe(true);
      }),
    );
  });
});

describe('rows of time', () => {
  it('contain their time', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 18n), max: 2n * 10n ** 18n }),
        fc.integer({ min: 10 ** 6, max: 3.6e12 }),
        (timeNs, bucketNs) => {
          const row = rowFromTimeNs(timeNs, bucketNs);
          const start = offsetFromRow(row, bucketNs, timeNs);
          expect(start).toBeLessThanOrEqual(0);
          expect(start + bucketNs).toBeGreaterThan(0);
        },
      ),
    );
  });
});

const levels = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 10 ** 9 })), {
  maxLength: 900,
  selector: ([p]) => p,
});

function readerOf(bids: [number, number][], asks: [number, number][]): DepthReader {
  const sorted = { 1: [...bids].sort((a, b) => b[0] - a[0]), 2: [...asks].sort((a, b) => a[0] - b[0]) };
  return {
    best: (side) => sorted[side][0]?.[0] ?? Number.NaN,
    copyLevels: (side, max, out) => {
      const some = sorted[side].slice(0, max);
      out.set(some.flat());
      return some.length;
    },
  };
}

describe('a sampled row', () => {
  it('holds the exact size of every level inside the grid, wherever the grid lies', () => {
    fc.assert(
      fc.property(
        levels,
        levels,
        fc.integer({ min: -500, max: 6000 }),
        fc.integer({ min: 1, max: 40 }),
        bins,
        (bids, asks, lowUnits, bin, count) => {
          // A book that is not crossed: asks lie above the bids.
          const lifted = asks.map(([p, s]): [number, number] => [p + 5001, s]);
          const grid = { lowUnits: lowUnits * 2, binUnits: bin, bins: count };
          const row = new Float32Array(count + 2).fill(7);
          new HeatSampler(grid).sample(readerOf(bids, lifted), row, 1);
          const expected = new Float64Array(count);
          for (const [p, s] of bids) add(expected, binFromPrice(grid, p, Side.bid), -s);
          for (const [p, s] of lifted) add(expected, binFromPrice(grid, p, Side.ask), s);
          expect([...row.subarray(1, count + 1)]).toEqual([...Float32Array.from(expected)].map((cell) => cell || 0));
          expect([row[0], row[count + 1]]).toEqual([7, 7]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('joined trades', () => {
  it('keep the exact size per bucket and side', () => {
    const trade = fc.tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 100, max: 140 }),
      fc.integer({ min: 1, max: 10 ** 12 }),
      fc.constantFrom(0, 1, 2, 3),
    );
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 300 }), (trades) => {
        trades.sort((a, b) => a[0] - b[0]);
        const joined = joinTrades(Float64Array.from(trades.flat()), { lowUnits: 100, binUnits: 10, bins: 4 }, 1000);
        expect(totals(joined)).toEqual(totals(Float64Array.from(trades.flat())));
        expect(joined.length / 4).toBeLessThanOrEqual(10 * 5 * 4);
      }),
    );
  });
});

function add(row: Float64Array, bin: number, size: number): void {
  if (bin >= 0 && bin < row.length) row[bin] += size;
}

function totals(quads: Float64Array): Record<string, number> {
  const sums: Record<string, number> = {};
  for (let at = 0; at < quads.length; at += 4) {
    const key = `${Math.floor(quads[at] / 1000)}/${quads[at + 3]}`;
    sums[key] = (sums[key] ?? 0) + quads[at + 2];
  }
  return Object.fromEntries(Object.entries(sums).sort());
}
