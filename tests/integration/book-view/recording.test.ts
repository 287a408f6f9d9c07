/** Views of sealed recordings: the real store thread, read by the real view role. */
import { readFileSync } from 'node:fs';
import { MessageChannel } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeViewFrame, type ViewFrame } from '../../../core/frames/index.ts';
import type { EventBatch, Instrument } from '../../../core/model/index.ts';
import { PipelineRun } from '../../../native-workers/book/pipeline-run.ts';
import { decodeJournal } from '../../fixtures/decoding.ts';
import { MARKET_INSTRUMENT, marketRows } from '../../fixtures/market-rows.ts';
import { realDataPath } from '../../fixtures/real-data.ts';
import { RecordedSession } from '../../fixtures/recorded-session.ts';
import { ViewHarness } from '../../fixtures/view-harness.ts';
import { contentId, importOutcome, StoreThread, temporaryFolder } from '../store/helpers.ts';

const ID = contentId(77);
const SESSION = ID.slice(0, 16);

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

async function record(instruments: readonly Instrument[], batches: readonly EventBatch[]): Promise<void> {
  const run = new PipelineRun(true);
  run.define(instruments);
  const messages = [...batches.flatMap((batch) => run.take(batch.buffer)), ...run.finish()];
  await store.consume('staging-view', [{ type: 'instruments', instruments }, ...messages, { type: 'end' }]);
  await store.caller.call('write.seal', { stagingId: 'staging-view', import: importOutcome(ID), book: run.outcome(), seconds: 1 });
}

async function harness(rowsPerSegment?: number): Promise<ViewHarness> {
  const { port1, port2 } = new MessageChannel();
  await store.caller.call('connect', { port: port1 }, [port1]);
  return new ViewHarness(port2, rowsPerSegment === undefined ? {} : { rowsPerSegment });
}

async function frameAt(view: ViewHarness, epoch: number, timeNs: bigint): Promise<ViewFrame> {
  void view.handlers['replay.seek']({ viewId: 'v', epoch, timeNs: timeNs.toString() });
  return view.nextFull();
}

describe('a view of a sealed recording', () => {
  it.each([true, false])('shows what the rows in memory show (images: %s)', async (images) => {
    const batches = marketRows({ seed: 21, events: 9000, paceNs: 3_000_000, images, gapEvery: 600 });
    const memory = new RecordedSession(SESSION, [MARKET_INSTRUMENT], batches);
    await record([MARKET_INSTRUMENT], batches);
    const sealed = await harness(900);
    const plain = new ViewHarness(memory.connect(), { rowsPerSegment: 2500 });
    const info = await sealed.open(SESSION);
    expect(await plain.open(SESSION)).toEqual(info);
    const window = { ...info.suggested, rows: 120, bucketNs: 100_000_000, lowUnits: 9900, binUnits: 2, bins: 100 };
    for (const view of [sealed, plain]) {
      void view.handlers['view.window']({ viewId: 'v', epoch: 1, window });
      await view.nextFull();
    }
    const from = BigInt(info.fromNs);
    const span = BigInt(info.toNs) - from;
    for (let i = 0n; i <= 12n; i++) {
      // Back and forth, so that images and forward play are both used.
      const head = from + (span * ((i * 5n) % 13n)) / 12n;
      const frames = [await frameAt(sealed, 2, head), await frameAt(plain, 2, head)];
      expect(Buffer.compare(encodeViewFrame(frames[0]), encodeViewFrame(frames[1]))).toBe(0);
      expect(frames[0].headNs).toBe(head > from + span ? from + span : head);
    }
    sealed.close();
    plain.close();
  });

  const spot = realDataPath('binance/spot_btcusdt_20240808.gz');
  it.runIf(spot)('of Binance spot ends with the book that the recording is known to end with', async () => {
    const decoded = decodeJournal([gunzipSync(readFileSync(spot as string))], 'binance');
    await record(decoded.instruments, decoded.batches);
    const view = await harness();
    const info = await view.open(SESSION);
    expect(info.stepUnits).toBe(1_000_000);
    void view.handlers['view.window']({ viewId: 'v', epoch: 1, window: info.suggested });
    await view.nextFull();
    const last = await frameAt(view, 2, BigInt(info.toNs));
    expect([last.bids[0], last.bids[1], last.asks[0], last.asks[1]]).toEqual([
      6_168_599_000_000, 100_870_000, 6_168_600_000_000, 229_327_000,
    ]);
    const book = await view.handlers['book.at']({ sessionId: SESSION, instrumentId: 0, timeNs: info.toNs, depth: 1 });
    expect(book).toMatchObject({ state: 'synced', bids: [['61685.99', '1.0087']], asks: [['61686', '2.29327']] });
    expect(last.heat.some((cell) => cell < 0) && last.heat.some((cell) => cell > 0)).toBe(true);
    view.close();
  });
});
