/**
 * Whether a path may be written by an export: a file in a folder that is there, and none of Depthscope's own. Must not know
 * streams or formats.
 */
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { DepthscopeError } from '../../../core/contract/index.ts';

/** What Depthscope keeps at the top of its data directory; a user may keep other files beside. */
const OWN_ENTRY = /^(sessions|staging|inbox|catalogue\.sqlite.*)$/;

/** Rejects, in words, when an export to `path` would be refused by the file system or would replace what it reads. */
export async function checkExportTarget(path: string, dataDir: string): Promise<void> {
  const target = join(await realFolder(dirname(resolve(path))), basename(path));
  const inside = relative(await realpath(dataDir), target).split(/[/\\]/)[0];
  if (OWN_ENTRY.test(inside)) {
    throw new DepthscopeError('store.export-target', `${path} belongs to the recordings themselves; export to a place outside them.`, {
      context: { path },
    });
  }
  const found = await lstat(target).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null;
    throw thrown;
  });
  if (found?.isDirectory()) {
    throw new DepthscopeError('store.export-target', `${path} is a folder; give the name of a file in it.`, { context: { path } });
  }
  if (found && !found.isFile() && !found.isSymbolicLink()) {
    throw new DepthscopeError('store.export-target', `${path} is no file but a device or the like; give another name.`, {
      context: { path },
    });
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (cause) {
    throw new DepthscopeError('store.export-target', `There is no folder ${folder} to export into; make it first.`, {
      cause,
      context: { path: folder },
    });
  }
}
