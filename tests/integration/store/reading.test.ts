/** Timelines, thinned levels, activity, events, exports and deletion over sealed recordings. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_INSTRUMENTS, EventBatch, EventFlag, EventKind, Side } from '../../../core/model/index.ts';
import type { StoreMessage, TimelineResolution } from '../../../native-workers/protocol/index.ts';
import { BASE_NS, batchOf, contentId, full, rowOf, sessionOf, stepRows, StoreThread, temporaryFolder, type Row } from './helpers.ts';

let folder: ReturnType<typeof temporaryFolder>;
let store: StoreThread;
beforeEach(async () => {
  folder = temporaryFolder();
  store = StoreThread.start();
  await store.caller.call('open', { dataDir: folder.path });
});
afterEach(async () => {
  await store.stop();
  folder.remove();
});

const ID = contentId(3);
const SESSION = ID.slice(0, 16);
const at = (ms: number): string => (BASE_NS + BigInt(ms) * 1_000_000n).toString();

async function timeline(fromMs: number, toMs: number, resolution: TimelineResolution = 'raw', instrumentId = 0) {
  const result = await store.caller.call('read.timeline', {
    sessionId: SESSION,
    instrumentId,
    fromNs: at(fromMs),
    toNs: at(toMs),
    resolution,
  });
  const rowsIn = (buffer: ArrayBuffer): Row[] => {
    const batch = new EventBatch(buffer);
    return Array.from({ length: batch.rows }, (_, row) => rowOf(batch, row));
  };
  return { ...result, before: result.before === null ? null : rowsIn(result.before), rows: result.rows.flatMap(rowsIn) };
}

/** Returns the resting sizes after applying level rows; rows that empty the book are obeyed. */
function bookAfter(rows: readonly Row[]): Record<string, number> {
  const sizes = new Map<string, number>();
  for (const row of rows) {
    if (row.kind === EventKind.clear || row.kind === EventKind.snapshotBegin) sizes.clear();
    if (row.kind !== EventKind.level) continue;
    if (row.size === 0) sizes.delete(`${row.side} ${row.price}`);
    else sizes.set(`${row.side} ${row.price}`, row.size ?? 0);
  }
  return Object.fromEntries([...sizes].sort());
}

describe('read.timeline', () => {
  it('starts from the last image before and ends at the end asked for', async () => {
    const rows = stepRows(2000);
    const messages = sessionOf(rows, 500);
    const image: Row[] = [
      { kind: EventKind.snapshotBegin, receiveNs: BigInt(at(999)) },
      { kind: EventKind.level, side: Side.ask, price: 10_005, size: 3, receiveNs: BigInt(at(999)) },
      { kind: EventKind.level, side: Side.bid, price: 10_001, size: 2, receiveNs: BigInt(at(999)) },
      { kind: EventKind.snapshotEnd, receiveNs: BigInt(at(999)) },
    ];
    messages.splice(4, 0, { type: 'keyframe', buffer: batchOf(image, 0), ordinals: Float64Array.of(999, 999, 999, 999) });
    await store.record(messages, ID);
    const early = await timeline(500, 600);
    expect([early.keyframeNs, early.keyframeOrdinal, early.before]).toEqual([null, -1, null]);
    expect(early.rows).toEqual(rows.slice(0, 601).map(full));
    const late = await timeline(1200, 1300);
    expect([late.keyframeNs, late.keyframeOrdinal]).toEqual([at(999), 999]);
    expect(late.before).toEqual(image.map(full));
    expect(late.rows).toEqual(rows.slice(1000, 1301).map(full));
  });

  it('holds one instrument and what concerns the whole session, without derived rows', async () => {
    const rows: Row[] = [
      { kind: EventKind.level, instrument: 0, side: 1, price: 5, size: 1, receiveNs: BigInt(at(0)) },
      { kind: EventKind.level, instrument: 2, side: 1, price: 5, size: 1, receiveNs: BigInt(at(1)) },
      { kind: EventKind.gap, instrument: ALL_INSTRUMENTS, size: 4, receiveNs: BigInt(at(2)) },
      { kind: EventKind.trade, instrument: 0, price: 5, size: 1, receiveNs: BigInt(at(3)) },
    ];
    const messages = sessionOf(rows);
    messages.splice(2, 0, {
      type: 'derived',
      buffer: batchOf([{ kind: EventKind.crossed, flags: EventFlag.derived, receiveNs: BigInt(at(0)) }], 0),
      ordinals: Float64Array.of(0),
    });
    await store.record(messages, ID);
    expect((await timeline(0, 10)).rows).toEqual([rows[0], rows[2], rows[3]].map((row) => full(row)));
  });

  it('keeps the order of rows whose receive time steps back', async () => {
    const rows: Row[] = [10, 20, 15, 30, 18].map((ms, i) => ({
      kind: EventKind.level,
      side: 1,
      price: i,
      size: 1,
      receiveNs: BigInt(at(ms)),
    }));
    const outcome = sessionOf(rows);
    await store.record(outcome, ID, {}, { timeSteps: 2 });
    expect((await timeline(0, 17)).rows).toEqual(rows.slice(0, 1).map(full));
    expect((await timeline(0, 20)).rows).toEqual(rows.slice(0, 3).map(full));
    expect((await timeline(0, 99)).rows).toEqual(rows.map(full));
  });
});

describe('thinned levels', () => {
  it('give the raw book at the end of every bucket, across clears, with far fewer rows', async () => {
    const rows = stepRows(240_000);
    for (const row of [50_500, 120_250]) rows[row] = { kind: EventKind.clear, receiveNs: rows[row].receiveNs };
    for (const row of [70_100, 130_200]) rows[row] = { kind: EventKind.trade, price: 10_003, size: 1, receiveNs: rows[row].receiveNs };
    await store.record(sessionOf(rows, 30_000), ID);
    const { streams } = await store.caller.call('sessions.manifest', { sessionId: SESSION });
    expect(Object.keys(streams)).toContain('lod_1s');
    for (const second of [1, 50, 51, 120, 121, 200, 240]) {
      const thin = await timeline(0, second * 1000 - 1, '1s');
      const raw = await timeline(0, second * 1000 - 1);
      expect(bookAfter(thin.rows)).toEqual(bookAfter(raw.rows));
      if (second > 10) expect(thin.rows.length * 2).toBeLessThan(raw.rows.length);
    }
    const trades = (await timeline(0, 240_000, '1s')).rows.filter((row) => row.kind === EventKind.trade);
    expect(trades).toEqual([rows[70_100], rows[130_200]].map(full));
  });
});

describe('overviews', () => {
  it('count events per bin and tell events in words', async () => {
    const rows: Row[] = [
      ...stepRows(10),
      { kind: EventKind.gap, instrument: ALL_INSTRUMENTS, size: 3, sequence: 17, ref: 20, receiveNs: BigInt(at(10)) },
      { kind: EventKind.status, code: 2, instrument: 0, receiveNs: BigInt(at(19)) },
    ];
    await store.record(sessionOf(rows), ID, { firstReceiveNs: at(0), lastReceiveNs: at(19) });
    const strip = await store.caller.call('sessions.activity', { sessionId: SESSION, instrumentId: null, bins: 2 });
    expect(strip.counts).toEqual([10, 2]);
    expect((await store.caller.call('sessions.activity', { sessionId: SESSION, instrumentId: 0, bins: 2 })).counts).toEqual([10, 1]);
    const events = await store.caller.call('sessions.events', { sessionId: SESSION, instrumentId: null, limit: 10 });
    expect(events.map((event) => [event.ordinal, event.timeNs, event.instrumentId, event.kind, event.text])).toEqual([
      [10, at(10), null, 'gap', 'The session: 3 messages missing, from 17 to before 20'],
      [11, at(19), 0, 'status', 'AAA: trading halted'],
    ]);
  });
});

describe('exports', () => {
  const rows: Row[] = [
    {
      kind: EventKind.trade,
      instrument: 0,
      side: 1,
      price: 617_376_300,
      size: 12,
      flags: 3,
      sequence: 9,
      receiveNs: BASE_NS + 1n,
      exchangeNs: BASE_NS - 1n,
    },
    { kind: EventKind.trade, instrument: 1, side: 2, price: 1, size: 2 ** 53 - 1, receiveNs: BASE_NS + 2n },
  ];
  const run = (format: 'parquet' | 'csv' | 'jsonl', path: string, overwrite = false) =>
    store.caller.call('export.run', { jobId: 'e', sessionId: SESSION, stream: 'trade', format, path, overwrite });

  it.each(['parquet', 'csv', 'jsonl'] as const)('%s is read back by DuckDB with every digit', async (format) => {
    await store.record(sessionOf(rows), ID);
    const path = join(folder.path, `out.${format}`);
    expect((await run(format, path)).rows).toBe(2);
    const duck = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = { parquet: 'read_parquet', csv: 'read_csv', jsonl: 'read_json' }[format];
    const options = { parquet: '', csv: ', all_varchar = true', jsonl: ', convert_strings_to_integers = false' }[format];
    const read = await duck.runAndReadAll(
      `SELECT symbol, kind, side, price::DECIMAL(18,9)::VARCHAR, size::DECIMAL(18,9)::VARCHAR, coalesce(flags, ''), replace(receive_time::VARCHAR, 'T', ' ') FROM ${reader}('${path}'${options}) ORDER BY ordinal::BIGINT`,
    );
    const z = format === 'parquet' ? '' : 'Z';
    expect(read.getRows()).toEqual([
      ['AAA', 'trade', 'buy', '61737.630000000', '12.000000000', 'eventEnd|intermarketSweep', `2023-11-14 22:13:20.000000001${z}`],
      ['BBBUSDT', 'trade', 'sell', '0.000000010', '90071992.547409910', '', `2023-11-14 22:13:20.000000002${z}`],
    ]);
  });

  it('gzips a .gz, refuses to replace unless told, leaves nothing beside the file', async () => {
    await store.record(sessionOf(rows), ID);
    mkdirSync(join(folder.path, 'out'));
    const path = join(folder.path, 'out', 'trades.csv.gz');
    await run('csv', path);
    const text = gunzipSync(readFileSync(path)).toString('utf8');
    expect(text.split('\n').length).toBe(4);
    await expect(run('csv', path)).rejects.toMatchObject({ wire: { code: 'store.file-exists' } });
    writeFileSync(path, 'old');
    await run('csv', path, true);
    expect(gunzipSync(readFileSync(path)).toString('utf8')).toBe(text);
    expect(readdirSync(join(folder.path, 'out'))).toEqual(['trades.csv.gz']);
  });

  it('leaves nothing when cancelled', async () => {
    await store.record(sessionOf(stepRows(300_000), 30_000), ID);
    mkdirSync(join(folder.path, 'out'));
    const path = join(folder.path, 'out', 'depth.csv');
    const running = store.caller.call('export.run', {
      jobId: 'long',
      sessionId: SESSION,
      stream: 'depth',
      format: 'csv',
      path,
      overwrite: false,
    });
    await Promise.all([
      expect(running).rejects.toMatchObject({ wire: { code: 'store.export-cancelled' } }),
      store.caller.call('export.cancel', { jobId: 'long' }),
    ]);
    expect(readdirSync(join(folder.path, 'out'))).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('deletes a session with its files and dead letters', async () => {
    const letter: StoreMessage = {
      type: 'dead-letter',
      letter: { reason: 'notJson', where: 'line 3', bytes: new Uint8Array(5000), receiveNs: null },
    };
    await store.record([letter, ...sessionOf(stepRows(5))], ID);
    expect(await store.caller.call('status', {})).toMatchObject({ deadLetters: 1 });
    await store.caller.call('sessions.delete', { sessionId: SESSION });
    expect(await store.caller.call('sessions.list', {})).toEqual([]);
    expect(await store.caller.call('status', {})).toMatchObject({ deadLetters: 0 });
    expect(existsSync(join(folder.path, 'sessions', SESSION))).toBe(false);
    await expect(store.caller.call('sessions.manifest', { sessionId: SESSION })).rejects.toMatchObject({
      wire: { code: 'store.no-session' },
    });
  });

  it('keeps settings and the result of a verification', async () => {
    await store.record(sessionOf(stepRows(5)), ID);
    expect((await store.caller.call('sessions.list', {}))[0].verified).toBeNull();
    await store.caller.call('sessions.setVerified', { sessionId: SESSION, verified: true });
    await store.caller.call('settings.set', { key: 'palette', value: 'ember' });
    await store.caller.call('close', {});
    await store.caller.call('open', { dataDir: folder.path });
    expect((await store.caller.call('sessions.list', {}))[0].verified).toBe(true);
    expect(await store.caller.call('settings.get', { key: 'palette' })).toBe('ember');
  });
});
