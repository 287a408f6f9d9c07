/** Keyframes: when they are due, and that image plus later rows give the same book as all rows. */
import { describe, expect, it } from 'vitest';
import { BookSet, type InstrumentBook, KeyframeBuilder, type KeyframeImages } from '../../../core/book/index.ts';
import { EventFlag, EventKind, Side, type Instrument } from '../../../core/model/index.ts';
import { BASE_NS, batchOf, testInstrument, type Row } from '../../fixtures/book-rows.ts';

const SECOND = 1e9;

function record(rows: readonly Row[], instrument: Partial<Instrument> = {}, baseNs = BASE_NS) {
  const images: KeyframeImages[] = [];
  const keyframes = new KeyframeBuilder((made) => images.push(made));
  const books = new BookSet({ onPublish: (book, batch, row) => keyframes.published(book, batch, row) });
  books.define(testInstrument(0, instrument));
  const batch = batchOf(rows, baseNs);
  batch.firstOrdinal = 100;
  books.apply(batch, 0, rows.length);
  keyframes.flush();
  const ordinals = images.flatMap(({ batch: out, ordinals: all }) => [...all].filter((_, i) => out.kind[i] === EventKind.snapshotBegin));
  return { images, ordinals, books };
}

function facts(book: InstrumentBook) {
  const out = new Float64Array(200);
  const levels = [Side.bid, Side.ask].map((side) => [...out.subarray(0, 2 * book.copyLevels(side, 100, out))]);
  const orders = [Side.bid, Side.ask].map((side) => [...out.subarray(0, 2 * book.copyOrders(side, book.best(side), 100, out))]);
  return { levels, orders, state: book.state, crossed: book.crossed, last: [book.lastTradeUnits, book.lastTradeSide] };
}

const set = (i: number, timeNs: number): Row => ({
  kind: EventKind.level,
  side: 1 + (i % 2),
  price: i % 2 === 0 ? 100 - (i % 10) : 101 + (i % 10),
  size: 1 + i,
  flags: EventFlag.eventEnd,
  receiveTime: timeNs,
});

describe('keyframes', () => {
  it('come first after a second, then after 10 s when enough happened, and after 120 s whatever happened', () => {
    const rows = [set(0, 0), set(1, 0.5 * SECOND), set(2, SECOND)];
    for (let i = 3; i < 33; i++) rows.push(set(i, 2 * SECOND));
    rows.push(set(0, 10.9 * SECOND), set(0, 11 * SECOND), set(0, 22 * SECOND), set(0, 130 * SECOND), set(0, 131 * SECOND));
    expect(record(rows).ordinals).toEqual([102, 134, 137]);
  });

  it('come after 2,048 and then every 8,192 rows of a fast book', () => {
    const { ordinals } = record(Array.from({ length: 20_000 }, (_, i) => set(i, i)));
    expect(ordinals).toEqual([2147, 10_339, 18_531]);
  });

  it('rebuild an L2 book with trust, crossed and last trade', () => {
    const rows = [
      set(0, 0),
      set(1, 0),
      { kind: EventKind.gap, size: 1 },
      { kind: EventKind.trade, price: 102, size: 1 },
      { ...set(2, 2 * SECOND), price: 102 },
    ];
    const { images, books } = record(rows);
    const { batch } = images[0];
    const again = new BookSet({ onDerived: () => expect.unreachable('an image derives nothing') });
    again.define(testInstrument(0));
    again.apply(batch, 0, batch.rows);
    const [before, after] = [books, again].map((all) => all.book(0));
    if (before === undefined || after === undefined) throw new Error('instrument 0 is defined');
    expect(facts(after)).toEqual(facts(before));
    expect(facts(after)).toMatchObject({ crossed: true, last: [102, Side.bid] });
  });

  it('rebuild the queues of an L3 book, and a quote', () => {
    const order = (ref: number, price: number, timeNs: number): Row => ({
      kind: EventKind.orderAdd,
      ref,
      side: Side.bid,
      price,
      size: ref,
      flags: EventFlag.eventEnd,
      receiveTime: timeNs,
    });
    const quote = (side: number, price: number, flags: number): Row => ({
      kind: EventKind.quote,
      side,
      price,
      size: price,
      flags,
      receiveTime: 3 * SECOND,
    });
    const cases: [Partial<Instrument>, Row[]][] = [
      [{ bookKind: 'orders' }, [order(9, 50, 0), order(3, 50, 0), order(4, 49, 0), order(1, 50, 2 * SECOND)]],
      [
        { bookKind: 'quotes' },
        [quote(1, 5, 1), quote(2, 0, 1), ...[quote(1, 6, 0), quote(2, 7, 1)].map((row) => ({ ...row, receiveTime: 9 * SECOND }))],
      ],
    ];
    for (const [instrument, rows] of cases) {
      const { images, books } = record(rows, instrument);
      const again = new BookSet();
      again.define(testInstrument(0, instrument));
      again.apply(images[0].batch, 0, images[0].batch.rows);
      const [before, after] = [books, again].map((all) => all.book(0));
      if (before === undefined || after === undefined) throw new Error('instrument 0 is defined');
      expect(facts(after)).toEqual(facts(before));
      expect(facts(after).levels[0].length).toBeGreaterThan(0);
    }
  });
});
