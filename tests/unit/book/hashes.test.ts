/** Final hashes and stateHash: the lines as published, and independence of batch boundaries and bases. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookSet, finalBooksSha256, finalQuotesSha256, StateHasher } from '../../../core/book/index.ts';
import { EventFlag, EventKind, Side } from '../../../core/model/index.ts';
import { sha256Hasher } from '../../../native-workers/book/node-hasher.ts';
import { BASE_NS, batchOf, testInstrument, type Row } from '../../fixtures/book-rows.ts';

const sha = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

describe('final hashes', () => {
  it('writes books by symbol in code-unit order, fixed and canonical prices, canonical sizes', () => {
    const books = new BookSet();
    books.define(testInstrument(0, { symbol: 'b', sizeScale: 3 }));
    books.define(testInstrument(1, { symbol: 'B', priceText: 'canonical' }));
    books.define(testInstrument(2, { symbol: 'empty' }));
    const rows: Row[] = [
      { kind: EventKind.level, side: Side.ask, price: 1010, size: 1500 },
      { kind: EventKind.level, side: Side.bid, price: 990, size: 10 },
      { kind: EventKind.level, side: Side.bid, price: 1000, size: 3000 },
      { kind: EventKind.level, instrument: 1, side: Side.ask, price: 1010, size: 7 },
    ];
    books.apply(batchOf(rows), 0, rows.length);
    expect(finalBooksSha256(books, sha256Hasher)).toBe(sha('B,S,10.1,7\nb,B,10.00,3\nb,B,9.90,0.01\nb,S,10.10,1.5'));
    expect(finalQuotesSha256(books, sha256Hasher)).toBeNull();
  });

  it('writes every symbol that was quoted, also when the last quote is none', () => {
    const books = new BookSet();
    for (const [id, symbol] of ['ZZ', 'AÄ', 'never'].entries())
      books.define(testInstrument(id, { symbol, bookKind: 'quotes', priceScale: 4 }));
    const rows: Row[] = [
      { kind: EventKind.quote, side: Side.bid, price: 101_000, size: 100 },
      { kind: EventKind.quote, side: Side.ask, price: 102_500, size: 200, flags: EventFlag.eventEnd },
      { kind: EventKind.quote, instrument: 1, side: Side.bid },
      { kind: EventKind.quote, instrument: 1, side: Side.ask, flags: EventFlag.eventEnd },
    ];
    books.apply(batchOf(rows), 0, rows.length);
    expect(finalQuotesSha256(books, sha256Hasher)).toBe(sha('AÄ,0,0.0000,0.0000,0\nZZ,100,10.1000,10.2500,200'));
    expect(finalBooksSha256(books, sha256Hasher)).toBeNull();
  });
});

describe('stateHash', () => {
  it('is the hash of the column digests, little-endian, times absolute', () => {
    const row: Row = {
      kind: 1,
      side: 2,
      code: 3,
      flags: 4,
      instrument: 5,
      price: 6.5,
      size: -0,
      exchangeTime: -7,
      receiveTime: 8,
      sequence: 9,
      ref: 10,
    };
    const hasher = new StateHasher(sha256Hasher);
    hasher.update(batchOf([row]), 0, 1);
    const f64 = (x: number) => sha(new Uint8Array(new Float64Array([x]).buffer));
    const i64 = (x: bigint) => sha(new Uint8Array(new BigInt64Array([x]).buffer));
    const expected = [
      sha(Uint8Array.of(1)),
      sha(Uint8Array.of(2)),
      sha(Uint8Array.of(3, 0)),
      sha(Uint8Array.of(4, 0, 0, 0)),
      sha(Uint8Array.of(5, 0, 0, 0)),
      f64(6.5),
      f64(0),
      i64(BASE_NS - 7n),
      i64(BASE_NS + 8n),
      f64(9),
      f64(10),
      'books',
      '-',
    ];
    expect(hasher.digestHex('books', null)).toBe(sha(expected.join('\n')));
  });

  it('does not depend on how rows lie in batches or on their bases', () => {
    const row = fc.record({
      kind: fc.integer({ min: 0, max: 25 }),
      price: fc.maxSafeInteger(),
      exchangeTime: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
      receiveTime: fc.integer({ min: 0, max: 2 ** 40 }),
      sequence: fc.maxSafeNat(),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(60)),
        fc.bigInt(-(2n ** 40n), 2n ** 40n),
        (rows, cuts, shift) => {
          const whole = new StateHasher(sha256Hasher);
          whole.update(batchOf(rows), 0, rows.length);
          const parts = new StateHasher(sha256Hasher);
          const edges = [0, ...cuts.filter((cut) => cut < rows.length).sort((a, b) => a - b), rows.length];
          for (let i = 1; i < edges.length; i++) {
            const moved = rows
              .slice(edges[i - 1], edges[i])
              .map((r) => ({ ...r, exchangeTime: r.exchangeTime - Number(shift), receiveTime: r.receiveTime - Number(shift) }));
            parts.update(batchOf(moved, BASE_NS + shift), 0, moved.length);
          }
          expect(parts.digestHex(null, null)).toBe(whole.digestHex(null, null));
        },
      ),
    );
  });
});
