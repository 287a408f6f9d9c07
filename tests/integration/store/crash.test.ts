/** A process killed at any moment leaves nothing half-listed, and what another living process records is left alone. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contentId, full, sessionOf, stepRows, StoreThread, temporaryFolder } from './helpers.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const SESSION = contentId(7).slice(0, 16);

function startChild(moment: string): ChildProcess {
  return fork(fileURLToPath(new URL('./crash-child.ts', import.meta.url)), [folder.path, moment], { execArgv: ['--no-warnings'] });
}

async function reopened(): Promise<{ store: StoreThread; opened: { adopted: number; cleaned: number; missing: readonly string[] } }> {
  const store = StoreThread.start();
  return { store, opened: await store.caller.call('open', { dataDir: folder.path }) };
}

/** Records one session that every crash must leave as it is. */
async function recordFirst(): Promise<void> {
  const { store } = await reopened();
  await store.record(sessionOf(stepRows(100)), contentId(1));
  await store.stop();
}

it.each(['consume', 'writing', 'moving'])('killed at %s: cleaned, not listed, the earlier session whole', async (moment) => {
  await recordFirst();
  const [, signal] = await once(startChild(moment), 'exit');
  expect(signal).toBe('SIGKILL');
  const { store, opened } = await reopened();
  expect(opened).toEqual({ adopted: 0, cleaned: 1, missing: [] });
  expect((await store.caller.call('sessions.list', {})).map((session) => session.sessionId)).toEqual([contentId(1).slice(0, 16)]);
  expect((await store.readAll(contentId(1).slice(0, 16))).rows).toEqual(stepRows(100).map(full));
  expect(readdirSync(join(folder.path, 'staging')).filter((name) => !name.startsWith('scratch'))).toEqual([]);
  await store.stop();
});

it('killed between the rename and the listing: adopted whole', async () => {
  await recordFirst();
  const [, signal] = await once(startChild('listing'), 'exit');
  expect(signal).toBe('SIGKILL');
  const { store, opened } = await reopened();
  expect(opened).toEqual({ adopted: 1, cleaned: 1, missing: [] });
  expect((await store.readAll(SESSION)).rows).toEqual(stepRows(3000).map(full));
  expect((await store.caller.call('sessions.findContent', { contentId: contentId(7) }))?.events).toBe(3000);
  await store.stop();
});

it('does not adopt a recording whose files are damaged', async () => {
  await once(startChild('listing'), 'exit');
  rmSync(join(folder.path, 'sessions', SESSION, 'depth'), { recursive: true });
  const { store, opened } = await reopened();
  expect(opened.adopted).toBe(0);
  expect(await store.caller.call('sessions.list', {})).toEqual([]);
  await store.stop();
});

it('leaves the staging of a living process alone', async () => {
  const child = startChild('wait');
  await once(child, 'message');
  const { store, opened } = await reopened();
  expect(opened.cleaned).toBe(0);
  expect(existsSync(join(folder.path, 'staging', 'child'))).toBe(true);
  const ended = once(child, 'exit');
  child.send('go on');
  expect(await ended).toEqual([0, null]);
  expect((await store.caller.call('sessions.list', {})).map((session) => session.sessionId)).toEqual([SESSION]);
  expect((await store.readAll(SESSION)).rows).toEqual(stepRows(3000).map(full));
  await store.stop();
});

it('names listed sessions whose folder is gone and takes them off the list', async () => {
  await recordFirst();
  rmSync(join(folder.path, 'sessions', contentId(1).slice(0, 16)), { recursive: true });
  const { store, opened } = await reopened();
  expect(opened.missing).toEqual(['Session 0000']);
  expect(await store.caller.call('sessions.list', {})).toEqual([]);
  await store.stop();
});
