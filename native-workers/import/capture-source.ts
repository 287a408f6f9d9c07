/** Captures through the IEX decoder: several files are one stream in the order given. Must not know bytes on disk. */
import { type CaptureDecoder, createIexCaptureDecoder } from '../../core/formats/iex/index.ts';
import type { BatchSender } from './batch-sender.ts';
import type { Content } from './content.ts';
import type { OpenedFile, Pace } from './source-files.ts';

/** Bytes that are decoded between two looks at back-pressure and at what the decompressor needs: under a millisecond. */
const STEP_BYTES = 512 * 1024;

export async function runCaptures(files: readonly OpenedFile[], sender: BatchSender, pace: Pace): Promise<void> {
  await decodeCaptures(files, createIexCaptureDecoder(sender.context), pace);
}

/** Feeds the files to the decoder, one after another, and ends it. */
export async function decodeCaptures(files: readonly OpenedFile[], decoder: CaptureDecoder, pace: Pace): Promise<void> {
  for (const { content } of files) {
    await forEachStep(content, async (bytes) => {
      decoder.push(bytes);
      await pace();
    });
    const { damage } = content;
    decoder.nextFile(damage.reason === '' ? undefined : damage);
  }
  decoder.end();
}

async function forEachStep(content: Content, take: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  for await (const piece of content.pieces) {
    for (let at = 0; at < piece.length; at += STEP_BYTES) await take(piece.subarray(at, at + STEP_BYTES));
  }
}
