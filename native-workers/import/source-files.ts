/** Opens the files of an import and recognises what they are, before anything is decoded. Must not decode. */
import { looksLikeCapture } from '../../core/formats/iex/index.ts';
import { looksLikeJournal } from '../../core/formats/journal/index.ts';
import type { RecordingVenue } from '../../core/contract/index.ts';
import { type Content, openContent } from './content.ts';
import { damagedError, mixedFormatsError, unknownFormatError, venueMissingError } from './failures.ts';
import { RawFile } from './raw-file.ts';

export interface OpenedFile {
  readonly raw: RawFile;
  readonly content: Content;
}

export interface OpenedSource {
  readonly format: 'capture' | 'journal';
  readonly files: readonly OpenedFile[];
}

/** Waits for back-pressure, reports progress, and throws when the import was cancelled. */
export type Pace = () => Promise<void>;

/** Opens all files; rejects, with everything closed again, when one cannot be read or they are not of one known format. */
export async function openSource(paths: readonly string[], venue: RecordingVenue | null): Promise<OpenedSource> {
  const files: OpenedFile[] = [];
  let format: OpenedSource['format'] | null = null;
  try {
    for (const path of paths) {
      const raw = await RawFile.open(path);
      try {
        const content = await openContent(raw);
        files.push({ raw, content });
        if (content.head.length < 4 && content.damage.reason !== '') throw damagedError(path, content.damage.reason);
        const found = formatOf(path, content.head, venue);
        if (format !== null && format !== found) throw mixedFormatsError(paths[0] as string, path);
        format = found;
      } catch (thrown) {
        if (files.at(-1)?.raw !== raw) await raw.close();
        throw thrown;
      }
    }
    return { format: format ?? 'capture', files };
  } catch (thrown) {
    await closeSource(files);
    throw thrown;
  }
}

/** Returns true when a file holds a capture, whatever its compression. Rejects when it cannot be read. */
export async function isCapture(path: string): Promise<boolean> {
  const raw = await RawFile.open(path);
  const content = await openContent(raw);
  await closeSource([{ raw, content }]);
  return looksLikeCapture(content.head);
}

export async function closeSource(files: readonly OpenedFile[]): Promise<void> {
  for (const { raw, content } of files) {
    await content.pieces.return();
    await raw.close();
  }
}

function formatOf(path: string, head: Uint8Array, venue: RecordingVenue | null): OpenedSource['format'] {
  if (looksLikeCapture(head)) return 'capture';
  if (!looksLikeJournal(head)) throw unknownFormatError(path);
  if (venue === null) throw venueMissingError(path);
  return 'journal';
}
