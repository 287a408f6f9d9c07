import { describe, expect, it } from 'vitest';
import { Side } from '../../../core/model/index.ts';
import { commonStep, type DepthReader, HeatBuilder, HeatSampler, suggestScale, TradeDots } from '../../../core/view/index.ts';

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

describe('the suggested scale', () => {
  const facts = {
    spanNs: 650e9,
    stepUnits: 1_000_000,
    bestBidUnits: 61_700_00000000,
    bestAskUnits: 61_700_01000000,
    lowTradedUnits: 61_690_00000000,
    highTradedUnits: 61_740_00000000,
  };

  it('shows ten minutes of a busy market and twice its traded range', () => {
    const { bucketNs, rows, binUnits, bins } = suggestScale(facts);
    expect(bucketNs * rows).toBe(600e9);
    expect(binUnits * bins).toBeGreaterThanOrEqual(2 * 50_00000000);
    expect(binUnits * bins).toBeLessThanOrEqual(10 * 50_00000000);
    expect(binUnits % facts.stepUnits).toBe(0);
  });

  it('shows the whole of a short session', () => {
    const { bucketNs, rows } = suggestScale({ ...facts, spanNs: 40e9 });
    expect(bucketNs * rows).toBeGreaterThanOrEqual(40e9);
    expect(bucketNs).toBe(100e6);
  });

  it('has an answer when nothing is known', () => {
    const none = Number.NaN;
    expect(
      suggestScale({ spanNs: 1, stepUnits: 100, bestBidUnits: none, bestAskUnits: none, lowTradedUnits: none, highTradedUnits: none }),
    ).toMatchObject({ binUnits: 100 });
  });

  it('is not misled by a spread as wide as the market', () => {
    const { binUnits, bins } = suggestScale({
      ...facts,
      stepUnits: 100,
      bestBidUnits: 100,
      bestAskUnits: 1_999_999_900,
      lowTradedUnits: Number.NaN,
      highTradedUnits: Number.NaN,
    });
    expect(binUnits * bins).toBeLessThan(20 * 1_999_999_900);
  });
});

describe('commonStep', () => {
  it('is the finest grid that the prices lie on', () => {
    expect([150, 175, 200].reduce(commonStep, 0)).toBe(25);
    expect(commonStep(0, 0)).toBe(0);
  });
});
