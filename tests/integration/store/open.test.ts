/** A data directory that cannot be used is refused in one clear sentence, and what is in it stays as it was. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTrouble } from '../../../native-workers/store/trouble.ts';
import { contentId, sessionOf, stepRows, StoreThread, temporaryFolder } from './helpers.ts';

const mayMount = tryMount();
let folder: ReturnType<typeof temporaryFolder>;
let store: StoreThread;

beforeEach(() => {
  folder = temporaryFolder();
  store = StoreThread.start();
});

afterEach(async () => {
  await store.stop();
  folder.remove();
});

const open = (dataDir: string): Promise<unknown> => store.caller.call('open', { dataDir });
const catalogue = (): string => join(folder.path, 'catalogue.sqlite');

/** Makes a data directory with one recording. */
async function recorded(): Promise<string> {
  await open(folder.path);
  await store.record(sessionOf(stepRows(10)), contentId(1));
  await store.caller.call('close', {});
  return contentId(1).slice(0, 16);
}

describe('opening a data directory', () => {
  it('that is a file', async () => {
    const file = join(folder.path, 'notes.txt');
    writeFileSync(file, 'mine');
    for (const dataDir of [file, join(file, 'below')]) {
      await expect(open(dataDir)).rejects.toMatchObject({
        wire: { code: 'store.bad-data-dir', userText: expect.stringContaining('a file is where a folder must be') as string },
      });
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('whose catalogue is no database', async () => {
    const sessionId = await recorded();
    for (const name of ['', '-wal', '-shm']) rmSync(catalogue() + name, { force: true });
    writeFileSync(catalogue(), 'this was a database once. '.repeat(400));
    await expect(open(folder.path)).rejects.toMatchObject({
      wire: { code: 'store.damaged-catalogue', userText: expect.stringContaining('move its files catalogue.sqlite* away') as string },
    });
    await expect(store.caller.call('sessions.list', {})).rejects.toMatchObject({ wire: { code: 'store.not-open' } });

    // What the sentence says to do helps.
    rmSync(catalogue());
    expect(await open(folder.path)).toMatchObject({ adopted: 1 });
    expect(await store.caller.call('sessions.list', {})).toMatchObject([{ sessionId }]);
  });

  it('whose catalogue lost a table, or is damaged while it is open', async () => {
    await recorded();
    const db = new Database(catalogue());
    db.exec('DROP TABLE session');
    db.close();
    const damaged = { wire: { code: 'store.damaged-catalogue', userText: expect.stringContaining(folder.path) as string } };
    await expect(open(folder.path)).rejects.toMatchObject(damaged);

    rmSync(catalogue());
    expect(await open(folder.path)).toMatchObject({ adopted: 1 });
    const other = new Database(catalogue());
    other.exec('DROP TABLE session');
    other.close();
    await expect(store.caller.call('sessions.list', {})).rejects.toMatchObject(damaged);
  });

  it('whose catalogue was written by a newer version', async () => {
    await recorded();
    const db = new Database(catalogue());
    db.prepare("INSERT INTO migration VALUES (999, '0999_later.sql', 'x')").run();
    db.close();
    await expect(open(folder.path)).rejects.toMatchObject({
      wire: { code: 'store.newer-schema', userText: expect.stringContaining('written by a newer Depthscope') as string },
    });
  });

  it('with a folder whose manifest is damaged or of a newer format: it stays unlisted, the rest opens', async () => {
    const sessionId = await recorded();
    for (const [name, manifest] of [
      ['1111111111111111', '{ "formatVersion": 1, "sess'],
      ['2222222222222222', '{ "formatVersion": 999 }'],
    ] as const) {
      mkdirSync(join(folder.path, 'sessions', name));
      writeFileSync(join(folder.path, 'sessions', name, 'manifest.json'), manifest);
    }
    expect(await open(folder.path)).toMatchObject({ adopted: 0 });
    expect(await store.caller.call('sessions.list', {})).toMatchObject([{ sessionId }]);
    expect(existsSync(join(folder.path, 'sessions', '1111111111111111', 'manifest.json'))).toBe(true);
  });

  it.runIf(mayMount)('on a read-only disk (needs root on Linux to mount one)', async () => {
    await recorded();
    const remove = mountReadOnly(folder.path);
    try {
      await expect(open(folder.path)).rejects.toMatchObject({
        wire: { code: 'store.read-only', userText: expect.stringContaining('cannot be written') as string },
      });
    } finally {
      remove();
    }
  });

  it.runIf(mayMount)('that is empty, on a read-only disk (needs root on Linux to mount one)', async () => {
    const remove = mountReadOnly(folder.path);
    try {
      for (const dataDir of [folder.path, join(folder.path, 'below')])
        await expect(open(dataDir)).rejects.toMatchObject({ wire: { code: 'store.read-only' } });
    } finally {
      remove();
    }
  });

  it('whose folders cannot be made, as Node tells it of a read-only disk', () => {
    const thrown = Object.assign(new Error('ENOENT: no such file or directory, mkdir'), { code: 'ENOENT', syscall: 'mkdir' });
    expect(openTrouble(thrown, '/d').wire.code).toBe('store.read-only');
  });

  it.each(['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC'])('on a full disk, which says %s', (code) => {
    expect(openTrouble(Object.assign(new Error('disk I/O error'), { code }), '/d').wire).toMatchObject({
      code: 'store.disk-full',
      userText: expect.stringContaining('every recording is kept') as string,
    });
  });

  it.each(['EACCES', 'EROFS', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_CANTOPEN'])('that refuses to be written with %s', (code) => {
    expect(openTrouble(Object.assign(new Error(code), { code }), '/d').wire).toMatchObject({
      code: 'store.read-only',
      userText: '/d cannot be written; allow it, or choose another data directory.',
    });
  });
});

it('knows the bytes of its recordings', async () => {
  await open(folder.path);
  expect(await store.caller.call('status', {})).toEqual({ cacheBytes: 0, deadLetters: 0 });
  await store.record(sessionOf(stepRows(10)), contentId(1));
  await store.record(sessionOf(stepRows(20)), contentId(2));
  const listed = (await store.caller.call('sessions.list', {})) as { sessionId: string; bytes: number }[];
  const bytes = listed.reduce((sum, session) => sum + session.bytes, 0);
  expect(bytes).toBeGreaterThan(0);
  expect(await store.caller.call('status', {})).toEqual({ cacheBytes: bytes, deadLetters: 0 });
  await store.caller.call('sessions.delete', { sessionId: contentId(2).slice(0, 16) });
  const [left] = listed.filter((session) => session.sessionId === contentId(1).slice(0, 16));
  expect(await store.caller.call('status', {})).toEqual({ cacheBytes: left.bytes, deadLetters: 0 });
});

it('names the program in the manifest', async () => {
  await store.caller.call('open', { dataDir: folder.path, software: 'depthscope 9.8.7' });
  await store.record(sessionOf(stepRows(10)), contentId(1));
  const manifest = await store.caller.call('sessions.manifest', { sessionId: contentId(1).slice(0, 16) });
  expect(manifest.software).toBe('depthscope 9.8.7');
});

/** Mounts the folder on itself read-only; returns the way back. */
function mountReadOnly(path: string): () => void {
  execFileSync('mount', ['--bind', path, path], { stdio: 'ignore' });
  execFileSync('mount', ['-o', 'remount,ro,bind', path], { stdio: 'ignore' });
  return () => execFileSync('umount', [path]);
}

function tryMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const probe = temporaryFolder();
  try {
    mountReadOnly(probe.path)();
    return true;
  } catch {
    // Containers may forbid mounts even to root: the skipped test says so.
    return false;
  } finally {
    probe.remove();
  }
}
