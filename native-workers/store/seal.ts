/**
 * Seals a staging: DuckDB tables become the Parquet files of the recording format, the manifest is written last, and one
 * rename makes the session appear. Until that rename nothing exists outside staging. Must not know the catalogue.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { RECORDING_FORMAT_VERSION, type ImportReport, type InstrumentActivity, type Manifest } from '../../core/model/index.ts';
import type { ImportOutcome, PipelineOutcome } from '../protocol/index.ts';
import { SOURCE_STREAMS, WRITTEN_STREAMS } from './columns.ts';
import type { Staging } from './consume.ts';
import { syncAndDigest, writeManifest } from './digests.ts';
import { allowSealing, smallRows } from './duck.ts';
import { sqlText, syncPath, type Layout } from './layout.ts';
import { writeLods } from './lod.ts';
import { addSize, chunkFolder, copyStream, PARQUET_OPTIONS, type StreamSizes } from './parquet-file.ts';
import { trashFolder } from './staging.ts';

/** Source rows of one chunk: contiguous ordinals, one file per stream. */
export const CHUNK_ROWS = 1_048_576;

/** What is sealed. */
export interface SealRequest {
  readonly staging: Staging;
  readonly import: ImportOutcome;
  readonly book: PipelineOutcome;
  readonly seconds: number;
  /** ISO time of the seal. */
  readonly createdAt: string;
  /** Name and version of this program. */
  readonly software: string;
  onProgress(phase: string, fraction: number): void;
}

type Chunk = Manifest['chunks'][number];

/** Returns the session id that belongs to a content id. */
export function sessionIdOf(contentId: string): string {
  return contentId.slice(0, 16);
}

/** Writes the recording in staging, whole and durable; returns its folder and manifest. */
export async function sealStaging(request: SealRequest): Promise<{ folder: string; manifest: Manifest }> {
  const { staging } = request;
  const folder = join(staging.folder, 'sealed');
  mkdirSync(folder);
  const connection = staging.duck.connection;
  await allowSealing(connection);
  const streams: StreamSizes = {};
  const chunks = await writeChunks(connection, request, folder, streams);
  request.onProgress('thinning', 0.8);
  await writeLods({ connection, folder, chunks: chunks.map((chunk) => chunk.firstOrdinal), streams });
  request.onProgress('instruments', 0.9);
  await writeInstruments(connection, request.book.instruments, join(folder, 'instrument.parquet'));
  staging.close();
  const manifest = { ...manifestOf(request, chunks, streams), files: syncAndDigest(folder) };
  writeManifest(folder, manifest);
  request.onProgress('moving', 0.95);
  return { folder, manifest };
}

/** Moves a sealed recording to sessions/<id>, where whatever has that name gives way to it. */
export function placeSealed(layout: Layout, folder: string, sessionId: string): void {
  const target = join(layout.sessions, sessionId);
  const replaced = existsSync(target) ? trashFolder(layout, sessionId) : null;
  if (replaced !== null) renameSync(target, replaced);
  renameSync(folder, target);
  syncPath(layout.sessions);
  if (replaced !== null) rmSync(replaced, { recursive: true, force: true });
}

async function writeChunks(connection: DuckDBConnection, request: SealRequest, folder: string, streams: StreamSizes): Promise<Chunk[]> {
  const { rows } = request.staging;
  const count = Math.max(1, Math.ceil(rows / CHUNK_ROWS));
  const times = await chunkTimes(connection);
  const chunks: Chunk[] = [];
  for (let chunk = 0; chunk < count; chunk++) {
    request.onProgress('writing', (0.8 * chunk) / count);
    const first = chunk * CHUNK_ROWS;
    const next = Math.min(rows, first + CHUNK_ROWS);
    // Images and derived rows belong to the chunk of their cause; what precedes the first or follows the last row stays with it.
    const conditions = [...(chunk > 0 ? [`ordinal >= ${first}`] : []), ...(chunk < count - 1 ? [`ordinal < ${next}`] : [])];
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    for (const stream of WRITTEN_STREAMS) {
      const written = await copyStream(
        connection,
        `SELECT * FROM ${stream} ${where} ORDER BY instrument, ordinal, rowid`,
        join(folder, stream, chunkFolder(chunk)),
        stream,
      );
      addSize(streams, stream, written);
    }
    if (next > first) {
      const [firstReceiveNs, lastReceiveNs] = times.get(chunk) ?? ['0', '0'];
      chunks.push({ firstOrdinal: first, rows: next - first, firstReceiveNs, lastReceiveNs });
    }
  }
  return chunks;
}

/** Returns smallest and largest receive time of the source rows per chunk, decimal ns. */
async function chunkTimes(connection: DuckDBConnection): Promise<Map<number, [string, string]>> {
  const parts = SOURCE_STREAMS.map(
    (stream) =>
      `SELECT ordinal // ${CHUNK_ROWS} AS chunk, min(receive_time) AS low, max(receive_time) AS high FROM ${stream} WHERE flags & 2048 = 0 GROUP BY 1`,
  );
  const rows = await smallRows(
    connection,
    `SELECT chunk::INTEGER, epoch_ns(min(low))::VARCHAR, epoch_ns(max(high))::VARCHAR FROM (${parts.join(' UNION ALL ')}) GROUP BY 1`,
  );
  return new Map(rows.map(([chunk, low, high]) => [chunk as number, [low as string, high as string]]));
}

async function writeInstruments(connection: DuckDBConnection, instruments: readonly InstrumentActivity[], path: string): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE instrument (
    instrument UINTEGER, venue VARCHAR, symbol VARCHAR, canonical_symbol VARCHAR, asset_class VARCHAR, price_scale UTINYINT, size_scale UTINYINT,
    tick_units BIGINT, price_text VARCHAR, book_kind VARCHAR, synthetic BOOLEAN, events BIGINT, trades BIGINT, level_updates BIGINT)`);
  const appender = await connection.createAppender('instrument');
  const text = (value: string | null): void => (value === null ? appender.appendNull() : appender.appendVarchar(value));
  for (const one of instruments) {
    appender.appendUInteger(one.id);
    text(one.venue);
    text(one.symbol);
    text(one.canonicalSymbol);
    text(one.assetClass);
    appender.appendUTinyInt(one.priceScale);
    appender.appendUTinyInt(one.sizeScale);
    if (one.tickUnits === null) appender.appendNull();
    else appender.appendBigInt(BigInt(one.tickUnits));
    text(one.priceText);
    text(one.bookKind);
    appender.appendBoolean(one.synthetic);
    for (const count of [one.events, one.trades, one.levelUpdates]) appender.appendBigInt(BigInt(count));
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`COPY (FROM instrument ORDER BY instrument) TO ${sqlText(path)} (${PARQUET_OPTIONS})`);
}

function manifestOf(request: SealRequest, chunks: readonly Chunk[], streams: StreamSizes): Omit<Manifest, 'files'> {
  const { import: source, book } = request;
  const sessionId = sessionIdOf(source.contentId);
  const report: ImportReport = { ...source.source, ...book.report, session: sessionId, seconds: request.seconds, alreadyImported: false };
  return {
    formatVersion: RECORDING_FORMAT_VERSION,
    software: request.software,
    sessionId,
    title: source.title,
    venue: source.venue,
    synthetic: source.synthetic,
    sources: source.files,
    createdAt: request.createdAt,
    report,
    instruments: book.instruments,
    bands: book.bands,
    chunks,
    streams,
  };
}
