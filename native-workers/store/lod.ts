/**
 * Writes the thinned level streams of a recording: the last size per instrument, side, price and time bucket, so that an
 * hour can be drawn without reading every change. A row keeps its own ordinal and time. Must not know views.
 */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ALL_INSTRUMENTS, EventFlag, EventKind } from '../../core/model/index.ts';
import { smallRows } from './duck.ts';
import { addSize, chunkFolder, copyStream } from './parquet-file.ts';

/** Thinned streams, finest first, with their bucket in ns. Each is made from the one before. */
export const LODS = [
  { name: '1s', bucketNs: 1_000_000_000 },
  { name: '10s', bucketNs: 10_000_000_000 },
  { name: '1m', bucketNs: 60_000_000_000 },
  { name: '10m', bucketNs: 600_000_000_000 },
] as const;

/** A stream is made only from at least this many rows, … */
const LEAST_ROWS = 200_000;
/** … over at least this many buckets, and kept only when it has at most half the rows of the last one kept. */
const LEAST_BUCKETS = 60;
const LEAST_GAIN = 2;

const STORED = 'ordinal, kind, side, code, flags, instrument, price, size, exchange_time, receive_time, sequence, ref';
const EMPTYING = `kind IN (${EventKind.clear}, ${EventKind.snapshotBegin})`;

interface LodContext {
  readonly connection: DuckDBConnection;
  readonly folder: string;
  /** First ordinal of each chunk. */
  readonly chunks: readonly number[];
  readonly streams: Record<string, { rows: number; bytes: number }>;
}

/** Writes lod_1s … lod_10m as far as they help, one file per chunk and stream. */
export async function writeLods(context: LodContext): Promise<void> {
  const { connection } = context;
  const [[levels, span]] = await smallRows(
    connection,
    `SELECT count(*)::DOUBLE, coalesce(epoch_ns(max(receive_time)) - epoch_ns(min(receive_time)), 0)::DOUBLE FROM depth WHERE kind = ${EventKind.level}`,
  );
  let rows = levels as number;
  if (rows < LEAST_ROWS) return;
  let source: string | null = null;
  for (const { name, bucketNs } of LODS) {
    if ((span as number) < LEAST_BUCKETS * bucketNs) return;
    const table = `lod_${name}`;
    await connection.run(`CREATE TABLE ${table} AS SELECT ${STORED}, 0::BIGINT AS era FROM depth LIMIT 0`);
    for (const [index, first] of context.chunks.entries()) {
      const range = `ordinal >= ${first} AND ordinal < ${context.chunks[index + 1] ?? Number.MAX_SAFE_INTEGER}`;
      const from = source === null ? await levelsWithEra(connection, range) : `SELECT * FROM ${source} WHERE ${range}`;
      await connection.run(`INSERT INTO ${table} ${thinned(from, bucketNs)}`);
    }
    const [[kept]] = await smallRows(connection, `SELECT count(*)::DOUBLE FROM ${table}`);
    source = table;
    if ((kept as number) * LEAST_GAIN > rows) continue;
    await copyLod(context, table);
    rows = kept as number;
  }
}

async function copyLod(context: LodContext, table: string): Promise<void> {
  for (const [index, first] of context.chunks.entries()) {
    const range = `ordinal >= ${first} AND ordinal < ${context.chunks[index + 1] ?? Number.MAX_SAFE_INTEGER}`;
    const query = `SELECT ${STORED} FROM ${table} WHERE ${range} ORDER BY instrument, ordinal`;
    addSize(context.streams, table, await copyStream(context.connection, query, join(context.folder, table, chunkFolder(index)), table));
  }
}

/**
 * Returns a query for the level rows of a chunk, each with the ordinal of the last row before it that emptied its book:
 * a level may stand for an earlier one only within such an era.
 */
async function levelsWithEra(connection: DuckDBConnection, range: string): Promise<string> {
  const levels = `SELECT ${STORED} FROM depth WHERE kind = ${EventKind.level} AND ${range}`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE emptying AS
    SELECT instrument, ordinal FROM depth WHERE ${EMPTYING} AND ${range} AND instrument <> ${ALL_INSTRUMENTS}
    UNION ALL
    SELECT i.instrument, d.ordinal FROM depth d, (SELECT DISTINCT instrument FROM depth WHERE ${range}) i
    WHERE ${EMPTYING} AND ${range} AND d.instrument = ${ALL_INSTRUMENTS}`);
  const [[count]] = await smallRows(connection, 'SELECT count(*)::DOUBLE FROM emptying');
  if (count === 0) return `SELECT *, 0::BIGINT AS era FROM (${levels})`;
  return `SELECT l.*, coalesce(e.ordinal, -1) AS era FROM (${levels}) l ASOF LEFT JOIN emptying e ON l.instrument = e.instrument AND l.ordinal >= e.ordinal`;
}

/** Returns a query for the last row per instrument, side, price, bucket and era; only the last of a bucket ends an event. */
function thinned(from: string, bucketNs: number): string {
  const bucket = `epoch_ns(receive_time) // ${bucketNs}`;
  return `WITH s AS MATERIALIZED (${from}),
    last AS (SELECT max(ordinal) AS ordinal FROM s GROUP BY instrument, side, price, ${bucket}, era)
    SELECT * REPLACE ((CASE WHEN ordinal = max(ordinal) OVER (PARTITION BY instrument, ${bucket})
      THEN flags | ${EventFlag.eventEnd} ELSE flags & ~${EventFlag.eventEnd}::UINTEGER END)::UINTEGER AS flags)
    FROM s WHERE ordinal IN (SELECT ordinal FROM last) ORDER BY ordinal`;
}
