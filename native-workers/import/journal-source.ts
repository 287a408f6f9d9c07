/**
 * Raw venue recordings through the venue's mapper: several files are merged by receive time. Must not know bytes on disk or
 * the venue's messages.
 */
import { JournalMerger } from '../../core/formats/journal/index.ts';
import { UnparseableReason } from '../../core/model/index.ts';
import { createBinanceMapper } from '../../core/venues/binance/index.ts';
import type { RecordingVenue } from '../../core/contract/index.ts';
import type { BatchSender } from './batch-sender.ts';
import type { OpenedFile, Pace } from './source-files.ts';

/** Lines between two looks at back-pressure; a line of depth is some ten rows. */
const STEP_LINES = 512;

export async function runJournals(
  files: readonly OpenedFile[],
  venue: RecordingVenue,
  plumbing: { sender: BatchSender; pace: Pace },
): Promise<void> {
  const { context } = plumbing.sender;
  context.report.container = 'journal';
  const mapper = createBinanceMapper(context, { venue });
  const merger = new JournalMerger(files.length);
  for (let lines = 0; ; ) {
    const step = merger.next();
    if (step.kind === 'done') break;
    if (step.kind === 'needs') {
      const { content } = files[step.input] as OpenedFile;
      const piece = await content.pieces.next();
      if (piece.done === true) {
        merger.end(step.input);
        const { reason, lostBytes } = content.damage;
        if (reason !== '') {
          context.report.truncatedBytes += lostBytes;
          mapper.unreadable(UnparseableReason.badFrame, reason, new Uint8Array(0));
        }
      } else {
        merger.push(step.input, piece.value);
      }
      await plumbing.pace();
      continue;
    }
    const { line } = step;
    if (line.kind === 'message') mapper.line(line);
    else if (line.kind === 'control') mapper.control();
    else if (line.kind === 'truncated') mapper.truncated(line.bytes.subarray(line.start, line.end));
    else {
      const reason = line.kind === 'tooLong' ? UnparseableReason.overrunsSegment : UnparseableReason.noReceiveTime;
      mapper.unreadable(reason, `line ${line.number}`, line.bytes.subarray(line.start, line.end));
    }
    if (++lines % STEP_LINES === 0) await plumbing.pace();
  }
  mapper.end();
}
