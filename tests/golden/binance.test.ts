/** Real Binance recordings → rows → books, against facts computed outside this project. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { TradeCode } from '../../core/model/index.ts';
import type { BinanceVenue } from '../../core/venues/binance/index.ts';
import { decodeJournal } from '../fixtures/decoding.ts';
import { realDataPath } from '../fixtures/real-data.ts';
import { booksSha256, rebuild, type ReferenceBook } from '../fixtures/reference-book.ts';

interface Expected {
  readonly files: readonly string[];
  readonly messages: Record<string, number>;
  readonly localMinusEventTime: { n: number; minMs: number; maxMs: number; negative: number };
  readonly bookSync: Record<string, Record<string, number | number[] | boolean>>;
  readonly finalTop: Record<string, unknown>;
  readonly finalBooksSha256: string;
  readonly finalBookTicker: Record<string, unknown>;
  readonly trades: Record<string, Record<string, unknown>>;
  readonly aggTrades: Record<string, Record<string, unknown>>;
}

const CASES: readonly { readonly facts: string; readonly venue: BinanceVenue }[] = [
  { facts: 'spot_btcusdt_20240808.gz.expect.json', venue: 'binance' },
  { facts: 'spot_btcusdt_20240809.gz.expect.json', venue: 'binance' },
  { facts: 'usdm_btcusdt_20240808.gz.expect.json', venue: 'binance-usdm' },
  { facts: 'cm_btcusd_perp_20240808.gz.expect.json', venue: 'binance-coinm' },
  { facts: 'cryptofeed_BINANCE.expect.json', venue: 'binance' },
  { facts: 'cryptofeed_BINANCE_FUTURES.expect.json', venue: 'binance-usdm' },
];

describe.each(CASES)('$facts', ({ facts, venue }) => {
  const path = realDataPath(`binance/${facts}`);
  const load = (): { expected: Expected; files: Uint8Array[] } => {
    const expected = JSON.parse(readFileSync(path ?? '', 'utf8')) as Expected;
    return { expected, files: expected.files.map((name) => gunzipSync(readFileSync(realDataPath(`binance/${name}`) ?? ''))) };
  };

  it.runIf(path)('gives exactly the expected facts', () => {
    const { expected, files } = load();
    const decoded = decodeJournal(files, venue);
    const books = rebuild(decoded.batches, decoded.instruments);

    expect(decoded.report.messagesByType).toEqual(expected.messages);
    expect(decoded.report.messages).toBe(Object.values(expected.messages).reduce((a, b) => a + b, 0));
    expect(decoded.report).toMatchObject({ unparseable: 0, truncatedBytes: 0, timeSteps: 0, duplicates: 0 });
    expect(decoded.letters).toEqual([]);
    // Images and candles are rare; every other message of a real recording takes the quick way.
    expect(decoded.mapper.fallbacks).toBe((expected.messages['depthSnapshot'] ?? 0) + (expected.messages['kline'] ?? 0));

    const sync = decoded.mapper.syncFacts();
    expect([...sync.keys()].sort()).toEqual(Object.keys(expected.bookSync).sort());
    for (const [symbol, wanted] of Object.entries(expected.bookSync)) {
      expect(sync.get(symbol), symbol).toEqual({
        images: wanted['snapshots'],
        staleDropped: wanted['staleDropped'],
        gaps: wanted['gaps'],
        duplicates: 0,
        applied: wanted['applied'],
        levelUpdates: wanted['levelUpdates'],
        bufferedBeforeSnapshot: wanted['bufferedBeforeSnapshot'],
        imageId: wanted['L'],
        lastId: wanted['u'],
      });
      expect(books.get(symbol)?.snapshotLevels, symbol).toEqual(wanted['snapshotLevels']);
    }

    const withBook = [...books.values()].filter((book) => book.bids.size > 0);
    expect(Object.fromEntries(withBook.map((book) => [book.instrument.symbol, book.top()]))).toEqual(expected.finalTop);
    expect(booksSha256(books)).toBe(expected.finalBooksSha256);
    const withQuote = [...books.values()].filter((book) => book.quote.u > 0);
    expect(Object.fromEntries(withQuote.map((book) => [book.instrument.symbol, book.ticker()]))).toEqual(expected.finalBookTicker);

    expectTrades(books, TradeCode.single, expected.trades);
    expectTrades(books, TradeCode.aggregate, expected.aggTrades);

    const { clock } = decoded.mapper;
    const wanted = expected.localMinusEventTime;
    expect({ n: clock.count, negative: clock.negative }).toEqual({ n: wanted.n, negative: wanted.negative });
    // The expected milliseconds went through doubles (256 ns apart at these times) and were rounded to three decimals.
    expect(Math.abs(clock.minNs / 1e6 - wanted.minMs)).toBeLessThanOrEqual(0.001);
    expect(Math.abs(clock.maxNs / 1e6 - wanted.maxMs)).toBeLessThanOrEqual(0.001);
  });

  it.runIf(path)('gives the same rows for any chunk size', () => {
    const { files } = load();
    // One small recording a venue is enough here: the splitter does not know venues.
    const heads = files.map((file) => file.subarray(0, 300_000));
    const whole = decodeJournal(heads, venue, 1 << 20);
    const pieces = decodeJournal(heads, venue, 997);
    expect(pieces.report).toEqual(whole.report);
    expect(pieces.batches.map((batch) => batch.rows)).toEqual(whole.batches.map((batch) => batch.rows));
    expect(Buffer.compare(bytesOf(pieces.batches), bytesOf(whole.batches))).toBe(0);
  });
});

function bytesOf(batches: readonly { readonly buffer: ArrayBuffer }[]): Buffer {
  return Buffer.concat(batches.map((batch) => new Uint8Array(batch.buffer)));
}

function expectTrades(books: ReadonlyMap<string, ReferenceBook>, code: number, expected: Record<string, Record<string, unknown>>): void {
  const found: Record<string, unknown> = {};
  for (const [symbol, book] of books) if (book.trades.some((trade) => trade.code === code)) found[symbol] = book.tradeFacts();
  for (const facts of Object.values(expected)) delete facts['bars1m'];
  expect(found).toEqual(expected);
}
