/**
 * The product's store worker on the stream: from the first batch handed over until every row is in the DuckDB file and
 * checkpointed; then sealed to Parquet. usage: --data FILE --rows N --dir FOLDER
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { emptySourceReport } from '../../../core/model/index.ts';
import { WorkerHandle } from '../../../native-workers/host/index.ts';
import { CreditSender, type PipelineOutcome, type StoreMessage } from '../../../native-workers/protocol/index.ts';
import { readLevelFile } from '../gen/level-file.ts';
import { need, readArguments } from '../lib/arguments.ts';
import { BENCH_INSTRUMENT, levelBatches, unitColumns } from '../lib/level-batches.ts';

const found = readArguments();
const folder = need(found, 'dir');
const stream = readLevelFile(need(found, 'data'));
const { batches } = levelBatches(stream, unitColumns(stream), Number(need(found, 'rows')));
const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const store = new WorkerHandle('store');
await store.call('open', { dataDir: folder });
const { port1, port2 } = new MessageChannel();
const sender = new CreditSender<StoreMessage>(port1);

const startedAt = performance.now();
const consumed = store.call('write.consume', { stagingId: 'bench', input: port2 }, [port2]);
sender.send({ type: 'instruments', instruments: [BENCH_INSTRUMENT] });
for (const batch of batches) {
  await sender.ready();
  sender.send({ type: 'batch', buffer: batch.buffer }, [batch.buffer], true);
}
sender.send({ type: 'end' });
const { rows: stored } = await consumed;
const ms = performance.now() - startedAt;
if (stored !== rows) throw new Error(`${stored} rows were stored of ${rows}`);

const book: PipelineOutcome = {
  report: {
    trades: 0,
    levelUpdates: rows,
    unknownLevelRemovals: 0,
    unknownOrders: 0,
    crossed: 0,
    events: rows,
    firstTimeNs: null,
    lastTimeNs: null,
    firstReceiveNs: null,
    lastReceiveNs: null,
    finalBooksSha256: null,
    finalQuotesSha256: null,
    stateHash: '0'.repeat(64),
  },
  instruments: [{ ...BENCH_INSTRUMENT, events: rows, trades: 0, levelUpdates: rows }],
  bands: [],
};
const sealedAt = performance.now();
const source = { source: emptySourceReport(), files: [], venue: 'bench', title: 'bench', synthetic: true, contentId: 'b'.repeat(64) };
const { summary } = await store.call('write.seal', { stagingId: 'bench', import: source, book, seconds: ms / 1000 });
const sealMs = performance.now() - sealedAt;
await store.call('close', {});
await store.terminate();

function bytesOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.parquet'))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
const depthBytes = bytesOf(join(folder, 'sessions', summary.sessionId, 'depth'));
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `${JSON.stringify({ rows, ms, rowsPerSecond: Math.round((rows / ms) * 1000), sealMs, bytesPerRow: depthBytes / rows })}\n`,
);
