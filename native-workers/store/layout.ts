/** Where everything lies in a data directory, and how files become durable. Must not know what the files hold. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DepthscopeError } from '../../core/contract/index.ts';
import { invariant } from '../../core/util/index.ts';

/** Read at a time when a file is hashed. */
const HASH_BYTES = 1024 * 1024;

/** Paths of one data directory. */
export interface Layout {
  readonly dataDir: string;
  readonly catalogue: string;
  readonly sessions: string;
  readonly staging: string;
  /** Room for what sorting and reading cannot hold in memory. */
  readonly scratch: string;
}

/** Returns the paths and makes the folders. */
export function layoutOf(dataDir: string): Layout {
  const layout: Layout = {
    dataDir,
    catalogue: join(dataDir, 'catalogue.sqlite'),
    sessions: join(dataDir, 'sessions'),
    staging: join(dataDir, 'staging'),
    scratch: join(dataDir, 'staging', `scratch-${process.pid}`),
  };
  for (const folder of [layout.sessions, layout.staging]) mkdirSync(folder, { recursive: true });
  return layout;
}

/** Returns the name unchanged when it can be the name of a folder and cannot leave its parent; throws otherwise. */
export function safeName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(name)) throw new DepthscopeError('store.bad-name', `"${name}" cannot name a session.`);
  return name;
}

/** Returns the total size of the files below a folder, bytes. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const path of filesBelow(folder)) bytes += statSync(path).size;
  return bytes;
}

/** Returns every file below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Makes a file, or on POSIX a folder's entries, survive a power cut. */
export function syncPath(path: string): void {
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Makes a file survive a power cut and returns what it holds. */
export function syncAndHash(path: string): { bytes: number; sha256: string } {
  const fd = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    const part = Buffer.allocUnsafe(HASH_BYTES);
    let bytes = 0;
    for (let read = readSync(fd, part); read > 0; read = readSync(fd, part)) {
      hash.update(part.subarray(0, read));
      bytes += read;
    }
    fsyncSync(fd);
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    closeSync(fd);
  }
}

/** Makes the entries of all folders of a tree survive a power cut. */
export function syncFolders(folder: string): void {
  const folders = new Set<string>([folder]);
  for (const file of filesBelow(folder)) {
    for (let parent = dirname(file); parent.length > folder.length; parent = dirname(parent)) folders.add(parent);
  }
  for (const one of folders) syncPath(one);
}

/** Returns the folder with the numbered SQL files of one database, in the source tree and beside a bundle alike. */
export function migrationsFolder(database: 'sqlite' | 'duckdb'): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, 'assets', 'migrations', database);
    if (existsSync(candidate)) return candidate;
    const parent = dirname(folder);
    invariant(parent !== folder, `assets/migrations/${database} is missing`);
    folder = parent;
  }
}

/** Returns text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
