/**
 * Seeking in the real Binance spot recording over the host and the contract: from the call until the first frame of its
 * epoch was received and decoded. Truth first: the frame's head is the time asked for and its book has both sides.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { decodeViewFrame } from '../../../core/frames/index.ts';
import { memoryChannelPair, RpcClient, RpcServer } from '../../../core/rpc/index.ts';
import { createHost } from '../../../electron/host/index.ts';
import { realDataPath } from '../../fixtures/real-data.ts';
import { sfc32 } from '../gen/random.ts';
import { type BenchContext, demandEqual, type Measure } from '../lib/measure.ts';
import { median, quantile } from '../lib/stats.ts';

const FILES = ['binance/spot_btcusdt_20240808.gz', 'binance/spot_btcusdt_20240809.gz'];
const SEEKS = 200;

export async function bench(context: BenchContext): Promise<Measure[]> {
  const paths = FILES.map(realDataPath).filter((path) => path !== null);
  if (paths.length < FILES.length)
    throw new Error('the Binance spot recording is absent (set DEPTHSCOPE_REAL_DATA): seeking was not measured');
  const dataDir = join(context.dataDir, 'seek');
  rmSync(dataDir, { recursive: true, force: true });
  const host = await createHost({ dataDir, noSample: true });
  try {
    context.note('seek: importing the recording');
    const imported = await host.startImport({ kind: 'files', paths, venue: 'binance' }).done;
    context.note(`seek: measuring ${SEEKS} seeks`);
    const times = await seekTimes(host.handlers, imported.report.session);
    return [
      {
        id: '',
        name: 'seek to a decoded frame, Binance spot recording, p95',
        value: quantile(times, 0.95),
        unit: 'ms',
        goal: { atMost: 100 },
        spread: null,
        detail: { median: median(times), seeks: times.length },
      },
    ];
  } finally {
    await host.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function seekTimes(handlers: ConstructorParameters<typeof RpcServer>[0], sessionId: string): Promise<number[]> {
  const server = new RpcServer(handlers);
  const [here, there] = memoryChannelPair();
  server.attach(there, 'browser');
  const client = new RpcClient(here);
  const view = await client.call('view.open', { sessionId, instrumentId: 0 });
  const { viewId } = view;
  let waiting: { epoch: number; resolve: (frame: ReturnType<typeof decodeViewFrame>) => void } | null = null;
  const unsubscribe = client.subscribe(
    'view.frames',
    { viewId },
    {
      onItem: (bytes) => {
        const frame = decodeViewFrame(bytes);
        if (waiting && frame.epoch === waiting.epoch) waiting.resolve(frame);
      },
      onError: (error) => {
        throw error;
      },
    },
  );
  await client.call('view.window', { viewId, epoch: 1, window: view.suggested });
  const from = BigInt(view.fromNs);
  const span = BigInt(view.toNs) - from;
  const random = sfc32(11);
  const times: number[] = [];
  for (let i = 0; i < SEEKS; i++) {
    const timeNs = from + span / 20n + ((span - span / 20n) * BigInt(random.below(1_000_000))) / 1_000_000n;
    const epoch = i + 2;
    const startedAt = performance.now();
    const frame = await new Promise<ReturnType<typeof decodeViewFrame>>((resolve, reject) => {
      waiting = { epoch, resolve };
      client.call('replay.seek', { viewId, epoch, timeNs: timeNs.toString() }).catch(reject);
    });
    times.push(performance.now() - startedAt);
    demandEqual('head of the frame', frame.headNs, timeNs);
    demandEqual('both sides of the book are there', frame.bids.length > 0 && frame.asks.length > 0, true);
  }
  unsubscribe();
  server.close();
  return times;
}
