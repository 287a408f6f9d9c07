/** The id of a source's content: the same bytes, venue choice and decoder give the same session. Must not know formats. */
import { createHash } from 'node:crypto';
import type { ImportSource } from '../protocol/index.ts';
import { RawFile } from './raw-file.ts';

/** Raise it when the same bytes would become other rows. */
const DECODER_VERSION = 1;

/** Returns the content id of a source whose files have these digests. */
export function contentIdFrom(source: ImportSource, digests: readonly string[]): string {
  const facts =
    source.kind === 'files'
      ? { decoder: DECODER_VERSION, venue: source.venue, files: digests }
      : { decoder: DECODER_VERSION, seed: source.seed, seconds: source.seconds, startNs: source.startNs };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** Hashes the files of a source and returns its content id. Rejects when one cannot be read. */
export async function contentIdOf(source: ImportSource): Promise<string> {
  const digests: string[] = [];
  if (source.kind === 'files') {
    for (const path of source.paths) digests.push((await (await RawFile.open(path)).finish()).sha256);
  }
  return contentIdFrom(source, digests);
}
