/**
 * The composition root: makes the parts of a host, joins them, and takes them down again. Must not know Electron,
 * transports or screens; `handlers` is what an RpcServer serves.
 */
import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DepthscopeError, type CallParams, type HostStatus, type JobState } from '../../core/contract/index.ts';
import type { SessionSummary } from '../../core/model/index.ts';
import type { HostHandlers } from '../../core/rpc/index.ts';
import type { BookCalls, ImportSource, PipelineOutcome } from '../../native-workers/protocol/index.ts';
import { Broadcast } from './broadcast.ts';
import { createHandlers } from './handlers.ts';
import {
  exportJob,
  importJob,
  JobList,
  runReplay,
  SAMPLE_SOURCE,
  verifyJob,
  type ExportResult,
  type ImportResult,
  type RunningJob,
  type VerifyResult,
  type VerifySource,
} from './jobs/index.ts';
import { StoreService } from './store-service.ts';
import { Uploads } from './uploads.ts';
import { ViewRouter } from './view-router.ts';

const JOBS_INTERVAL_MS = 100;
const SESSIONS_INTERVAL_MS = 100;
const STATUS_INTERVAL_MS = 1000;

export interface HostOptions {
  readonly dataDir: string;
  /** True: an empty catalogue stays empty; else the sample session is imported on the first start. */
  readonly noSample?: boolean;
  /** Told of trouble that no caller waits for. */
  onTrouble?(error: unknown): void;
}

export interface HostParts {
  readonly dataDir: string;
  readonly store: StoreService;
  readonly jobs: JobList;
  readonly views: ViewRouter;
  readonly uploads: Uploads;
  readonly broadcasts: {
    readonly jobs: Broadcast<JobState[]>;
    readonly sessions: Broadcast<SessionSummary[]>;
    readonly status: Broadcast<HostStatus>;
  };
  startImport(source: ImportSource): RunningJob<ImportResult>;
  startSample(): RunningJob<ImportResult>;
  startVerify(sessionId: string, source: VerifySource | null): Promise<RunningJob<VerifyResult>>;
  startExport(params: CallParams<'export.start'>): RunningJob<ExportResult>;
  /** Takes work that nobody waits for; its failure is reported as trouble. */
  background(work: Promise<unknown>): void;
}

/** A running host: what screens reach through `handlers`, and what the command line uses directly. */
export interface Host {
  readonly handlers: HostHandlers;
  readonly store: StoreService;
  readonly jobs: JobList;
  startImport: HostParts['startImport'];
  startVerify: HostParts['startVerify'];
  startExport: HostParts['startExport'];
  /** Plays a session through the books as fast as possible. */
  replayAll(sessionId: string, signal: AbortSignal): Promise<PipelineOutcome>;
  bookAt(args: BookCalls['book.at']['args']): Promise<BookCalls['book.at']['result']>;
  close(): Promise<void>;
}

/** Returns a host on the data directory, ready to serve. Rejects, in words, when the directory cannot be used. */
export async function createHost(options: HostOptions): Promise<Host> {
  await makeDataDir(options.dataDir);
  const parts = assemble(options);
  try {
    await parts.store.ready();
    await parts.uploads.cleanUp();
    if (!options.noSample && (await parts.store.call('sessions.list', {})).length === 0) parts.startSample();
  } catch (thrown) {
    await takeDown(parts);
    throw thrown;
  }
  const ticker = setInterval(() => parts.broadcasts.status.changed(), STATUS_INTERVAL_MS);
  return {
    handlers: createHandlers(parts),
    store: parts.store,
    jobs: parts.jobs,
    startImport: parts.startImport,
    startVerify: parts.startVerify,
    startExport: parts.startExport,
    replayAll: (sessionId, signal) => runReplay(sessionId, parts.store, { signal }),
    bookAt: (args) => parts.views.bookAt(args),
    close: async () => {
      clearInterval(ticker);
      await takeDown(parts);
    },
  };
}

function assemble(options: HostOptions): HostParts {
  const trouble = (error: unknown): void => options.onTrouble?.(error);
  const background = (work: Promise<unknown>): void => {
    work.catch(trouble);
  };
  const store = new StoreService({
    dataDir: options.dataDir,
    onSessionsChanged: () => broadcasts.sessions.changed(),
    onCrash: (error) => {
      trouble(error);
      background(views.restart());
    },
  });
  const views = new ViewRouter(store, trouble);
  const jobs = new JobList(() => broadcasts.jobs.changed());
  const broadcasts: HostParts['broadcasts'] = {
    jobs: new Broadcast(() => jobs.list(), JOBS_INTERVAL_MS),
    sessions: new Broadcast(() => store.call('sessions.list', {}), SESSIONS_INTERVAL_MS),
    status: new Broadcast(() => readStatus(store, jobs), 0),
  };
  const startImport = (source: ImportSource): RunningJob<ImportResult> => jobs.start(importJob(source, store));
  return {
    dataDir: options.dataDir,
    store,
    jobs,
    views,
    uploads: new Uploads(options.dataDir),
    broadcasts,
    background,
    startImport,
    startSample: () => startImport(SAMPLE_SOURCE),
    startVerify: async (sessionId, source) => jobs.start(verifyJob(await store.call('sessions.manifest', { sessionId }), store, source)),
    startExport: (params) => jobs.start(exportJob(params, { store, dataDir: options.dataDir })),
  };
}

async function readStatus(store: StoreService, jobs: JobList): Promise<HostStatus> {
  const { cacheBytes, deadLetters } = await store.call('status', {});
  const eventsPerSecond = jobs.list().reduce((sum, job) => sum + (job.state === 'running' ? job.messagesPerSecond : 0), 0);
  return { memoryBytes: process.memoryUsage.rss(), eventsPerSecond, deadLetters, cacheBytes };
}

async function takeDown(parts: HostParts): Promise<void> {
  await parts.jobs.close();
  for (const broadcast of Object.values(parts.broadcasts)) broadcast.close();
  await parts.uploads.close();
  await parts.views.end();
  await parts.store.close();
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await makeFolder(resolve(dataDir));
  } catch (cause) {
    throw new DepthscopeError('store.data-dir', `The data directory ${dataDir} cannot be used; choose another with --data-dir.`, { cause });
  }
}

/** Makes a folder and its parents. Node's own `recursive` never returns where a parent can neither be made nor missing, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw thrown;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}
