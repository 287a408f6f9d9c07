/** BookSet: publication, trust, aggressors, integrity events and counters, from hand-made rows. */
import { describe, expect, it } from 'vitest';
import { BookSet, type DerivedEvent } from '../../../core/book/index.ts';
import {
  AGGRESSOR_METHOD_SHIFT,
  AggressorMethod,
  BookState,
  EventFlag,
  EventKind,
  Side,
  type Instrument,
} from '../../../core/model/index.ts';
import { ALL_INSTRUMENTS, BASE_NS, batchOf, testInstrument, type Row } from '../../fixtures/book-rows.ts';

const END = EventFlag.eventEnd;
const level = (side: number, price: number, size: number, more: Row = {}): Row => ({ kind: EventKind.level, side, price, size, ...more });
const image = (levels: Row[], id = 0): Row[] =>
  [
    { kind: EventKind.snapshotBegin, flags: EventFlag.snapshot },
    ...levels.map((row) => ({ ...row, flags: EventFlag.snapshot })),
    { kind: EventKind.snapshotEnd, flags: EventFlag.snapshot | END },
  ].map((row) => ({ ...row, instrument: id }));

function setUp(instrument: Partial<Instrument> = {}) {
  const derived: DerivedEvent[] = [];
  const published: number[] = [];
  const books = new BookSet({ onDerived: (event) => derived.push(event), onPublish: (_book, _batch, row) => published.push(row) });
  books.define(testInstrument(0, instrument));
  books.define(testInstrument(1, instrument));
  const feed = (...rows: Row[]) => {
    const batch = batchOf(rows);
    books.apply(batch, 0, rows.length);
    return batch;
  };
  const book = books.book(0);
  if (book === undefined) throw new Error('instrument 0 is defined');
  return { books, book, derived, published, feed };
}

describe('publication', () => {
  it('judges a crossed book only when the event is complete, and once while it stays crossed', () => {
    const { book, derived, published, feed } = setUp();
    feed(level(Side.bid, 100, 1), level(Side.ask, 99, 1), level(Side.ask, 99, 0), level(Side.ask, 101, 1, { flags: END }));
    expect(derived).toEqual([]);
    expect(published).toEqual([3]);
    feed(level(Side.bid, 101, 4, { flags: END }), level(Side.bid, 102, 4, { flags: END }));
    expect(derived.map(({ kind, row, price, ref }) => ({ kind, row, price, ref }))).toEqual([
      { kind: EventKind.crossed, row: 0, price: 101, ref: 101 },
    ]);
    expect(book.crossed).toBe(true);
    feed(level(Side.bid, 102, 0), level(Side.bid, 101, 0, { flags: END }));
    expect(book.crossed).toBe(false);
  });

  it('publishes at a boundary row, for one instrument or for all, and not when nothing changed', () => {
    const { published, feed } = setUp();
    feed(level(Side.bid, 5, 1), { kind: EventKind.boundary }, { kind: EventKind.boundary });
    expect(published).toEqual([1]);
    feed(level(Side.bid, 5, 2), level(Side.bid, 5, 2, { instrument: 1 }), { kind: EventKind.boundary, instrument: ALL_INSTRUMENTS });
    expect(published).toEqual([1, 2, 2]);
  });
});

describe('trust', () => {
  it('waits for the end of an image', () => {
    const { book, feed } = setUp();
    expect(book.state).toBe(BookState.empty);
    const rows = image([level(Side.bid, 10, 1), level(Side.ask, 11, 2)]);
    feed(...rows.slice(0, 3));
    expect(book.state).toBe(BookState.buffering);
    feed(...rows.slice(3));
    expect(book.state).toBe(BookState.synced);
    expect(book.best(Side.bid)).toBe(10);
  });

  it('voids a book of images at a gap until the next image, with a gap band and a resync band', () => {
    const { books, book, feed } = setUp();
    feed(...image([level(Side.bid, 10, 1)]).map((row) => ({ ...row, receiveTime: 5 })));
    feed({ kind: EventKind.gap, sequence: 7, ref: 9, size: 2, receiveTime: 20 });
    expect(book.state).toBe(BookState.gap);
    expect(book.levelCount(Side.bid)).toBe(0);
    feed({ kind: EventKind.clear, receiveTime: 30 });
    expect(book.state).toBe(BookState.buffering);
    feed(...image([level(Side.bid, 12, 1)]).map((row) => ({ ...row, receiveTime: 40 })));
    expect(book.state).toBe(BookState.synced);
    const at = (offset: bigint) => (BASE_NS + offset).toString();
    expect(books.qualityBands()).toEqual([
      { kind: 'gap', instrumentId: 0, fromNs: at(5n), toNs: at(30n), text: '2 messages missing (sequence 7 to 8)' },
      { kind: 'resync', instrumentId: 0, fromNs: at(30n), toNs: at(40n), text: 'waiting for a new image of the book' },
    ]);
  });

  it('keeps a book without images through a gap as stale until both sides of the touch were set again', () => {
    const { books, book, feed } = setUp();
    feed(level(Side.bid, 10, 1), level(Side.bid, 9, 1), level(Side.ask, 12, 1, { flags: END }));
    feed({ kind: EventKind.gap, instrument: ALL_INSTRUMENTS, sequence: 1, ref: 5, size: 4, receiveTime: 3 });
    expect(book.state).toBe(BookState.stale);
    expect(book.levelCount(Side.bid)).toBe(2);
    expect(books.book(1)?.state).toBe(BookState.empty);
    feed(level(Side.bid, 9, 5, { flags: END }), level(Side.ask, 12, 5, { flags: END }));
    expect(book.state).toBe(BookState.stale);
    feed(level(Side.bid, 10, 2, { flags: END, receiveTime: 8 }));
    expect(book.state).toBe(BookState.synced);
    expect(books.qualityBands().map(({ kind, instrumentId }) => ({ kind, instrumentId }))).toEqual([
      { kind: 'gap', instrumentId: null },
      { kind: 'stale', instrumentId: 0 },
    ]);
  });

  it('takes a quote of the very touch as its confirmation', () => {
    const { book, feed } = setUp();
    feed(level(Side.bid, 10, 1), level(Side.ask, 12, 1, { flags: END }), { kind: EventKind.gap, size: 1 });
    const quote = (side: number, price: number, flags = 0): Row => ({ kind: EventKind.quote, side, price, size: 3, flags });
    feed(quote(Side.bid, 10), quote(Side.ask, 13, END));
    expect(book.state).toBe(BookState.stale);
    feed(quote(Side.bid, 10), quote(Side.ask, 12, END));
    expect(book.state).toBe(BookState.synced);
    expect(book.sizeAt(Side.bid, 10)).toBe(1);
  });

  it('empties every book at a clear for all', () => {
    const { books, book, feed } = setUp();
    feed(level(Side.bid, 10, 1, { flags: END }), level(Side.bid, 10, 1, { instrument: 1, flags: END }));
    feed({ kind: EventKind.restart, instrument: ALL_INSTRUMENTS }, { kind: EventKind.clear, instrument: ALL_INSTRUMENTS });
    expect([book.levelCount(Side.bid), books.book(1)?.levelCount(Side.bid)]).toEqual([0, 0]);
    expect(book.state).toBe(BookState.empty);
    expect(books.qualityBands().map((band) => band.kind)).toEqual(['restart']);
  });
});

describe('aggressors', () => {
  const trade = (price: number, more: Row = {}): Row => ({ kind: EventKind.trade, price, size: 1, side: Side.unknown, ...more });
  const method = (flags: number) => (flags >>> AGGRESSOR_METHOD_SHIFT) & 7;

  it('compares with the touch before the event, not with the levels of the open event', () => {
    const { feed } = setUp();
    feed(level(Side.bid, 10, 5), level(Side.ask, 12, 5, { flags: END }));
    const batch = feed(
      level(Side.ask, 12, 0),
      trade(12),
      trade(13),
      trade(11),
      trade(10),
      trade(12, { flags: EventFlag.singlePriceCross }),
    );
    expect([...batch.side]).toEqual([Side.ask, Side.bid, Side.bid, Side.unknown, Side.ask, Side.none]);
    expect([...batch.flags].slice(1).map(method)).toEqual([
      AggressorMethod.touch,
      AggressorMethod.touch,
      AggressorMethod.undecided,
      AggressorMethod.touch,
      AggressorMethod.cross,
    ]);
  });

  it('leaves what the venue sent and gives the same on rows that were inferred before', () => {
    const { feed } = setUp();
    feed(level(Side.bid, 10, 5), level(Side.ask, 12, 5, { flags: END }));
    const sent = feed(trade(12, { side: Side.ask, flags: AggressorMethod.venue << AGGRESSOR_METHOD_SHIFT }));
    expect(sent.side[0]).toBe(Side.ask);
    const once = feed(trade(12));
    const twice = feed(trade(12, { side: once.side[0], flags: once.flags[0] }));
    expect([twice.side[0], twice.flags[0]]).toEqual([once.side[0], once.flags[0]]);
  });

  it('takes the opposite of the resting order that an execution names', () => {
    const { book, books, feed } = setUp({ bookKind: 'orders' });
    feed({ kind: EventKind.orderAdd, ref: 77, side: Side.ask, price: 12, size: 5, flags: END });
    const batch = feed({ kind: EventKind.orderExecute, ref: 77, price: 12, size: 2, flags: END });
    expect([batch.side[0], method(batch.flags[0])]).toEqual([Side.bid, AggressorMethod.order]);
    expect(book.sizeAt(Side.ask, 12)).toBe(3);
    expect([book.lastTradeUnits, book.lastTradeSide]).toEqual([12, Side.bid]);
    expect(books.counters.trades).toBe(1);
  });
});

describe('integrity and counters', () => {
  it('counts removals of unknown levels outside images only, and passes derived rows over', () => {
    const { books, feed } = setUp();
    feed(...image([level(Side.bid, 10, 1), level(Side.bid, 9, 0)]), level(Side.bid, 8, 0, { flags: END }), {
      kind: EventKind.crossed,
      flags: EventFlag.derived,
    });
    expect(books.counters).toMatchObject({ levelUpdates: 1, unknownLevelRemovals: 1, events: 5 });
  });

  it('reports an order that the book does not have, and one that rests already', () => {
    const { books, book, derived, feed } = setUp({ bookKind: 'orders' });
    feed({ kind: EventKind.orderDelete, ref: 5, flags: END });
    feed(
      { kind: EventKind.orderAdd, ref: 6, side: Side.bid, price: 10, size: 1 },
      { kind: EventKind.orderAdd, ref: 6, side: Side.bid, price: 11, size: 4, flags: END },
    );
    expect(derived.map(({ kind, ref, code }) => [kind, ref, code])).toEqual([
      [EventKind.unknownOrder, 5, 0],
      [EventKind.unknownOrder, 6, 1],
    ]);
    expect([book.sizeAt(Side.bid, 10), book.sizeAt(Side.bid, 11)]).toEqual([0, 4]);
    expect(books.counters.unknownOrders).toBe(2);
  });

  it('takes first and last times from rows with a time of the venue', () => {
    const { books, feed } = setUp();
    const early: Row = { exchangeTime: 50, receiveTime: 40 };
    feed(level(Side.bid, 10, 1, early), level(Side.ask, 12, 1, { ...early, flags: END }));
    feed(
      { kind: EventKind.trade, price: 1, size: 1, ...early, receiveTime: 60 },
      { kind: EventKind.trade, price: 1, size: 1, code: 1, exchangeTime: 99 },
    );
    const { counters } = books;
    expect([counters.firstExchange, counters.lastExchange, counters.firstReceive, counters.lastReceive]).toEqual([50, 50, 40, 60]);
  });

  it('keeps last quotes of any instrument, and makes them the book of a quotes instrument only', () => {
    const quotes: Row[] = [
      { kind: EventKind.quote, side: Side.bid, price: 10, size: 2 },
      { kind: EventKind.quote, side: Side.ask, price: 0, size: 0, flags: END },
    ];
    const levels = setUp();
    levels.feed(...quotes);
    expect([levels.books.lastQuote(0), levels.book.levelCount(Side.bid), levels.books.lastQuote(1)]).toEqual([[2, 10, 0, 0], 0, null]);
    const { book, feed } = setUp({ bookKind: 'quotes' });
    feed(...quotes);
    expect([book.best(Side.bid), book.best(Side.ask), book.state]).toEqual([10, Number.NaN, BookState.synced]);
  });

  it('throws on a row of an instrument that was never defined', () => {
    expect(() => setUp().feed(level(Side.bid, 1, 1, { instrument: 9 }))).toThrow(/never defined/);
  });
});

describe('the time axis', () => {
  it('is exact over batches whose bases lie apart, also after a batch without any known time', () => {
    const books = new BookSet();
    books.define(testInstrument(0));
    const trade: Row = { kind: EventKind.trade, price: 1, size: 1 };
    books.apply(batchOf([{ kind: EventKind.unparseable, instrument: ALL_INSTRUMENTS }], 0n), 0, 1);
    books.apply(batchOf([{ ...trade, exchangeTime: 1, receiveTime: 3 }], BASE_NS), 0, 1);
    books.apply(batchOf([{ ...trade, exchangeTime: 2, receiveTime: 5 }], BASE_NS + 10n), 0, 1);
    books.apply(batchOf([{ ...trade, exchangeTime: 2, receiveTime: 4 }], BASE_NS), 0, 1);
    const { counters } = books;
    expect(counters.timeNs(counters.firstExchange)).toBe(BASE_NS + 1n);
    expect(counters.timeNs(counters.lastExchange)).toBe(BASE_NS + 2n);
    expect(counters.timeNs(counters.lastReceive)).toBe(BASE_NS + 15n);
  });
});
