/**
 * One run of the pipeline: import worker → book worker → store worker, or a part of that chain, wired with ports and torn
 * down whole. Must not know jobs or what becomes of the outcome.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { WorkerHandle } from '../../../native-workers/host/index.ts';
import type { ImportEvents, ImportOutcome, ImportSource, PipelineOutcome } from '../../../native-workers/protocol/index.ts';
import type { StoreService } from '../store-service.ts';
import { allOrCause } from './first-cause.ts';

export interface ImportRun {
  readonly import: ImportOutcome;
  readonly book: PipelineOutcome;
}

export interface PipelineHooks {
  readonly signal: AbortSignal;
  progress?(progress: ImportEvents['progress']): void;
  /** Events that went through the books so far. */
  events?(events: number): void;
}

/** The threads of one import. They start together, so the books are ready by the time the source was compared. */
export class ImportThreads {
  readonly importer = new WorkerHandle('import');
  readonly book = new WorkerHandle('book');

  /** Returns the content id of a source without importing it. */
  async contentIdOf(source: ImportSource, signal: AbortSignal): Promise<string> {
    const called = this.importer.call('contentId', { source });
    const [contentId] = await allOrCause([called, Promise.resolve(), Promise.resolve()], signal);
    return contentId;
  }

  /** Resolves when both threads have ended. */
  async close(): Promise<void> {
    await Promise.all([this.importer.terminate(), this.book.terminate()]);
  }
}

/**
 * Decodes a source through the books, into staging/<stagingId> or, with null, to nowhere.
 * Rejects with the cause of a failure, after every thread of the run has ended; threads serve one run.
 */
export async function runImport(
  source: ImportSource,
  staging: { id: string; store: StoreService } | null,
  hooks: PipelineHooks,
  threads: ImportThreads = new ImportThreads(),
): Promise<ImportRun> {
  const { importer, book } = threads;
  try {
    const decoded = new MessageChannel();
    const booked = staging ? new MessageChannel() : null;
    if (hooks.progress) importer.caller.on('progress', hooks.progress);
    if (hooks.events) book.caller.on('pipelineProgress', ({ events }) => hooks.events?.(events));
    const consumed = staging && booked ? staging.store.consume(staging.id, booked.port2) : Promise.resolve({ rows: 0 });
    const piped = book.call('pipeline', { input: decoded.port2, output: booked?.port1 ?? null }, transfers(decoded.port2, booked?.port1));
    const ran = importer.call('run', { source, out: decoded.port1 }, [decoded.port1]);
    const [outcome, report] = await allOrCause([ran, piped, consumed], hooks.signal);
    return { import: outcome, book: report };
  } finally {
    await threads.close();
  }
}

/** Plays a sealed session through the books again and returns what they found. */
export async function runReplay(sessionId: string, store: StoreService, hooks: PipelineHooks): Promise<PipelineOutcome> {
  const book = new WorkerHandle('book');
  try {
    const read = new MessageChannel();
    if (hooks.events) book.caller.on('pipelineProgress', ({ events }) => hooks.events?.(events));
    const piped = book.call('pipeline', { input: read.port2, output: null }, [read.port2]);
    const sent = store.readAll(sessionId, read.port1);
    const [outcome] = await allOrCause([piped, sent, Promise.resolve()], hooks.signal);
    return outcome;
  } finally {
    await book.terminate();
  }
}

function transfers(...ports: (MessagePort | undefined)[]): MessagePort[] {
  return ports.filter((port) => port !== undefined);
}
