/** The host with its real workers: import, the same content again, cancel, failures in words, uploads, views. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeViewFrame } from '../../../core/frames/index.ts';
import { startHost, tradesRecording, writeRecording, type HostHarness } from './harness.ts';

let harness: HostHarness;

beforeEach(async () => {
  harness = await startHost();
});
afterEach(() => harness.end());

function importFile(path: string): Promise<{ jobId: string }> {
  return harness.client.call('import.files', { paths: [path], venue: 'binance' });
}

function stagings(): string[] {
  return readdirSync(join(harness.dataDir, 'staging')).filter((name) => !name.startsWith('scratch-'));
}

describe('imports', () => {
  it('makes a session of a recording, and recognises the same content under another name', async () => {
    const first = await harness.over((await importFile(writeRecording(harness.dataDir, 'a.jsonl', 500))).jobId);
    expect(first).toMatchObject({ state: 'done', title: 'a.jsonl', alreadyImported: false, error: null, messages: 500 });
    const again = await harness.over((await importFile(writeRecording(harness.dataDir, 'b.jsonl', 500))).jobId);
    expect(again).toMatchObject({ state: 'done', alreadyImported: true, sessionId: first.sessionId });
    const sessions = await harness.client.call('sessions.list', {});
    expect(sessions.map(({ sessionId, trades }) => [sessionId, trades])).toEqual([[first.sessionId, 500]]);
    expect(stagings()).toEqual([]);
  });

  it('runs one import after the other, and leaves nothing of a cancelled one', async () => {
    const one = await importFile(writeRecording(harness.dataDir, 'long.jsonl', 200_000));
    const two = await importFile(writeRecording(harness.dataDir, 'short.jsonl', 10));
    expect((await harness.until(two.jobId, () => true)).state).toBe('queued');
    await harness.until(one.jobId, ({ phase, messages }) => phase === 'reading' && messages > 0);
    await harness.client.call('jobs.cancel', { jobId: one.jobId });
    expect(await harness.over(one.jobId)).toMatchObject({ state: 'cancelled', error: null, sessionId: null });
    expect((await harness.over(two.jobId)).state).toBe('done');
    expect((await harness.client.call('sessions.list', {})).map(({ title }) => title)).toEqual(['short.jsonl']);
    expect(stagings()).toEqual([]);
  });

  it('cancels a job that still waits', async () => {
    const one = await importFile(writeRecording(harness.dataDir, 'long.jsonl', 50_000));
    const two = await importFile(writeRecording(harness.dataDir, 'waits.jsonl', 10));
    await harness.client.call('jobs.cancel', { jobId: two.jobId });
    expect((await harness.over(two.jobId)).state).toBe('cancelled');
    expect((await harness.over(one.jobId)).state).toBe('done');
    await harness.client.call('jobs.dismiss', { jobId: two.jobId });
    expect(harness.host.jobs.list().map(({ jobId }) => jobId)).toEqual([one.jobId]);
  });

  it('fails in words for a file that is not there', async () => {
    const job = await harness.over((await importFile(join(harness.dataDir, 'none.jsonl'))).jobId);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'import.unreadable' } });
    expect(job.error?.userText).toContain('none.jsonl" cannot be read');
  });

  it('imports the sample by itself on the first start only', async () => {
    await harness.end();
    harness = await startHost({ noSample: false });
    const [job] = harness.host.jobs.list();
    expect(job.title).toBe('Sample session (synthetic)');
    expect(await harness.over(job.jobId)).toMatchObject({ state: 'done' });
    expect((await harness.client.call('sessions.list', {}))[0]).toMatchObject({ synthetic: true });
  });
});

describe('uploads', () => {
  it('takes a file in chunks, imports it and removes it', async () => {
    const bytes = Buffer.from(tradesRecording(300));
    const { uploadId } = await harness.client.call('upload.begin', { name: '../../evil/../c.jsonl', bytes: bytes.length });
    const half = Math.floor(bytes.length / 2);
    await harness.client.call('upload.chunk', { uploadId, offset: 0 }, bytes.subarray(0, half));
    await expect(harness.client.call('upload.chunk', { uploadId, offset: 0 }, bytes.subarray(half))).rejects.toThrow('out of order');
    await expect(harness.client.call('upload.import', { uploadIds: [uploadId], venue: 'binance' })).rejects.toThrow('drop the file again');
    expect(await harness.client.call('upload.chunk', { uploadId, offset: half }, bytes.subarray(half))).toEqual({ received: bytes.length });
    await expect(harness.client.call('upload.chunk', { uploadId, offset: bytes.length }, Uint8Array.of(1))).rejects.toThrow('More bytes');
    const { jobId } = await harness.client.call('upload.import', { uploadIds: [uploadId], venue: 'binance' });
    expect(await harness.over(jobId)).toMatchObject({ state: 'done', title: 'c.jsonl' });
    await harness.host.close();
    expect(readdirSync(join(harness.dataDir, 'inbox'))).toEqual([]);
  });

  it('removes what was given up', async () => {
    const { uploadId } = await harness.client.call('upload.begin', { name: 'c', bytes: 10 });
    expect(readdirSync(join(harness.dataDir, 'inbox'))).toHaveLength(1);
    await harness.client.call('upload.abort', { uploadId });
    expect(readdirSync(join(harness.dataDir, 'inbox'))).toEqual([]);
    await expect(harness.client.call('upload.abort', { uploadId })).rejects.toThrow('not open any more');
  });
});

describe('views', () => {
  it('streams frames of an opened view and goes on after each acknowledgement', async () => {
    const { sessionId } = await harness.over((await importFile(writeRecording(harness.dataDir, 'a.jsonl', 2000))).jobId);
    const view = await harness.client.call('view.open', { sessionId: sessionId as string, instrumentId: 0 });
    const epochs: number[] = [];
    const second = Promise.withResolvers<void>();
    const stop = harness.client.subscribe(
      'view.frames',
      { viewId: view.viewId },
      {
        onItem: (bytes) => {
          epochs.push(decodeViewFrame(bytes).epoch);
          if (epochs.includes(2)) second.resolve();
        },
        onError: second.reject,
      },
    );
    await harness.client.call('view.window', { viewId: view.viewId, epoch: 1, window: view.suggested });
    await harness.client.call('replay.seek', { viewId: view.viewId, epoch: 2, timeNs: view.fromNs });
    await second.promise;
    stop();
    await harness.client.call('view.close', { viewId: view.viewId });
    await expect(harness.client.call('replay.pause', { viewId: view.viewId })).rejects.toThrow('not open any more');
  });
});

describe('verify and export', () => {
  it('proves a recording and writes a stream of it once', async () => {
    const { sessionId } = await harness.over((await importFile(writeRecording(harness.dataDir, 'a.jsonl', 500))).jobId);
    const verify = await harness.client.call('sessions.verify', { sessionId: sessionId as string });
    expect(await harness.over(verify.jobId)).toMatchObject({ state: 'done', kind: 'verify' });
    expect((await harness.client.call('sessions.list', {}))[0].verified).toBe(true);
    const params = {
      sessionId: sessionId as string,
      stream: 'trade',
      format: 'csv',
      path: join(harness.dataDir, 't.csv'),
      overwrite: false,
    } as const;
    expect(await harness.over((await harness.client.call('export.start', params)).jobId)).toMatchObject({ state: 'done', messages: 500 });
    expect(await harness.over((await harness.client.call('export.start', params)).jobId)).toMatchObject({ state: 'failed' });
  });
});
