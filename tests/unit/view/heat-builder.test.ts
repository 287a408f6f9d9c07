import { describe, expect, it } from 'vitest';
import { Side } from '../../../core/model/index.ts';
import {
  commonStep,
  type DepthReader,
  HeatBuilder,
  HeatSampler,
  marketCentre,
  suggestPrices,
  suggestTime,
  TradeDots,
} from '../../../core/view/index.ts';

const GRID = { lowUnits: 100, binUnits: 10, bins: 4 };

function reader(bids: number[], asks: number[]): DepthReader {
  const of = (side: 1 | 2): number[] => (side === Side.bid ? bids : asks);
  return {
    best: (side) => of(side)[0] ?? Number.NaN,
    copyLevels: (side, max, out) => {
      const pairs = of(side).slice(0, 2 * max);
      out.set(pairs);
      return pairs.length / 2;
    },
  };
}

describe('HeatBuilder', () => {
  it('carries the book over buckets without a change, and never over a blank', () => {
    const builder = new HeatBuilder(GRID, 5);
    builder.addBook(reader([115, 7], [125, 9]), true, 0);
    builder.addBook(reader([], []), false, 4);
    builder.addBlank(1);
    builder.addBook(reader([105, 2], []), false, 0);
    const { rows, heat, touch, rowFlags } = builder.columns();
    expect(rows).toBe(4);
    expect([...heat]).toEqual([0, -7, 0, 9, 0, -7, 0, 9, 0, 0, 0, 0, -2, 0, 0, 0]);
    expect([...touch]).toEqual([115, 125, 115, 125, Number.NaN, Number.NaN, 105, Number.NaN]);
    expect([...rowFlags]).toEqual([0, 4, 1, 0]);
  });

  it('sums buys and sells, and leaves trades without a side out', () => {
    const builder = new HeatBuilder(GRID, 1);
    builder.addBlank(0);
    builder.addVolume(0, Side.bid, 5);
    builder.addVolume(0, Side.ask, 3);
    builder.addVolume(0, Side.bid, 2);
    builder.addVolume(0, Side.unknown, 100);
    expect([...builder.columns().volume]).toEqual([7, 3]);
  });

  it('refuses more rows than announced', () => {
    const builder = new HeatBuilder(GRID, 1);
    builder.addBlank(0);
    expect(() => builder.addBlank(0)).toThrow(/more heat rows/);
  });
});

describe('HeatSampler', () => {
  it('shows the larger side where a crossed book has both in one bin', () => {
    const row = new Float32Array(4);
    new HeatSampler(GRID).sample(reader([120, 5], [120, 8]), row, 0);
    expect([...row]).toEqual([0, 0, 8, 0]);
    new HeatSampler(GRID).sample(reader([120, 9], [120, 8]), row, 0);
    expect([...row]).toEqual([0, 0, -9, 0]);
  });
});

describe('TradeDots', () => {
  it('keeps every trade up to the limit and joins beyond it', () => {
    const dots = new TradeDots();
    for (let i = 0; i < 100; i++) dots.add(i * 10, 101 + (i % 3), 2 ** i % 1000, i % 2 === 0 ? Side.bid : Side.ask);
    expect(dots.dots(GRID, 500, 100)).toHaveLength(400);
    const joined = dots.dots(GRID, 500, 99);
    expect(joined).toHaveLength(4 * 4);
    expect([joined[0], joined[3], joined[4], joined[7]]).toEqual([0, Side.bid, 10, Side.ask]);
  });
});

describe('the suggested time', () => {
  it('is ten minutes of a long session', () => {
    const { bucketNs, rows } = suggestTime(86_400e9);
    expect([bucketNs, bucketNs * rows]).toEqual([1e9, 600e9]);
  });

  it.each([8, 9.9, 12.6, 20, 31, 47, 64, 100, 180, 346, 481, 600, 700, 800])('is the whole of a session of %d s', (seconds) => {
    const { bucketNs, rows } = suggestTime(seconds * 1e9);
    expect(Number.isInteger(bucketNs)).toBe(true);
    expect(rows).toBeGreaterThanOrEqual(600);
    expect(rows).toBeLessThanOrEqual(800);
    expect(bucketNs * rows).toBeGreaterThanOrEqual(seconds * 1e9);
    expect(bucketNs * rows).toBeLessThanOrEqual(seconds * 1.02e9);
  });

  it('has an answer for a session of one moment', () => {
    expect(suggestTime(1)).toEqual({ bucketNs: 10e6, rows: 1 });
  });
});

describe('the suggested prices', () => {
  const STEP = 1_000_000;
  const touch = { bestBidUnits: 61_700_00000000, bestAskUnits: 61_700_01000000 };
  const none = { bestBidUnits: Number.NaN, bestAskUnits: Number.NaN, lowTradedUnits: Number.NaN, highTradedUnits: Number.NaN };
  const facts = {
    stepUnits: STEP,
    ...touch,
    lowTradedUnits: 61_690_00000000,
    highTradedUnits: 61_790_00000000,
    levelUnits: new Float64Array(0),
  };
  /** Levels every `every` units, 600 USD around the touch. */
  const levels = (every: number): Float64Array =>
    Float64Array.from({ length: Math.floor(600_00000000 / every) }, (_, i) => 61_400_00000000 + i * every);

  it('reach from the touch to the farthest trade on both sides, and a little further', () => {
    const { binUnits, bins } = suggestPrices({ ...facts, levelUnits: levels(STEP) });
    expect((binUnits * bins) / 2).toBeGreaterThanOrEqual(1.05 * 90_00000000);
    expect(binUnits * bins).toBeLessThanOrEqual(3 * 90_00000000);
    expect(binUnits % STEP).toBe(0);
  });

  it('come in finer bins for a dense book and in coarser ones for a sparse book', () => {
    const dense = suggestPrices({ ...facts, levelUnits: levels(10 * STEP) });
    const sparse = suggestPrices({ ...facts, levelUnits: levels(100 * STEP) });
    expect(dense).toMatchObject({ binUnits: 50 * STEP });
    expect(sparse).toMatchObject({ binUnits: 100 * STEP });
    expect(sparse.bins).toBeGreaterThanOrEqual(120);
  });

  it('keep 120 bins even where hardly any holds a level', () => {
    const { bins } = suggestPrices({ ...facts, levelUnits: levels(5000 * STEP) });
    expect(bins).toBeGreaterThanOrEqual(120);
  });

  it('have an answer when nothing is known', () => {
    const unknown = { ...none, stepUnits: 100, levelUnits: new Float64Array(0) };
    expect(suggestPrices(unknown)).toEqual({ binUnits: 100, bins: 120 });
    expect(marketCentre(unknown)).toBe(0);
    const empty = { lowTradedUnits: Number.POSITIVE_INFINITY, highTradedUnits: Number.NEGATIVE_INFINITY };
    expect(suggestPrices({ ...unknown, ...empty })).toEqual({ binUnits: 100, bins: 120 });
  });

  it('are not misled by a spread as wide as the market', () => {
    const { binUnits, bins } = suggestPrices({
      ...none,
      stepUnits: 100,
      bestBidUnits: 100,
      bestAskUnits: 1_999_999_900,
      levelUnits: Float64Array.of(100, 1_999_999_900),
    });
    expect(binUnits * bins).toBeLessThan(20 * 1_999_999_900);
  });

  it('are centred on the touch, else on what was traded', () => {
    expect(marketCentre(facts)).toBe((touch.bestBidUnits + touch.bestAskUnits) / 2);
    expect(marketCentre({ ...none, lowTradedUnits: 10, highTradedUnits: 30 })).toBe(20);
    expect(marketCentre({ ...none, bestAskUnits: 7 })).toBe(7);
  });
});

describe('commonStep', () => {
  it('is the finest grid that the prices lie on', () => {
    expect([150, 175, 200].reduce(commonStep, 0)).toBe(25);
    expect(commonStep(0, 0)).toBe(0);
  });
});
