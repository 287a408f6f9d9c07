/**
 * The bare loop that the store is measured against: the same columns, made outside the clock, copied chunk by chunk into
 * one table of a DuckDB file, then a checkpoint. No checks, no streams, no thread. usage: --data FILE --rows N --dir FOLDER
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BIGINT, DECIMAL, DuckDBDataChunk, DuckDBInstance, TIMESTAMP_NS, UINTEGER, USMALLINT, UTINYINT } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { readLevelFile } from '../gen/level-file.ts';
import { need, readArguments } from '../lib/arguments.ts';
import { levelBatches, unitColumns } from '../lib/level-batches.ts';

const CHUNK_ROWS = 2048;
const STORED_PER_UNIT = 10;

const found = readArguments();
const folder = need(found, 'dir');
const stream = readLevelFile(need(found, 'data'));
const { batches } = levelBatches(stream, unitColumns(stream), Number(need(found, 'rows')));
const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);

const long = (): BigInt64Array => new BigInt64Array(rows);
const columns = [
  long(),
  new Uint8Array(rows),
  new Uint8Array(rows),
  new Uint16Array(rows),
  new Uint32Array(rows),
  new Uint32Array(rows),
  long(),
  long(),
  long(),
  long(),
  long(),
  long(),
] as const;
const [ordinal, kind, side, code, flags, instrument, price, size, exchangeTime, receiveTime, sequence] = columns;
for (const batch of batches) {
  for (let row = 0; row < batch.rows; row++) {
    const at = batch.firstOrdinal + row;
    ordinal[at] = BigInt(at);
    kind[at] = batch.kind[row];
    side[at] = batch.side[row];
    code[at] = batch.code[row];
    flags[at] = batch.flags[row];
    instrument[at] = batch.instrument[row];
    price[at] = BigInt(batch.price[row] * STORED_PER_UNIT);
    size[at] = BigInt(batch.size[row] * STORED_PER_UNIT);
    exchangeTime[at] = batch.baseNs + BigInt(batch.exchangeTime[row]);
    receiveTime[at] = batch.baseNs + BigInt(batch.receiveTime[row]);
    sequence[at] = BigInt(batch.sequence[row]);
  }
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const instance = await DuckDBInstance.create(join(folder, 'raw.duckdb'), { threads: '2', memory_limit: '256MB' });
const connection = await instance.connect();
await connection.run("SET checkpoint_threshold = '1TB'");
await connection.run(
  'CREATE TABLE depth (ordinal BIGINT, kind UTINYINT, side UTINYINT, code USMALLINT, flags UINTEGER, instrument UINTEGER, price DECIMAL(18,9), size DECIMAL(18,9), exchange_time TIMESTAMP_NS, receive_time TIMESTAMP_NS, sequence BIGINT, ref BIGINT)',
);
const types = [
  BIGINT,
  UTINYINT,
  UTINYINT,
  USMALLINT,
  UINTEGER,
  UINTEGER,
  DECIMAL(18, 9),
  DECIMAL(18, 9),
  TIMESTAMP_NS,
  TIMESTAMP_NS,
  BIGINT,
  BIGINT,
];
const chunk = DuckDBDataChunk.create(types);
const appender = await connection.createAppender('depth');

const startedAt = performance.now();
for (let at = 0; at < rows; at += CHUNK_ROWS) {
  const count = Math.min(CHUNK_ROWS, rows - at);
  chunk.reset();
  duckdb.data_chunk_set_size(chunk.chunk, count);
  columns.forEach((column, i) => {
    const width = column.BYTES_PER_ELEMENT;
    duckdb.copy_data_to_vector(duckdb.data_chunk_get_vector(chunk.chunk, i), 0, column.buffer as ArrayBuffer, at * width, count * width);
  });
  appender.appendDataChunk(chunk);
}
appender.closeSync();
await connection.run('CHECKPOINT');
const ms = performance.now() - startedAt;
connection.closeSync();
instance.closeSync();
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify({ rows, ms, rowsPerSecond: Math.round((rows / ms) * 1000) })}\n`);
