/**
 * The folder in which one session is recorded before it is sealed, and who owns it: `<id>.owner` lies beside the folder
 * from before it is made until after it is gone, so that a folder without a living owner can always be cleaned.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DepthscopeError } from '../../core/contract/index.ts';
import { safeName, type Layout } from './layout.ts';

const OWNER_SUFFIX = '.owner';
const TRASH_PREFIX = 'trash-';

interface Owner {
  readonly pid: number;
  /** The kernel's start time of the process, so that a reused pid is not taken for the owner; null where unknown. */
  readonly started: string | null;
}

/** Returns the folder of a staging. */
export function stagingFolder(layout: Layout, stagingId: string): string {
  return join(layout.staging, safeName(stagingId));
}

/** Makes an empty staging folder owned by this process; throws when the id is taken. */
export function claimStaging(layout: Layout, stagingId: string): string {
  const folder = stagingFolder(layout, stagingId);
  if (existsSync(folder)) throw new DepthscopeError('store.staging-taken', `A recording named ${stagingId} is in progress already.`);
  const owner: Owner = { pid: process.pid, started: startOf(process.pid) };
  writeFileSync(folder + OWNER_SUFFIX, JSON.stringify(owner));
  mkdirSync(folder);
  return folder;
}

/** Removes a staging folder and its owner file, whatever is in it. */
export function dropStaging(layout: Layout, stagingId: string): void {
  const folder = stagingFolder(layout, stagingId);
  rmSync(folder, { recursive: true, force: true });
  rmSync(folder + OWNER_SUFFIX, { force: true });
}

/** Returns a fresh path, on the same disk, to which a session can be moved before it is deleted. */
export function trashFolder(layout: Layout, sessionId: string): string {
  for (let n = 0; ; n++) {
    const folder = join(layout.staging, `${TRASH_PREFIX}${sessionId}-${process.pid}-${n}`);
    if (!existsSync(folder)) return folder;
  }
}

/** What a clean-up found. */
export interface Cleaned {
  /** Ids of the stagings that were removed. */
  readonly stagings: string[];
  /** Ids of sessions whose deletion had begun and is now finished. */
  readonly deletedSessions: string[];
}

/** Removes every staging whose owner is gone, unfinished deletions and left-over scratch space. */
export function cleanStagings(layout: Layout): Cleaned {
  const stagings: string[] = [];
  const deletedSessions: string[] = [];
  const entries = readdirSync(layout.staging, { withFileTypes: true });
  for (const entry of entries) {
    const path = join(layout.staging, entry.name);
    if (entry.isDirectory()) {
      const scratch = /^scratch-(\d+)$/.exec(entry.name);
      if (scratch ? isRunning(Number(scratch[1])) : isAlive(readOwner(path + OWNER_SUFFIX))) continue;
      const trash = /^trash-(.+)-\d+-\d+$/.exec(entry.name);
      rmSync(path, { recursive: true, force: true });
      rmSync(path + OWNER_SUFFIX, { force: true });
      if (trash) deletedSessions.push(trash[1]);
      else if (!scratch) stagings.push(entry.name);
    } else if (entry.name.endsWith(OWNER_SUFFIX) && !isAlive(readOwner(path))) {
      rmSync(path, { force: true });
    }
  }
  return { stagings, deletedSessions };
}

function readOwner(path: string): Owner | null {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    // A torn owner file was being written when its process died.
    return null;
  }
}

function isAlive(owner: Owner | null): boolean {
  if (owner === null || !isRunning(owner.pid)) return false;
  const started = startOf(owner.pid);
  return started === null || owner.started === null || started === owner.started;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Returns the start time of a process as the kernel counts it; null where that cannot be read. */
function startOf(pid: number): string | null {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return null;
  try {
    const text = readFileSync(path, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    // The process ended between the two calls.
    return null;
  }
}
