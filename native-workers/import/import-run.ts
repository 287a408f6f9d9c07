/**
 * One import from its source to the end mark: opens, decodes, reports, and leaves no port hanging when it fails. Must not
 * know what becomes of the rows.
 */
import type { MessagePort } from 'node:worker_threads';
import { basename } from 'node:path';
import { DepthscopeError } from '../../core/contract/index.ts';
import { FormatError, type SourceFile } from '../../core/model/index.ts';
import { createSyntheticMarket } from '../../core/venues/synthetic/index.ts';
import type { ImportEvents, ImportOutcome, ImportSource } from '../protocol/index.ts';
import { BatchSender } from './batch-sender.ts';
import { runCaptures } from './capture-source.ts';
import { filesContentId, syntheticContentId } from './content-id.ts';
import { cancelledError } from './failures.ts';
import { runJournals } from './journal-source.ts';
import { closeSource, openSource, type OpenedFile, type Pace } from './source-files.ts';

const PROGRESS_EVERY_MS = 100;
const SYNTHETIC_STEP_ROWS = 16_384;

export class ImportRun {
  private readonly source: ImportSource;
  private readonly out: MessagePort;
  private readonly onProgress: (progress: ImportEvents['progress']) => void;
  private readonly sender: BatchSender;
  private files: readonly OpenedFile[] = [];
  private cancelled = false;
  private lastProgressMs = 0;

  constructor(source: ImportSource, out: MessagePort, onProgress: (progress: ImportEvents['progress']) => void) {
    this.source = source;
    this.out = out;
    this.onProgress = onProgress;
    this.sender = new BatchSender(out);
  }

  cancel(): void {
    this.cancelled = true;
    // Wakes a wait for credits: the receiver may be gone already.
    this.out.close();
  }

  /** Runs to the end of the source. On failure the port is closed, so that the receiver sees that no end will come. */
  async run(): Promise<ImportOutcome> {
    try {
      const outcome = this.source.kind === 'files' ? await this.runFiles(this.source) : await this.runSynthetic(this.source);
      this.sender.finish();
      this.progress();
      return outcome;
    } catch (thrown) {
      this.out.close();
      if (this.cancelled) throw cancelledError();
      throw thrown instanceof FormatError ? new DepthscopeError(thrown.code, thrown.message) : thrown;
    }
  }

  private readonly pace: Pace = async () => {
    await this.sender.ready();
    if (this.cancelled) throw cancelledError();
    const now = performance.now();
    if (now - this.lastProgressMs >= PROGRESS_EVERY_MS) {
      this.lastProgressMs = now;
      this.progress();
    }
    // Lets in what waits for this thread: a decompressor that needs room for its output, and a cancel call.
    await new Promise((resolve) => setImmediate(resolve));
  };

  private async runFiles(source: ImportSource & { kind: 'files' }): Promise<ImportOutcome> {
    const { format, files } = await openSource(source.paths, source.venue);
    this.files = files;
    try {
      if (format === 'capture') await runCaptures(files, this.sender, this.pace);
      else if (source.venue !== null) await runJournals(files, source.venue, { sender: this.sender, pace: this.pace });
      const sources: SourceFile[] = [];
      for (const { raw } of files) sources.push(await raw.finish());
      const first = basename(source.paths[0] ?? '');
      return {
        source: this.sender.report,
        files: sources,
        venue: format === 'capture' ? 'iex' : (source.venue ?? ''),
        title: sources.length > 1 ? `${first} and ${sources.length - 1} more` : first,
        synthetic: false,
        contentId: filesContentId(
          sources.map((one) => one.sha256),
          format === 'capture' ? null : source.venue,
        ),
      };
    } catch (thrown) {
      await closeSource(files);
      throw thrown;
    }
  }

  private async runSynthetic(source: ImportSource & { kind: 'synthetic' }): Promise<ImportOutcome> {
    const { seed, seconds } = source;
    const market = createSyntheticMarket(this.sender.context, { seed, seconds, startNs: BigInt(source.startNs) });
    while (!market.done) {
      market.step(SYNTHETIC_STEP_ROWS);
      await this.pace();
    }
    return {
      source: this.sender.report,
      files: [],
      venue: 'synthetic',
      title: 'Sample session (synthetic market)',
      synthetic: true,
      contentId: syntheticContentId(source),
    };
  }

  private progress(): void {
    let bytesDone = 0;
    let bytesTotal = 0;
    for (const { raw } of this.files) {
      bytesDone += raw.done;
      bytesTotal += Math.max(raw.size, raw.done);
    }
    const { report } = this.sender;
    this.onProgress({ bytesDone, bytesTotal, messages: report.messages, report });
  }
}
