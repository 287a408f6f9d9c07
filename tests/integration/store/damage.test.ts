/** Every file of a sealed recording is covered by a digest, images and thinned rows too; a damaged session is replaced. */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventFlag, EventKind, type Manifest } from '../../../core/model/index.ts';
import { StoreThread, batchOf, BASE_NS, bookOutcome, contentId, importOutcome, sessionOf, stepRows, temporaryFolder } from './helpers.ts';

const ROWS = 210_000;
const ID = contentId(1);
const SESSION = ID.slice(0, 16);
let folder: ReturnType<typeof temporaryFolder>;
let store: StoreThread;
let files: Manifest['files'];
const inSession = (path: string): string => join(folder.path, 'sessions', SESSION, path);
const faults = (): Promise<string[]> => store.caller.call('sessions.faults', { sessionId: SESSION });

beforeAll(async () => {
  folder = temporaryFolder();
  store = StoreThread.start();
  await store.caller.call('open', { dataDir: folder.path });
  const image = [EventKind.snapshotBegin, EventKind.level, EventKind.snapshotEnd].map((kind) => ({
    kind,
    side: kind === EventKind.level ? 1 : 0,
    flags: EventFlag.snapshot,
    price: kind === EventKind.level ? 10_000 : 0,
    size: 1,
    receiveNs: BASE_NS,
  }));
  const messages = sessionOf(stepRows(ROWS), 30_000);
  messages.splice(-1, 0, { type: 'keyframe', buffer: batchOf(image, 0), ordinals: new Float64Array([9, 9, 9]) });
  await store.record(messages, ID, { events: ROWS });
  files = (await store.caller.call('sessions.manifest', { sessionId: SESSION })).files;
});
afterAll(async () => {
  await store.stop();
  folder.remove();
});

it('finds any file that is gone, cut, changed by one byte, or too many, and nothing in a whole recording', async () => {
  expect(files.map(({ path }) => path.split('/')[0])).toEqual(['depth', 'instrument.parquet', 'keyframe', 'lod_1s']);
  expect(await faults()).toEqual([]);
  for (const { path, bytes } of files) {
    const whole = readFileSync(inSession(path));
    expect(whole.length).toBe(bytes);
    rmSync(inSession(path));
    expect(await faults()).toEqual([`${path} is missing`]);
    writeFileSync(inSession(path), whole);
    truncateSync(inSession(path), bytes - 1);
    expect(await faults()).toEqual([`${path} has ${bytes - 1} bytes instead of ${bytes}`]);
    for (const at of [0, bytes >> 1, bytes - 1]) {
      const changed = Uint8Array.from(whole);
      changed[at] ^= 1;
      writeFileSync(inSession(path), changed);
      expect(await faults()).toEqual([`${path} has changed`]);
    }
    writeFileSync(inSession(path), whole);
  }
  writeFileSync(inSession('depth/chunk=00000/other.parquet'), '');
  expect(await faults()).toEqual(['depth/chunk=00000/other.parquet does not belong to it']);
  rmSync(inSession('depth/chunk=00000/other.parquet'));
});

it('finds a changed manifest or digest', async () => {
  for (const name of ['manifest.json', 'manifest.sha256']) {
    const whole = readFileSync(inSession(name), 'utf8');
    writeFileSync(inSession(name), name === 'manifest.json' ? whole.replace('"NINE"', '"TEN"') : whole.replace(/^./, 'x'));
    expect(await faults()).toEqual(['manifest.json or manifest.sha256 has changed']);
    writeFileSync(inSession(name), whole);
  }
  expect(await faults()).toEqual([]);
});

it('counts a session as absent when a file is missing or verify failed, and a new recording takes its place', async () => {
  const found = (): Promise<unknown> => store.caller.call('sessions.findContent', { contentId: ID });
  expect(await found()).toMatchObject({ sessionId: SESSION });
  await store.caller.call('sessions.setVerified', { sessionId: SESSION, verified: false });
  expect(await found()).toBeNull();
  await store.caller.call('sessions.setVerified', { sessionId: SESSION, verified: true });
  expect(await found()).not.toBeNull();
  rmSync(inSession('instrument.parquet'));
  expect(await found()).toBeNull();
  await store.record(sessionOf(stepRows(100)), ID, { events: 100 });
  expect(await found()).toMatchObject({ events: 100, verified: null });
  expect((await store.readAll(SESSION)).rows).toHaveLength(100);
  expect(await faults()).toEqual([]);
  expect(readdirSync(join(folder.path, 'staging')).filter((name) => !name.startsWith('scratch'))).toEqual([]);
});

it('sealed by two stores at once: the second finds the first', async () => {
  const other = StoreThread.start();
  await other.caller.call('open', { dataDir: folder.path });
  const both = [store, other];
  const seal = async (one: StoreThread, n: number): Promise<boolean> => {
    const args = { stagingId: `s${n}`, import: importOutcome(contentId(2)), book: bookOutcome(), seconds: 1 };
    return (await one.caller.call('write.seal', args)).report.alreadyImported;
  };
  await Promise.all(both.map((one, n) => one.consume(`s${n}`, sessionOf(stepRows(20_000)))));
  expect((await Promise.all(both.map(seal))).sort()).toEqual([false, true]);
  expect((await other.readAll(contentId(2).slice(0, 16))).rows).toHaveLength(20_000);
  await other.stop();
});

it('leaves no folder behind when a sealed recording cannot be listed', async () => {
  const other = temporaryFolder();
  const lone = StoreThread.start();
  await lone.caller.call('open', { dataDir: other.path });
  await lone.consume('s', sessionOf(stepRows(100)));
  const db = new Database(join(other.path, 'catalogue.sqlite'));
  db.exec('DROP TABLE dead_letter');
  db.close();
  const seal = lone.caller.call('write.seal', { stagingId: 's', import: importOutcome(ID), book: bookOutcome(), seconds: 1 });
  await expect(seal).rejects.toMatchObject({ wire: { code: 'store.damaged-catalogue' } });
  expect(readdirSync(join(other.path, 'sessions'))).toEqual([]);
  expect(await lone.caller.call('sessions.list', {})).toEqual([]);
  await lone.stop();
  other.remove();
});
