/** A real host with its real workers on an empty data directory, and a client on it, for integration tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobState } from '../../../core/contract/index.ts';
import { memoryChannelPair, RpcClient, RpcServer } from '../../../core/rpc/index.ts';
import { createHost, type Host } from '../../../electron/host/index.ts';

export interface HostHarness {
  readonly host: Host;
  readonly client: RpcClient;
  readonly dataDir: string;
  /** Resolves with the job when it is over. */
  over(jobId: string): Promise<JobState>;
  /** Resolves with the job as soon as `test` holds. */
  until(jobId: string, test: (job: JobState) => boolean): Promise<JobState>;
  end(): Promise<void>;
}

export async function startHost(options: { noSample: boolean } = { noSample: true }): Promise<HostHarness> {
  const dataDir = mkdtempSync(join(tmpdir(), 'depthscope-host-'));
  const host = await createHost({ dataDir, ...options });
  const server = new RpcServer(host.handlers);
  const [here, there] = memoryChannelPair();
  server.attach(there, 'browser');
  const client = new RpcClient(here);
  const until: HostHarness['until'] = (jobId, test) =>
    new Promise((resolve, reject) => {
      const stop = client.subscribe(
        'jobs',
        {},
        {
          onItem: (jobs) => {
            const job = jobs.find((each) => each.jobId === jobId);
            if (!job || !test(job)) return;
            stop();
            resolve(job);
          },
          onError: reject,
        },
      );
    });
  return {
    host,
    client,
    dataDir,
    until,
    over: (jobId) => until(jobId, (job) => ['done', 'failed', 'cancelled'].includes(job.state)),
    end: async () => {
      client.close();
      await host.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Writes a made-up Binance spot recording with `trades` trades and returns its text. */
export function tradesRecording(trades: number): string {
  const lines: string[] = [];
  for (let i = 0; i < trades; i++) {
    const ms = 1_700_000_000_000 + i;
    const data = { e: 'trade', E: ms, s: 'BTCUSDT', t: 1000 + i, p: `${30_000 + (i % 10)}.50`, q: '0.01', T: ms, m: i % 2 === 0, M: true };
    lines.push(`${ms}000000 ${JSON.stringify({ stream: 'btcusdt@trade', data })}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Writes a recording into the folder and returns its path. */
export function writeRecording(folder: string, name: string, trades: number): string {
  const path = join(folder, name);
  writeFileSync(path, tradesRecording(trades));
  return path;
}
