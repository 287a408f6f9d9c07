/**
 * Imports one source: recognises content that is there already, runs the pipeline into a staging, seals it. All or
 * nothing: whatever ends the job early also removes the staging.
 */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { DepthscopeError } from '../../../core/contract/index.ts';
import type { ImportReport, SessionSummary } from '../../../core/model/index.ts';
import type { ImportEvents, ImportSource, StoreEvents } from '../../../native-workers/protocol/index.ts';
import type { StoreService } from '../store-service.ts';
import type { JobControl, JobSpec } from './job-list.ts';
import { Meter } from './meter.ts';
import { ImportThreads, runImport } from './pipeline.ts';
import { remarksFrom } from './remarks.ts';
import { sourceBytes } from './source-size.ts';

/** Up to this many bytes, hashing the files first costs less than finding out at the end that they are known. */
const HASH_FIRST_BYTES = 256 * 1024 * 1024;

export interface ImportResult {
  readonly summary: SessionSummary;
  readonly report: ImportReport;
}

/** The market of the first start; the same everywhere. 2024-08-17T12:00:00Z. Short, so that it is there within seconds. */
export const SAMPLE_SOURCE = {
  kind: 'synthetic',
  seed: 20_240_817,
  seconds: 300,
  startNs: '1723896000000000000',
} as const satisfies ImportSource;
const SAMPLE_TITLE = 'Sample session (synthetic)';

/** Returns the job that imports a source. */
export function importJob(source: ImportSource, store: StoreService): JobSpec<ImportResult> {
  return {
    kind: 'import',
    title: titleOf(source),
    sessionId: null,
    lane: 'import',
    errorDomain: 'import',
    work: (control) => new ImportJob(source, store, control).run(),
  };
}

class ImportJob {
  private readonly source: ImportSource;
  private readonly store: StoreService;
  private readonly control: JobControl;
  private readonly startMs = performance.now();
  private readonly meter = new Meter(this.startMs);

  constructor(source: ImportSource, store: StoreService, control: JobControl) {
    this.source = source;
    this.store = store;
    this.control = control;
  }

  async run(): Promise<ImportResult> {
    const threads = new ImportThreads();
    try {
      return (await this.knownBefore(threads)) ?? (await this.record(threads));
    } finally {
      await threads.close();
    }
  }

  private async record(threads: ImportThreads): Promise<ImportResult> {
    const stagingId = randomUUID();
    try {
      return await this.write(stagingId, threads);
    } catch (thrown) {
      await this.store.call('write.abort', { stagingId });
      throw thrown;
    }
  }

  private async knownBefore(threads: ImportThreads): Promise<ImportResult | null> {
    const bytes = this.source.kind === 'files' ? await sourceBytes(this.source.paths) : 0;
    this.control.update({ bytesTotal: bytes });
    if (bytes > HASH_FIRST_BYTES) return null;
    this.control.update({ phase: 'comparing' });
    return this.known(await threads.contentIdOf(this.source, this.control.signal));
  }

  private async write(stagingId: string, threads: ImportThreads): Promise<ImportResult> {
    this.control.update({ phase: 'reading' });
    const run = await runImport(
      this.source,
      { id: stagingId, store: this.store },
      {
        signal: this.control.signal,
        progress: (progress) => this.reading(progress),
      },
      threads,
    );
    this.control.update({ remarks: remarksFrom(run.import.source), messages: run.import.source.messages, messagesPerSecond: 0 });
    const known = await this.known(run.import.contentId);
    if (known) {
      await this.store.call('write.abort', { stagingId });
      return known;
    }
    this.control.update({ phase: 'sealing', secondsLeft: null });
    const seconds = (performance.now() - this.startMs) / 1000;
    const sealed = await this.seal({ stagingId, import: run.import, book: run.book, seconds });
    this.control.update({ sessionId: sealed.summary.sessionId, alreadyImported: sealed.report.alreadyImported });
    return sealed;
  }

  /** A cancel while sealing is passed on to the store; when it comes too late, the session is there and says so. */
  private async seal(args: Parameters<StoreService['seal']>[0]): Promise<ImportResult> {
    const { signal } = this.control;
    if (signal.aborted) throw new DepthscopeError('import.cancelled', 'The import was cancelled.');
    let abort: Promise<unknown> = Promise.resolve();
    const onAbort = (): void => {
      abort = this.store.call('write.abort', { stagingId: args.stagingId });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await this.store.seal(args, (progress) => this.sealing(progress));
    } finally {
      signal.removeEventListener('abort', onAbort);
      await abort;
    }
  }

  private async known(contentId: string): Promise<ImportResult | null> {
    const summary = await this.store.call('sessions.findContent', { contentId });
    if (!summary) return null;
    const manifest = await this.store.call('sessions.manifest', { sessionId: summary.sessionId });
    const seconds = (performance.now() - this.startMs) / 1000;
    this.control.update({ sessionId: summary.sessionId, alreadyImported: true, bytesDone: 0, remarks: remarksFrom(manifest.report) });
    return { summary, report: { ...manifest.report, seconds, alreadyImported: true } };
  }

  private reading({ bytesDone, bytesTotal, messages, report }: ImportEvents['progress']): void {
    const now = performance.now();
    this.control.update({
      bytesDone,
      bytesTotal,
      messages,
      messagesPerSecond: this.meter.rate(now, messages),
      secondsLeft: this.meter.secondsLeft(now, bytesDone, bytesTotal),
      remarks: remarksFrom(report),
    });
  }

  private sealing({ phase, fraction }: StoreEvents['sealProgress']): void {
    this.control.update({ phase: `sealing: ${phase} ${Math.round(fraction * 100)} %` });
  }
}

function titleOf(source: ImportSource): string {
  if (source.kind === 'synthetic') return SAMPLE_TITLE;
  const first = basename(source.paths[0]);
  return source.paths.length === 1 ? first : `${first} and ${source.paths.length - 1} more`;
}
