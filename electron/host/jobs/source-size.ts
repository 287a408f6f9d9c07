/** Looks at the files of a source before any worker opens them. Must not read them. */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DepthscopeError } from '../../../core/contract/index.ts';

/**
 * Returns the bytes of all files together. Rejects, in words, for a path that is not there and for a pipe or device: opening
 * one may wait, and reading one go on, without end. A folder is left to the importer, which says what to do about it.
 */
export async function sourceBytes(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    const found = await look(path);
    if (!found.isFile() && !found.isDirectory()) {
      throw new DepthscopeError(
        'import.not-a-file',
        `"${path}" is a pipe or a device, and a source is read more than once: give a file on disk.`,
        { context: { path } },
      );
    }
    bytes += found.size;
  }
  return bytes;
}

async function look(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (cause) {
    throw new DepthscopeError('import.unreadable', `"${path}" cannot be read; check that the file is there and that you may read it.`, {
      cause,
      context: { path },
    });
  }
}
