/**
 * Sends every source row of a recording in ordinal order. A chunk's rows lie sorted by instrument in up to four files;
 * because ordinals have no holes each row is written straight to its place, with no sort and no merge.
 * Must not know who listens.
 */
import type { MessagePort } from 'node:worker_threads';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DepthscopeError } from '../../core/contract/index.ts';
import { DEFAULT_BATCH_ROWS, EVENT_COLUMN_NAMES, EventBatch, EventFlag } from '../../core/model/index.ts';
import { CreditSender, type BatchMessage } from '../protocol/index.ts';
import { Factors, SOURCE_STREAMS } from './columns.ts';
import { parquetOf, STORED_LIST, type Reader } from './reader.ts';
import { StoredRows } from './rows.ts';
import { integerAt, splitBase } from './words.ts';

/** Runs of consecutive ordinals shorter than this are cheaper row by row. */
const LEAST_RUN = 32;

/** Sends instruments, batches and `end` on `out`; returns the number of rows. @perf holds one chunk's rows in memory */
export async function readAll(reader: Reader, sessionId: string, out: MessagePort): Promise<number> {
  const manifest = reader.manifest(sessionId);
  const factors = new Factors(manifest.instruments);
  const sender = new CreditSender<BatchMessage>(out);
  let gone = false;
  out.on('close', () => {
    gone = true;
  });
  sender.send({ type: 'instruments', instruments: manifest.instruments });
  let rows = 0;
  for (const [index, chunk] of manifest.chunks.entries()) {
    const files = reader.files(sessionId, SOURCE_STREAMS, [index]);
    const batches = await reader.with((connection) => readChunk(connection, files, chunk, factors));
    for (const batch of batches) {
      await sender.ready();
      if (gone) throw new DepthscopeError('store.reader-gone', 'Reading the recording stopped because nobody listens any more.');
      sender.send({ type: 'batch', buffer: batch.buffer }, [batch.buffer], true);
    }
    rows += chunk.rows;
  }
  sender.send({ type: 'end' });
  return rows;
}

async function readChunk(
  connection: DuckDBConnection,
  files: readonly string[],
  chunk: { readonly firstOrdinal: number; readonly rows: number; readonly firstReceiveNs: string },
  factors: Factors,
): Promise<EventBatch[]> {
  const baseNs = BigInt(chunk.firstReceiveNs);
  const base = splitBase(baseNs);
  const batches = makeBatches(chunk.firstOrdinal, chunk.rows, baseNs);
  const distant = new Map<number, { exchange: bigint; receive: bigint }>();
  const query = `SELECT ${STORED_LIST} FROM ${parquetOf(files)} WHERE flags & ${EventFlag.derived} = 0`;
  const result = await connection.stream(query);
  let seen = 0;
  for (let part = await result.fetchChunk(); part !== null && part.rowCount > 0; part = await result.fetchChunk()) {
    const stored = new StoredRows(part);
    for (let row = 0; row < stored.rows; ) {
      const place = integerAt(stored.ordinal, row) - chunk.firstOrdinal;
      const number = Math.floor(place / DEFAULT_BATCH_ROWS);
      const batch = batches[number];
      if (batch === undefined || place < 0) throw damaged();
      const to = place - number * DEFAULT_BATCH_ROWS;
      const run = stored.runFrom(row, batch.rows - to);
      const target = { batch, base, factors };
      if (run < LEAST_RUN || !stored.putRun(row, to, run, target)) {
        for (let i = 0; i < run; i++) if (!stored.put(row + i, to + i, target)) distant.set(place + i, stored.timesNs(row + i));
      }
      row += run;
    }
    seen += stored.rows;
  }
  if (seen !== chunk.rows) throw damaged();
  return distant.size === 0 ? batches : batches.flatMap((batch) => splitDistant(batch, chunk.firstOrdinal, distant));
}

function makeBatches(firstOrdinal: number, rows: number, baseNs: bigint): EventBatch[] {
  const batches: EventBatch[] = [];
  for (let at = 0; at < rows; at += DEFAULT_BATCH_ROWS) {
    const batch = EventBatch.allocate(Math.min(DEFAULT_BATCH_ROWS, rows - at), baseNs);
    batch.rows = batch.capacity;
    batch.firstOrdinal = firstOrdinal + at;
    batches.push(batch);
  }
  return batches;
}

/** Gives each row whose times lie over 104 days from the base a batch of its own, with a base from which both are exact. */
function splitDistant(
  batch: EventBatch,
  chunkFirst: number,
  distant: ReadonlyMap<number, { exchange: bigint; receive: bigint }>,
): EventBatch[] {
  const parts: EventBatch[] = [];
  let start = 0;
  for (let row = 0; row <= batch.rows; row++) {
    const times = row < batch.rows ? distant.get(batch.firstOrdinal - chunkFirst + row) : undefined;
    if (row < batch.rows && times === undefined) continue;
    if (row > start) parts.push(slice(batch, start, row, batch.baseNs));
    if (times !== undefined) {
      // Offsets beyond 2^53 stay exact while they are multiples of 1024.
      const near = BigInt.asUintN(10, times.receive - times.exchange);
      const part = slice(batch, row, row + 1, times.receive - near);
      part.receiveTime[0] = Number(near);
      part.exchangeTime[0] = Number(times.exchange - part.baseNs);
      parts.push(part);
    }
    start = row + 1;
  }
  return parts;
}

function slice(batch: EventBatch, from: number, to: number, baseNs: bigint): EventBatch {
  const part = EventBatch.allocate(to - from, baseNs);
  part.rows = to - from;
  part.firstOrdinal = batch.firstOrdinal + from;
  for (const name of EVENT_COLUMN_NAMES) {
    part[name].set(batch[name].subarray(from, to));
  }
  return part;
}

function damaged(): DepthscopeError {
  return new DepthscopeError('store.rows-missing', 'The rows of the recording do not match its manifest; import its source again.');
}
