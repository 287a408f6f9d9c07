/** Long windows are made from thinned rows: the real store's, and the frames must be those made from all rows. */
import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ViewWindow } from '../../../core/contract/index.ts';
import { encodeViewFrame, type ViewFrame } from '../../../core/frames/index.ts';
import { EventBatch, EventFlag, EventKind, EventWriter, Side } from '../../../core/model/index.ts';
import { PipelineRun } from '../../../native-workers/book/pipeline-run.ts';
import { MARKET_INSTRUMENT, MARKET_START_NS, marketRows } from '../../fixtures/market-rows.ts';
import { ViewHarness } from '../../fixtures/view-harness.ts';
import { contentId, importOutcome, StoreThread, temporaryFolder } from '../store/helpers.ts';

const ID = contentId(78);
const SESSION = ID.slice(0, 16);
const SECOND = 1_000_000_000;
const HOUR = 3600 * SECOND;

let folder: ReturnType<typeof temporaryFolder>;
let store: StoreThread;
let views: { all: ViewHarness; thinned: ViewHarness };
let endNs: bigint;

async function connected(mostRawRows: number): Promise<ViewHarness> {
  const { port1, port2 } = new MessageChannel();
  await store.caller.call('connect', { port: port1 }, [port1]);
  return new ViewHarness(port2, { rowsPerSegment: 40_000, mostRawRows });
}

/**
 * A few hours of a market that void gaps and images interrupt, with quotes as Binance sends them. The rows of an event
 * come at one time: an event that straddles the end of a bucket is in that bucket's thinned rows as far as it came.
 */
function busyRows(): EventBatch[] {
  const batches: EventBatch[] = [];
  const market = marketRows({ seed: 4, events: 110_000, paceNs: 60_000_000, images: true, gapEvery: 9000 });
  const writer = new EventWriter(MARKET_START_NS, (batch) => batches.push(batch), 8192);
  let eventTime = 0;
  let open = false;
  for (const batch of market) {
    for (let from = 0; from < batch.rows; from++) {
      const row = writer.next();
      for (const name of ['kind', 'side', 'flags', 'price', 'size', 'receiveTime', 'exchangeTime', 'sequence'] as const)
        writer.batch[name][row] = batch[name][from];
      if (!open) eventTime = batch.receiveTime[from];
      open = batch.kind[from] === EventKind.level && (batch.flags[from] & (EventFlag.eventEnd | EventFlag.snapshot)) === 0;
      writer.batch.receiveTime[row] = eventTime;
      if (batch.kind[from] !== EventKind.trade) continue;
      const quote = writer.next();
      writer.batch.kind[quote] = EventKind.quote;
      writer.batch.side[quote] = Side.bid;
      writer.batch.price[quote] = batch.price[from];
      writer.batch.size[quote] = 5;
      writer.batch.flags[quote] = EventFlag.eventEnd;
      writer.batch.receiveTime[quote] = eventTime;
      writer.batch.exchangeTime[quote] = batch.exchangeTime[from];
    }
  }
  writer.flush();
  return batches;
}

beforeAll(async () => {
  folder = temporaryFolder();
  store = StoreThread.start();
  await store.caller.call('open', { dataDir: folder.path });
  const run = new PipelineRun(true);
  run.define([MARKET_INSTRUMENT]);
  const messages = [...busyRows().flatMap((batch) => run.take(batch.buffer)), ...run.finish()];
  await store.consume('staging-coarse', [{ type: 'instruments', instruments: [MARKET_INSTRUMENT] }, ...messages, { type: 'end' }]);
  await store.caller.call('write.seal', { stagingId: 'staging-coarse', import: importOutcome(ID), book: run.outcome(), seconds: 1 });
  views = { all: await connected(Number.POSITIVE_INFINITY), thinned: await connected(1000) };
  const [info, other] = await Promise.all([views.all.open(SESSION), views.thinned.open(SESSION)]);
  expect(other).toEqual(info);
  endNs = BigInt(info.toNs);
});

afterAll(async () => {
  views.all.close();
  views.thinned.close();
  await store.stop();
  folder.remove();
});

async function frames(epoch: number, window: ViewWindow, headNs: bigint): Promise<[ViewFrame, ViewFrame]> {
  for (const view of [views.all, views.thinned]) {
    void view.handlers['view.window']({ viewId: 'v', epoch, window });
    void view.handlers['replay.seek']({ viewId: 'v', epoch, timeNs: headNs.toString() });
  }
  const newest = async (view: ViewHarness): Promise<ViewFrame> => {
    let frame = await view.nextFull();
    while (frame.epoch < epoch || frame.headNs !== headNs) frame = await view.nextFull();
    return frame;
  };
  return Promise.all([newest(views.all), newest(views.thinned)]);
}

describe('a long window', () => {
  it('is made from fewer rows, and shows what all rows show', async () => {
    const manifest = await store.caller.call('sessions.manifest', { sessionId: SESSION });
    const streams = Object.keys(manifest.streams);
    expect(streams.filter((stream) => stream.startsWith('lod_')).length).toBeGreaterThan(0);
    let epoch = 10;
    let shown = 0;
    for (const bucketNs of [10 * SECOND, 60 * SECOND]) {
      for (const back of [0n, 1n, 1_234_567_890n, 95n * BigInt(SECOND), BigInt(HOUR)]) {
        const window = { endNs: null, bucketNs, rows: 300, lowUnits: 9800, binUnits: 4, bins: 100 };
        const [all, thinned] = await frames(epoch++, window, endNs - back);
        expect(thinned.headNs).toBe(endNs - back);
        expect(Buffer.compare(encodeViewFrame(all), encodeViewFrame(thinned))).toBe(0);
        shown += all.heat.filter((cell) => cell !== 0).length;
      }
    }
    expect(shown).toBeGreaterThan(10_000);
  });

  it('never shows a crossed touch', async () => {
    const window = { endNs: null, bucketNs: 10 * SECOND, rows: 400, lowUnits: 9800, binUnits: 4, bins: 100 };
    const [, { touch, rows }] = await frames(100, window, endNs);
    let both = 0;
    for (let row = 0; row < rows; row++) {
      if (Number.isNaN(touch[2 * row] + touch[2 * row + 1])) continue;
      both++;
      expect(touch[2 * row]).toBeLessThan(touch[2 * row + 1]);
    }
    expect(both).toBeGreaterThan(100);
  });

  it('goes on in play as it began', async () => {
    const window = { endNs: null, bucketNs: 10 * SECOND, rows: 300, lowUnits: 9800, binUnits: 4, bins: 100 };
    await frames(200, window, endNs - BigInt(HOUR));
    for (const view of [views.all, views.thinned]) void view.handlers['replay.play']({ viewId: 'v', speed: 100 });
    for (let i = 0; i < 8; i++) {
      const [all, thinned] = await Promise.all([views.all.next(), views.thinned.next()]);
      expect(Buffer.compare(encodeViewFrame(all), encodeViewFrame(thinned))).toBe(0);
      for (const view of [views.all, views.thinned]) view.wall.turn(130);
    }
    for (const view of [views.all, views.thinned]) void view.handlers['replay.pause']({ viewId: 'v' });
  });

  it('reads no quotes and thinned levels from the store', async () => {
    const args = { sessionId: SESSION, instrumentId: 0, fromNs: (endNs - BigInt(HOUR)).toString(), toNs: endNs.toString() };
    const count = async (resolution: 'raw' | '1m'): Promise<{ rows: number; quotes: number; trades: number; roomy: boolean }> => {
      const { rows } = await store.caller.call('read.timeline', { ...args, resolution });
      const batches = rows.map((buffer) => new EventBatch(buffer));
      const of = (kind: number): number =>
        batches.reduce((sum, batch) => sum + batch.kind.subarray(0, batch.rows).filter((k) => k === kind).length, 0);
      return {
        rows: batches.reduce((sum, batch) => sum + batch.rows, 0),
        quotes: of(EventKind.quote),
        trades: of(EventKind.trade),
        roomy: batches.some((batch) => batch.rows < batch.capacity),
      };
    };
    const raw = await count('raw');
    const thinned = await count('1m');
    expect(thinned.rows).toBeLessThan(raw.rows / 2);
    expect([raw.quotes > 0, thinned.quotes]).toEqual([true, 0]);
    expect(thinned.trades).toBe(raw.trades);
    expect([raw.roomy, thinned.roomy]).toEqual([false, false]);
  });
});
