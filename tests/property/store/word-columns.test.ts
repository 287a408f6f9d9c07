/** The bulk form of 64-bit columns writes what the row form writes, and refuses what it refuses. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  putCountSpan,
  putIntegerSpan,
  putScaledSpan,
  putTimeSpan,
  wordColumn,
  type WordColumn,
} from '../../../native-workers/store/word-columns.ts';
import { integerAt, putInteger, putScaled, putTime, splitBase } from '../../../native-workers/store/words.ts';

const EDGES = [
  0,
  -0,
  1,
  -1,
  2 ** 31,
  2 ** 32,
  2 ** 50 - 1,
  2 ** 50,
  2 ** 51 - 1,
  2 ** 51,
  2 ** 52,
  2 ** 53 - 1,
  2 ** 53,
  1e17,
  1e18,
  2 ** 62,
];
const value = fc.oneof(
  fc.constantFrom(...EDGES, ...EDGES.map((edge) => -edge)),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 100_000 }),
);
const broken = fc.constantFrom(0.5, -0.25, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2 ** 51 - 0.5);
const values = fc.oneof({ weight: 5, arbitrary: fc.array(value, { maxLength: 40 }) }, fc.array(fc.oneof(value, broken), { maxLength: 40 }));
const factor = fc.integer({ min: 0, max: 9 }).map((power) => 10 ** power);
const AT = 3;

/** Compares a bulk put with the row puts it stands for; what comes after a refused value is nobody's. */
function same(found: readonly number[], bulk: (column: WordColumn) => boolean, one: (words: Int32Array, row: number) => boolean): void {
  const column = wordColumn(AT + found.length);
  const expected = new Int32Array(2 * (AT + found.length));
  const accepted = found.every((_, i) => one(expected, AT + i));
  expect(bulk(column)).toBe(accepted);
  if (accepted) expect([...column.words]).toEqual([...expected]);
}

const span = (rows: number): { from: number; rows: number; at: number } => ({ from: 0, rows, at: AT });

describe('columns of 64-bit integers', () => {
  it('hold scaled amounts as rows do', () => {
    fc.assert(
      fc.property(values, factor, (found, by) => {
        same(
          found,
          (column) => putScaledSpan(Float64Array.from(found), by, column, span(found.length)),
          (words, row) => putScaled(found[row - AT], by, words, row),
        );
      }),
    );
  });

  it('hold integers as rows do', () => {
    fc.assert(
      fc.property(values, (found) => {
        same(
          found,
          (column) => putIntegerSpan(Float64Array.from(found), column, span(found.length)),
          (words, row) => putInteger(found[row - AT], words, row),
        );
      }),
    );
  });

  it('hold times as rows do, from any base', () => {
    const base = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 61n }));
    fc.assert(
      fc.property(values, base, (found, baseNs) => {
        const split = splitBase(baseNs);
        same(
          found,
          (column) => putTimeSpan(Float64Array.from(found), split, column, span(found.length)),
          (words, row) => putTime(found[row - AT], split, words, row),
        );
      }),
    );
  });

  it('count on across a word', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 33 }), fc.constantFrom(0, 2 ** 32 - 5, 2 ** 34 - 2), (offset, near) => {
        const first = near === 0 ? offset : near;
        const column = wordColumn(AT + 10);
        putCountSpan(first, column, span(10));
        expect(Array.from({ length: 10 }, (_, i) => integerAt(column.words, AT + i))).toEqual(
          Array.from({ length: 10 }, (_, i) => first + i),
        );
      }),
    );
  });
});
