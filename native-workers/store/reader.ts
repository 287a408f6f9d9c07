/**
 * Reads sealed recordings: one DuckDB in memory with a connection per concurrent call, and the manifests of sessions
 * that were asked for. Must not know what the rows are used for.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DepthscopeError } from '../../core/contract/index.ts';
import { RECORDING_FORMAT_VERSION, type Manifest } from '../../core/model/index.ts';
import { STORED_COLUMNS } from './columns.ts';
import { allFaults, damagedRecording, MANIFEST_NAME, sizeFault } from './digests.ts';
import { openDuck } from './duck.ts';
import { safeName, sqlText, type Layout } from './layout.ts';
import { chunkFolder } from './parquet-file.ts';
import { storeTrouble } from './trouble.ts';

/** Errors that say only that a database failed. */
const UNEXPLAINED: ReadonlySet<string> = new Set(['store.failed', 'store.write-failed', 'store.rows-missing']);

/** Returns the manifest in a session folder; throws in words when it is absent, unreadable or of a newer format. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_NAME);
  if (!existsSync(path)) throw new DepthscopeError('store.no-session', 'This session is not in the data directory any more.');
  const manifest = parseManifest(readFileSync(path, 'utf8'), basename(folder));
  if (manifest.formatVersion > RECORDING_FORMAT_VERSION) {
    throw new DepthscopeError(
      'store.newer-format',
      `This recording has format ${manifest.formatVersion}, this Depthscope reads up to ${RECORDING_FORMAT_VERSION}; use a newer version.`,
    );
  }
  if (!isManifest(manifest)) throw damagedRecording(basename(folder), `${MANIFEST_NAME} is not complete`);
  return manifest as Manifest;
}

function parseManifest(text: string, session: string): Partial<Manifest> & { formatVersion: number } {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'formatVersion' in parsed && typeof parsed.formatVersion === 'number')
      return { ...parsed, formatVersion: parsed.formatVersion };
  } catch (cause) {
    throw damagedRecording(session, `${MANIFEST_NAME} cannot be read`, cause);
  }
  throw damagedRecording(session, `${MANIFEST_NAME} is not that of a recording`);
}

function isManifest({ sessionId, report, instruments, bands, chunks, streams, files }: Partial<Manifest>): boolean {
  const lists = [instruments, bands, chunks, files].every((list) => Array.isArray(list));
  return lists && typeof sessionId === 'string' && typeof report === 'object' && typeof streams === 'object';
}

/** How a recording is named in an error. */
function nameOf({ title, sessionId }: Manifest): string {
  return `${title} (${sessionId})`;
}

/** Shared by all reading calls. */
export class Reader {
  private readonly layout: Layout;
  private readonly manifests = new Map<string, Manifest>();
  private readonly caches = new Map<string, Map<string, unknown>>();
  private readonly idle: DuckDBConnection[] = [];
  private instance: Promise<DuckDBInstance> | null = null;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  folder(sessionId: string): string {
    return join(this.layout.sessions, safeName(sessionId));
  }

  manifest(sessionId: string): Manifest {
    let manifest = this.manifests.get(sessionId);
    if (!manifest) {
      manifest = readManifest(this.folder(sessionId));
      this.manifests.set(sessionId, manifest);
    }
    return manifest;
  }

  /** Returns what `make` made for this session and key the first time. */
  async cached<T>(sessionId: string, key: string, make: () => Promise<T>): Promise<T> {
    const cache = this.caches.get(sessionId) ?? new Map<string, unknown>();
    this.caches.set(sessionId, cache);
    if (!cache.has(key)) cache.set(key, await make());
    return cache.get(key) as T;
  }

  forget(sessionId: string): void {
    this.manifests.delete(sessionId);
    this.caches.delete(sessionId);
  }

  /** Runs `work` with a connection that nobody else uses meanwhile. */
  async with<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    this.instance ??= openDuck(':memory:', this.layout.scratch).then(({ instance, connection }) => {
      this.idle.push(connection);
      return instance;
    });
    const instance = await this.instance;
    const connection = this.idle.pop() ?? (await instance.connect());
    try {
      return await work(connection);
    } finally {
      this.idle.push(connection);
    }
  }

  /** Returns the files of the given streams and chunks; throws when one is not there in full. */
  files(sessionId: string, streams: readonly string[], chunks: readonly number[]): string[] {
    const manifest = this.manifest(sessionId);
    const folder = this.folder(sessionId);
    const wanted = new Set(streams.flatMap((stream) => chunks.map((chunk) => `${stream}/${chunkFolder(chunk)}/${stream}.parquet`)));
    const listed = new Map(manifest.files.map(({ path, bytes }) => [path, bytes]));
    return [...wanted].flatMap((path) => {
      const bytes = listed.get(path);
      if (bytes === undefined) return [];
      const fault = sizeFault(folder, path, bytes);
      if (fault !== null) throw damagedRecording(nameOf(manifest), fault);
      return [join(folder, path)];
    });
  }

  /** Returns the error for what was thrown while a session was read: that a file is damaged, when the databases failed and one is. */
  async trouble(sessionId: string, thrown: unknown): Promise<DepthscopeError> {
    const trouble = storeTrouble(thrown, 'reading the recording');
    if (!UNEXPLAINED.has(trouble.wire.code)) return trouble;
    const manifest = readManifest(this.folder(sessionId));
    const [fault] = await allFaults(this.folder(sessionId), manifest);
    return fault === undefined ? trouble : damagedRecording(nameOf(manifest), fault, thrown);
  }

  /** Returns the numbers of all chunks; a recording without rows still has chunk 0. */
  chunks(sessionId: string): number[] {
    return Array.from({ length: Math.max(1, this.manifest(sessionId).chunks.length) }, (_, chunk) => chunk);
  }

  async close(): Promise<void> {
    if (this.instance === null) return;
    const instance = await this.instance;
    for (const connection of this.idle.splice(0)) connection.closeSync();
    instance.closeSync();
    this.instance = null;
  }
}

/** Returns a table function call over the files. */
export function parquetOf(files: readonly string[]): string {
  return `read_parquet([${files.map(sqlText).join(', ')}], hive_partitioning = false)`;
}

/** The stored columns as a SELECT list over sealed files; no value is null (an absent exchange time is the receive time). */
export const STORED_LIST: string = STORED_COLUMNS.map((column) =>
  column === 'exchange_time' ? 'coalesce(exchange_time, receive_time) AS exchange_time' : column,
).join(', ');
