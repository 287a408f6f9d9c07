/**
 * docs/recording-format.md is enough: with DuckDB, the page's own SQL and SHA-256, but none of our reading code, every hash of
 * a sealed recording is computed again from its files alone.
 */
import { createHash, type Hash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_INSTRUMENTS, AuctionField, EventFlag, EventKind, Side, StatusCode, type Instrument } from '../../../core/model/index.ts';
import { PipelineRun } from '../../../native-workers/book/pipeline-run.ts';
import type { StoreMessage } from '../../../native-workers/protocol/index.ts';
import { BASE_NS, batchOf, contentId, importOutcome, INSTRUMENTS, StoreThread, temporaryFolder, type Row } from './helpers.ts';

/** The page, with its tables as narrow as they can be. */
const PAGE = readFileSync(new URL('../../../docs/recording-format.md', import.meta.url), 'utf8').replace(/ +/g, ' ');
const QUOTED: Instrument = { ...INSTRUMENTS[0], id: 3, symbol: 'QQQ', bookKind: 'quotes' };
const ALL = [...INSTRUMENTS, QUOTED];
const ID = contentId(12);

const folder = temporaryFolder();
let session = '';
let connection: DuckDBConnection;

interface Recorded {
  readonly report: { readonly stateHash: string; readonly finalBooksSha256: string | null; readonly finalQuotesSha256: string | null };
  readonly chunks: readonly unknown[];
  readonly instruments: readonly {
    readonly id: number;
    readonly symbol: string;
    readonly priceScale: number;
    readonly sizeScale: number;
  }[];
}
let manifest: Recorded;

beforeAll(async () => {
  const store = StoreThread.start();
  await store.caller.call('open', { dataDir: folder.path });
  const run = new PipelineRun(true);
  run.define(ALL);
  const rows = everyKind(4000);
  const messages: StoreMessage[] = [];
  for (let at = 0; at < rows.length; at += 700) messages.push(...run.take(batchOf(rows.slice(at, at + 700), at)));
  messages.push(...run.finish());
  await store.consume('format', [{ type: 'instruments', instruments: ALL }, ...messages, { type: 'end' }]);
  await store.caller.call('write.seal', { stagingId: 'format', import: importOutcome(ID), book: run.outcome(), seconds: 1 });
  await store.stop();
  session = join(folder.path, 'sessions', ID.slice(0, 16));
  manifest = JSON.parse(readFileSync(join(session, 'manifest.json'), 'utf8')) as Recorded;
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

afterAll(() => {
  connection.closeSync();
  folder.remove();
});

/** Returns rows of every kind for instruments of every book kind and scale, the same each time. */
function everyKind(count: number): Row[] {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const rows: Row[] = [];
  let receiveNs = BASE_NS;
  const put = (row: Omit<Row, 'receiveNs'>): void => {
    receiveNs += BigInt(random(4) * 1_250_001);
    // A third of the rows repeats its receive time, as where a venue sends none.
    const exchangeNs = random(3) === 0 ? receiveNs : receiveNs - BigInt(random(90_000_000) - 1_000_000);
    rows.push({ ...row, receiveNs, exchangeNs });
  };
  const level = (instrument: number, flags: number): void => {
    const side = 1 + random(2);
    const price = 20_000 + (side === Side.bid ? -random(60) : random(60));
    put({ kind: EventKind.level, instrument, side, flags, price, size: random(4) === 0 ? 0 : 1 + random(5000), sequence: rows.length });
  };
  const order = (): void => {
    const kind = [EventKind.orderAdd, EventKind.orderAdd, EventKind.orderModify, EventKind.orderDelete, EventKind.orderExecute][random(5)];
    const row = { kind, instrument: 1, flags: EventFlag.eventEnd, ref: 2 ** 45 + random(300), sequence: rows.length };
    if (kind === EventKind.orderDelete) put(row);
    else put({ ...row, side: kind === EventKind.orderAdd ? 1 + random(2) : 0, price: 5_000_000 + 10 * random(50), size: 1 + random(900) });
  };
  for (let i = 0; i < count; i++) {
    const what = random(i < 3000 ? 100 : 90);
    if (i === 1500) put({ kind: EventKind.clear, instrument: ALL_INSTRUMENTS, flags: 1 });
    if (what < 40) level(2 * random(2), random(2));
    else if (what < 65) order();
    else if (what < 75)
      put({ kind: EventKind.trade, instrument: random(3), side: 1 + random(3), price: 20_000, size: 3, sequence: i, flags: 1 });
    else if (what < 85) {
      put({ kind: EventKind.quote, instrument: 3, side: Side.bid, price: 990_000 + random(90), size: random(3) * 100, ref: 0x40 });
      put({ kind: EventKind.quote, instrument: 3, side: Side.ask, price: 990_100 + random(90), size: random(3) * 100, flags: 1 });
    } else if (what < 90)
      put({ kind: EventKind.status, instrument: random(4), code: StatusCode.securityDirectory, price: 12_345, size: 100, ref: 257 });
    else if (what < 94) {
      put({ kind: EventKind.auction, instrument: 0, code: AuctionField.paired, size: random(9999), ref: 79 });
      put({ kind: EventKind.auction, instrument: 0, code: AuctionField.scheduledTime, size: 2, ref: 1_704_205_800 });
    } else if (what < 95) {
      put({ kind: EventKind.gap, instrument: ALL_INSTRUMENTS, sequence: i, ref: i + 9, size: 9, flags: 1 });
      // As the page says: a clear follows for a book whose venue sends images.
      put({ kind: EventKind.clear, instrument: 2, sequence: i + 9, flags: 1 });
    } else if (what < 96) put({ kind: EventKind.timeStep, instrument: ALL_INSTRUMENTS, size: 3_600_000_000_000, flags: 1 });
    else if (what < 97) put({ kind: EventKind.late, instrument: random(4), code: random(4), size: -0, flags: 1 });
    else if (what < 98) put({ kind: EventKind.unparseable, instrument: ALL_INSTRUMENTS, code: 3, size: 1, flags: 1 });
    else {
      put({ kind: EventKind.snapshotBegin, instrument: 2, flags: EventFlag.snapshot, sequence: i });
      for (let n = random(9); n > 0; n--) level(2, EventFlag.snapshot);
      put({ kind: EventKind.snapshotEnd, instrument: 2, flags: EventFlag.snapshot | EventFlag.eventEnd, sequence: i });
    }
  }
  return rows;
}

async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjects();
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const HASHED = ['kind', 'side', 'code', 'flags', 'instrument', 'price', 'size', 'exchange_time', 'receive_time', 'sequence', 'ref'];
const COUNT_KINDS = new Set([13, 16, 17, 18, 19, 20, 21, 22, 23]);

/** The eleven digests as the page's Python program makes them. */
async function columnDigests(): Promise<string[]> {
  const hashes = new Map<string, Hash>(HASHED.map((name) => [name, createHash('sha256')]));
  const scales = new Map(manifest.instruments.map((one) => [one.id, one]));
  for (const n of manifest.chunks.keys()) {
    const chunk = `chunk=${String(n).padStart(5, '0')}`;
    const files = ['depth', 'trade', 'quote', 'event'].map((stream) => `'${session}/${stream}/${chunk}/${stream}.parquet'`);
    const rows = await rowsOf(`SELECT kind, side, code, flags, instrument, (price::DECIMAL(38,9) * 1000000000)::BIGINT AS price,
      (size::DECIMAL(38,9) * 1000000000)::BIGINT AS size, epoch_ns(coalesce(exchange_time, receive_time)) AS exchange_time,
      epoch_ns(receive_time) AS receive_time, sequence, ref FROM read_parquet([${files.join(', ')}]) WHERE flags & 2048 = 0 ORDER BY ordinal`);
    for (const row of rows) {
      const { kind, code, instrument } = row as { kind: number; code: number; instrument: number };
      const isCount = COUNT_KINDS.has(kind) || instrument === 0xffffffff || (kind === 14 && code === 9);
      const scale = scales.get(instrument);
      const divisor = (digits: number | undefined): bigint => (isCount ? 1n : 10n ** BigInt(9 - (digits ?? 9)));
      row['price'] = (row['price'] as bigint) / divisor(scale?.priceScale);
      row['size'] = (row['size'] as bigint) / divisor(scale?.sizeScale);
      for (const [name, hash] of hashes) hash.update(bytesOf(name, row[name] as number | bigint));
    }
  }
  return [...hashes.values()].map((hash) => hash.digest('hex'));
}

function bytesOf(name: string, value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  if (name === 'kind' || name === 'side') return bytes.subarray(0, bytes.writeUInt8(Number(value)));
  if (name === 'code') return bytes.subarray(0, bytes.writeUInt16LE(Number(value)));
  if (name === 'flags' || name === 'instrument') return bytes.subarray(0, bytes.writeUInt32LE(Number(value)));
  if (name.endsWith('_time')) bytes.writeBigInt64LE(value as bigint);
  else bytes.writeDoubleLE(Number(value));
  return bytes;
}

/** Decimal text without trailing zeros, or with exactly `decimals` of them. */
function decimalText(text: string, decimals: number | null): string {
  if (decimals === null) return text.replace(/\.?0+$/, '');
  return decimals === 0 ? text.slice(0, text.indexOf('.')) : text.slice(0, text.indexOf('.') + 1 + decimals);
}

/** Price and size per side of a book of levels, by the second query of the page. */
async function levelsByPage(instrument: number): Promise<Record<string, unknown>[]> {
  const query = /-- a book of levels from nothing[^\n]*\n([^;]+);/.exec(PAGE)?.[1] ?? '';
  expect(query).toContain('arg_max(size, ordinal)');
  const filled = query
    .replace("'S/", `'${session}/`)
    .replace('IN (X,', `IN (${instrument},`)
    .replace('<= T', "<= TIMESTAMP_NS '2100-01-01 00:00:00'");
  return rowsOf(`SELECT side, price::VARCHAR AS price, size::VARCHAR AS size FROM (${filled})`);
}

/** The same of a book of orders: order by order in ordinal order, as the table of kinds says. */
async function levelsOfOrders(instrument: number): Promise<Record<string, unknown>[]> {
  const rows =
    await rowsOf(`SELECT kind, side, (price * 1000000000::BIGINT)::BIGINT AS price, (size::DECIMAL(38,9) * 1000000000)::BIGINT AS size, ref
    FROM read_parquet(['${session}/depth/*/*.parquet', '${session}/trade/*/*.parquet'])
    WHERE instrument IN (${instrument}, 4294967295) AND kind IN (4, 5, 6, 7, 8) ORDER BY ordinal`);
  const orders = new Map<bigint, { side: number; price: bigint; size: bigint }>();
  for (const row of rows as { kind: number; side: number; price: bigint; size: bigint; ref: bigint }[]) {
    const order = orders.get(row.ref);
    if (row.kind === 8) orders.clear();
    else if (row.kind === 4) orders.set(row.ref, { side: row.side, price: row.price, size: row.size });
    else if (order === undefined) continue;
    else if (row.kind === 5) Object.assign(order, { price: row.price, size: row.size });
    else if (row.kind === 6 || order.size <= row.size) orders.delete(row.ref);
    else order.size -= row.size;
  }
  const levels = new Map<string, { side: number; price: bigint; size: bigint }>();
  for (const { side, price, size } of orders.values()) {
    const level = levels.get(`${side} ${price}`) ?? { side, price, size: 0n };
    levels.set(`${side} ${price}`, { ...level, size: level.size + size });
  }
  const text = (scaled: bigint): string => `${scaled / 1_000_000_000n}.${String(scaled % 1_000_000_000n).padStart(9, '0')}`;
  const better = (a: bigint, b: bigint): number => (a < b ? -1 : 1);
  return [...levels.values()]
    .sort((a, b) => a.side - b.side || (a.side === 1 ? better(b.price, a.price) : better(a.price, b.price)))
    .map(({ side, price, size }) => ({ side, price: text(price), size: text(size) }));
}

async function finalBooks(): Promise<string> {
  const lines: string[] = [];
  const listed = await rowsOf(`SELECT * FROM read_parquet('${session}/instrument.parquet') WHERE book_kind <> 'quotes' ORDER BY symbol`);
  for (const one of listed as { instrument: number; symbol: string; price_scale: number; price_text: string; book_kind: string }[]) {
    const levels = await (one.book_kind === 'orders' ? levelsOfOrders : levelsByPage)(one.instrument);
    expect(levels.length).toBeGreaterThan(10);
    for (const { side, price, size } of levels as { side: number; price: string; size: string }[]) {
      const decimals = one.price_text === 'fixed' ? one.price_scale : null;
      lines.push(`${one.symbol},${side === 1 ? 'B' : 'S'},${decimalText(price, decimals)},${decimalText(size, null)}`);
    }
  }
  return sha256(lines.join('\n'));
}

async function finalQuotes(): Promise<string> {
  const quotes = await rowsOf(`SELECT side, arg_max(price, ordinal)::VARCHAR AS price, arg_max(size, ordinal)::VARCHAR AS size
    FROM read_parquet('${session}/quote/*/*.parquet') WHERE instrument = 3 GROUP BY side ORDER BY side`);
  const [bid, ask] = quotes as { price: string; size: string }[];
  const price = (text: string): string => decimalText(text, 4);
  const size = (text: string): string => decimalText(text, null);
  return sha256(`QQQ,${size(bid.size)},${price(bid.price)},${price(ask.price)},${size(ask.size)}`);
}

describe('the page about the recording format', () => {
  it('is enough to recompute the stateHash', async () => {
    const { report } = manifest;
    const parts = [...(await columnDigests()), report.finalBooksSha256 ?? '-', report.finalQuotesSha256 ?? '-'];
    expect(sha256(parts.join('\n'))).toBe(report.stateHash);
  });

  it('is enough to rebuild the last books', async () => {
    expect(await finalBooks()).toBe(manifest.report.finalBooksSha256);
  });

  it('is enough to find the last quotes', async () => {
    expect(await finalQuotes()).toBe(manifest.report.finalQuotesSha256);
  });

  it('names every stream that a recording has, and every column', async () => {
    const streams = readdirSync(session, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(streams.map(({ name }) => name).sort()).toEqual(['depth', 'event', 'keyframe', 'quote', 'trade']);
    for (const { name } of streams) {
      const columns = await rowsOf(`DESCRIBE SELECT * FROM read_parquet('${session}/${name}/*/*.parquet', hive_partitioning = false)`);
      expect(columns).toHaveLength(12);
      for (const column of columns) expect(PAGE).toContain(`| \`${column['column_name']}\` | ${column['column_type']} |`);
    }
  });
});
