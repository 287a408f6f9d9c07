/** A recording that is given up, or whose source vanishes, leaves nothing and says so. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bookOutcome, contentId, feed, importOutcome, sessionOf, stepRows, StoreThread, temporaryFolder } from './helpers.ts';

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

const staged = (): string[] => readdirSync(join(folder.path, 'staging')).filter((name) => !name.startsWith('scratch'));

/** Starts a recording and sends everything but its end. */
async function startRecording(): Promise<{ port: MessagePort; consumed: Promise<unknown> }> {
  const { port1, port2 } = new MessageChannel();
  const consumed = store.caller.call('write.consume', { stagingId: 's', input: port2 }, [port2]);
  await feed(port1, sessionOf(stepRows(5000), 500).slice(0, -1));
  return { port: port1, consumed };
}

it('aborted while rows are coming', async () => {
  const { consumed } = await startRecording();
  const rejected = expect(consumed).rejects.toMatchObject({ wire: { code: 'store.aborted' } });
  await store.caller.call('write.abort', { stagingId: 's' });
  await rejected;
  expect(staged()).toEqual([]);
});

it('aborted while it is being sealed', async () => {
  await store.consume('s', sessionOf(stepRows(400_000), 30_000));
  const begun = new Promise<void>((resolve) => store.caller.on('sealProgress', () => resolve()));
  const sealed = store.caller.call('write.seal', { stagingId: 's', import: importOutcome(contentId(1)), book: bookOutcome(), seconds: 1 });
  const rejected = expect(sealed).rejects.toMatchObject({ wire: { code: expect.stringMatching(/^store\./) as string } });
  await begun;
  await store.caller.call('write.abort', { stagingId: 's' });
  await rejected;
  expect(staged()).toEqual([]);
  expect(await store.caller.call('sessions.list', {})).toEqual([]);
});

it('its source vanishes', async () => {
  const { port, consumed } = await startRecording();
  const rejected = expect(consumed).rejects.toMatchObject({ wire: { code: 'store.source-gone' } });
  port.close();
  await rejected;
  expect(staged()).toEqual([]);
});

it('a name can be used again after it was given up, but not while it is in use', async () => {
  const { consumed } = await startRecording();
  const { port2 } = new MessageChannel();
  await expect(store.caller.call('write.consume', { stagingId: 's', input: port2 }, [port2])).rejects.toMatchObject({
    wire: { code: 'store.staging-taken' },
  });
  const rejected = expect(consumed).rejects.toThrow();
  await store.caller.call('write.abort', { stagingId: 's' });
  await rejected;
  expect(await store.consume('s', sessionOf(stepRows(10)))).toEqual({ rows: 10 });
});
