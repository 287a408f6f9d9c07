/** Writes query results as Parquet files of the recording format. Must not know what the rows mean. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { smallRows } from './duck.ts';
import { sqlText } from './layout.ts';

/** COPY options of every file: measured for size and time on the generated depth stream, see docs/recording-format.md. */
export const PARQUET_OPTIONS =
  'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 9, PARQUET_VERSION v2, ROW_GROUP_SIZE 122880, WRITE_BLOOM_FILTER false';

/** An exchange time that repeats the receive time is left out of the file: the readers' column list (reader.ts) puts it back. */
const SEALED = '* REPLACE (nullif(exchange_time, receive_time) AS exchange_time)';

/** Rows and bytes per stream. */
export type StreamSizes = Record<string, { rows: number; bytes: number }>;

/** Writes stored rows as one Parquet file unless the query is empty; returns what was written. */
export async function copyStream(
  connection: DuckDBConnection,
  query: string,
  folder: string,
  name: string,
): Promise<{ rows: number; bytes: number }> {
  const [[any]] = await smallRows(connection, `SELECT count(*)::INTEGER FROM (SELECT 1 FROM (${query}) LIMIT 1)`);
  if (any === 0) return { rows: 0, bytes: 0 };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.parquet`);
  const [[rows]] = await smallRows(connection, `COPY (SELECT ${SEALED} FROM (${query})) TO ${sqlText(path)} (${PARQUET_OPTIONS})`);
  return { rows: Number(rows), bytes: statSync(path).size };
}

/** Returns the Hive folder of a chunk. */
export function chunkFolder(chunk: number): string {
  return `chunk=${String(chunk).padStart(5, '0')}`;
}

/** Adds to a stream's totals. */
export function addSize(streams: StreamSizes, stream: string, written: { rows: number; bytes: number }): void {
  if (written.rows === 0) return;
  const before = streams[stream] ?? { rows: 0, bytes: 0 };
  streams[stream] = { rows: before.rows + written.rows, bytes: before.bytes + written.bytes };
}
