/**
 * After warm-up a level update allocates nothing, and an order update at most one boxed id (ids lie beyond the small
 * integers): measured as growth of the heap between collections.
 */
import { describe, expect, it } from 'vitest';
import { BookSet } from '../../../core/book/index.ts';
import { EventFlag, EventKind, type Instrument } from '../../../core/model/index.ts';
import { batchOf, testInstrument, type Row } from '../../fixtures/book-rows.ts';

const ROWS = 20_000;

/**
 * Returns the heap growth in bytes per row: the fifth lowest of 15 runs. A run with a collection in it reads low, but
 * steady allocation would collect in few of them; a run before the compiler was done reads high.
 */
function bytesPerRow(rows: readonly Row[], instrument: Partial<Instrument>): number {
  const books = new BookSet();
  books.define(testInstrument(0, instrument));
  const batch = batchOf(rows);
  const runs = (n: number): void => {
    for (let i = 0; i < n; i++) books.apply(batch, 0, rows.length);
  };
  runs(60);
  const growth: number[] = [];
  for (let i = 0; i < 15; i++) {
    const before = process.memoryUsage().heapUsed;
    runs(10);
    growth.push((process.memoryUsage().heapUsed - before) / (10 * rows.length));
  }
  return growth.sort((a, b) => a - b)[4];
}

describe('bytes allocated per row', () => {
  it('are none in a book of levels with a dense window', { timeout: 60_000 }, () => {
    const rows = Array.from({ length: ROWS }, (_, i): Row => {
      const side = 1 + (i % 2);
      const away = (i * 7919) % 600;
      const price = 5e9 + (side === 1 ? -away : 1 + away) * 100;
      return {
        kind: EventKind.level,
        side,
        price,
        size: i % 5 < 2 ? 0 : 1 + i,
        flags: i % 3 === 0 ? EventFlag.eventEnd : 0,
        receiveTime: i,
      };
    });
    expect(bytesPerRow(rows, {})).toBeLessThan(1);
  });

  it('are at most one number in a book of orders', { timeout: 60_000 }, () => {
    const rows: Row[] = [];
    for (let i = 0; i < ROWS / 2; i++) {
      const side = 1 + (i % 2);
      rows.push({ kind: EventKind.orderAdd, ref: 1e12 + i, side, price: side === 1 ? 900 - (i % 90) : 901 + (i % 90), size: 1 + (i % 9) });
      if (i >= 500) rows.push({ kind: EventKind.orderDelete, ref: 1e12 + i - 500, flags: EventFlag.eventEnd });
    }
    for (let i = ROWS / 2 - 500; i < ROWS / 2; i++) rows.push({ kind: EventKind.orderDelete, ref: 1e12 + i, flags: EventFlag.eventEnd });
    expect(bytesPerRow(rows, { bookKind: 'orders' })).toBeLessThan(17);
  });
});
