/** LevelBook against a plain Map, over grids, jumps, far levels and huge prices. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LevelBook } from '../../../core/book/index.ts';

interface Update {
  side: number;
  price: number;
  size: number;
}

class MapBook {
  readonly sides = [new Map<number, number>(), new Map<number, number>()];
  set({ side, price, size }: Update): number {
    const map = this.sides[side - 1];
    const had = map.has(price) ? 1 : 0;
    if (size === 0) map.delete(price);
    else map.set(price, size);
    return had;
  }
  sorted(side: number): number[] {
    return [...this.sides[side - 1]].sort((a, b) => (side === 1 ? b[0] - a[0] : a[0] - b[0])).flat();
  }
}

function check(book: LevelBook, model: MapBook): void {
  for (const side of [1, 2]) {
    const expected = model.sorted(side);
    const out = new Float64Array(expected.length + 4);
    expect(book.levelCount(side)).toBe(expected.length / 2);
    expect(book.copyLevels(side, Number.MAX_SAFE_INTEGER, out)).toBe(expected.length / 2);
    expect([...out.subarray(0, expected.length)]).toEqual(expected);
    expect(book.best(side)).toBe(expected.length === 0 ? Number.NaN : expected[0]);
    const top = new Float64Array(6);
    const n = book.copyLevels(side, 3, top);
    expect([...top.subarray(0, 2 * n)]).toEqual(expected.slice(0, 6));
  }
}

function replay(tick: number, updates: readonly Update[], checkEvery: number): void {
  const book = new LevelBook(tick);
  const model = new MapBook();
  updates.forEach((update, i) => {
    expect(book.set(update.side, update.price, update.size)).toBe(model.set(update));
    expect(book.sizeAt(update.side, update.price)).toBe(update.size);
    if (i % checkEvery === 0) check(book, model);
  });
  check(book, model);
  book.clear();
  check(book, new MapBook());
}

/** Deterministic walk: many updates from one seed, as fast-check would need too long to build them one by one. */
function walk(seed: number, n: number, options: { unit: number; start: number; spread: number; jump: number; fine: number }): Update[] {
  let state = seed >>> 0;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
  const updates: Update[] = [];
  let middle = options.start;
  for (let i = 0; i < n; i++) {
    if (random(50) === 0) middle += (random(7) - 3) * options.unit;
    if (random(1000) === 0) middle += (random(2) === 0 ? 1 : -1) * options.jump * options.unit;
    const side = 1 + random(2);
    const away = random(10) === 0 ? random(options.spread * 40) : random(options.spread);
    let price = middle + (side === 1 ? -1 : 1) * away * options.unit;
    if (options.fine > 0 && random(options.fine) === 0) price += random(options.unit);
    updates.push({ side, price, size: random(5) < 2 ? 0 : 1 + random(1000) });
  }
  return updates;
}

describe('LevelBook', { timeout: 60_000 }, () => {
  it('agrees with a Map on small random books', () => {
    const update = fc.record({
      side: fc.constantFrom(1, 2),
      price: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9_999_990_000 }), fc.constant(6_000_000_000_000_000)),
      size: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e12 })),
    });
    fc.assert(
      fc.property(fc.constantFrom(0, 1), fc.array(update, { maxLength: 200 }), (tick, updates) => replay(tick, updates, 17)),
      { numRuns: 60 },
    );
  });

  it('agrees with a Map through windows, jumps and far levels', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0, 1), fc.constantFrom(60, 400), fc.constantFrom(50, 30_000), (seed, tick, spread, jump) =>
        replay(tick, walk(seed, 12_000, { unit: 1, start: 1e9, spread, jump, fine: 0 }), 997),
      ),
      { numRuns: 8 },
    );
  });

  it('stays exact when prices prove the grid finer, on prices beyond 2^31', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0, 1_000_000), (seed, tick) =>
        replay(tick, walk(seed, 8000, { unit: 1_000_000, start: 6_173_763_000_000, spread: 200, jump: 500, fine: 2000 }), 499),
      ),
      { numRuns: 8 },
    );
  });

  it('keeps an ask at 999,999 with tick 0.0001 beside a dense book', () => {
    const updates = walk(7, 6000, { unit: 1, start: 120_000, spread: 300, jump: 100, fine: 0 });
    updates.unshift({ side: 2, price: 9_999_990_000, size: 5 }, { side: 1, price: 1, size: 3 });
    replay(1, updates, 251);
  });

  it('takes a removal before the first level', () => {
    const book = new LevelBook(1);
    expect(book.set(1, 100, 0)).toBe(0);
    expect(book.best(1)).toBeNaN();
    expect(book.levelCount(1)).toBe(0);
  });
});
