/** The id of a source's content: the same bytes, venue and decoder give the same session. Must not know formats. */
import { createHash } from 'node:crypto';
import type { RecordingVenue } from '../../core/contract/index.ts';
import type { ImportSource } from '../protocol/index.ts';
import { RawFile } from './raw-file.ts';
import { isCapture } from './source-files.ts';

/** Raise it when the same bytes would become other rows. */
const DECODER_VERSION = 1;

/**
 * Returns the content id of files with these digests.
 * @param venue null for captures, which name their venue themselves: what the user chose has no effect on them
 */
export function filesContentId(digests: readonly string[], venue: RecordingVenue | null): string {
  return idOf({ decoder: DECODER_VERSION, venue, files: digests });
}

/** Returns the content id of a synthetic source. */
export function syntheticContentId({ seed, seconds, startNs }: ImportSource & { kind: 'synthetic' }): string {
  return idOf({ decoder: DECODER_VERSION, seed, seconds, startNs });
}

/** Hashes the files of a source and returns its content id. Rejects when one cannot be read. */
export async function contentIdOf(source: ImportSource): Promise<string> {
  if (source.kind === 'synthetic') return syntheticContentId(source);
  const digests: string[] = [];
  for (const path of source.paths) digests.push((await (await RawFile.open(path)).finish()).sha256);
  const ignored = source.venue === null || (await isCapture(source.paths[0] as string));
  return filesContentId(digests, ignored ? null : source.venue);
}

function idOf(facts: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
