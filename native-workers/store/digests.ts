/**
 * What a recording's files held when it was sealed, and whether they still do. The manifest lists every other file with its
 * bytes and SHA-256; `manifest.sha256` beside it holds the manifest's own. Must not know what the rows mean.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { DepthscopeError } from '../../core/contract/index.ts';
import type { Manifest, RecordedFile } from '../../core/model/index.ts';
import { filesBelow, syncAndHash, syncFolders, syncPath } from './layout.ts';

export const MANIFEST_NAME = 'manifest.json';
const MANIFEST_DIGEST_NAME = 'manifest.sha256';

/** Makes every file below a folder durable; returns what they hold, in the order of their paths. */
export function syncAndDigest(folder: string): RecordedFile[] {
  return pathsBelow(folder).map((path) => ({ path, ...syncAndHash(join(folder, path)) }));
}

/** Writes the manifest and its digest, and makes them and the folders durable. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  writeFileSync(join(folder, MANIFEST_NAME), text);
  writeFileSync(join(folder, MANIFEST_DIGEST_NAME), `${sha256(text)}  ${MANIFEST_NAME}\n`);
  for (const name of [MANIFEST_NAME, MANIFEST_DIGEST_NAME]) syncPath(join(folder, name));
  syncFolders(folder);
}

/** Returns in words what is wrong with one listed file by its size alone; null when nothing is. */
export function sizeFault(folder: string, path: string, bytes: number): string | null {
  const stat = statSync(join(folder, path), { throwIfNoEntry: false });
  if (stat === undefined) return `${path} is missing`;
  return stat.size === bytes ? null : `${path} has ${stat.size} bytes instead of ${bytes}`;
}

/** Returns the first fault that can be seen without reading rows: the manifest's digest, files that are missing or of the wrong size. */
export function quickFault(folder: string, manifest: Manifest): string | null {
  for (const { path, bytes } of manifest.files) {
    const fault = sizeFault(folder, path, bytes);
    if (fault !== null) return fault;
  }
  return manifestFault(folder);
}

/** Returns in words every file that is not what was sealed, the manifest first; reads all of them. */
export async function allFaults(folder: string, manifest: Manifest): Promise<string[]> {
  const faults: (string | null)[] = [manifestFault(folder)];
  for (const { path, bytes, sha256: sealed } of manifest.files) {
    faults.push(sizeFault(folder, path, bytes) ?? ((await fileSha256(join(folder, path))) === sealed ? null : `${path} has changed`));
  }
  const known = new Set([MANIFEST_NAME, MANIFEST_DIGEST_NAME, ...manifest.files.map(({ path }) => path)]);
  faults.push(...pathsBelow(folder).map((path) => (known.has(path) ? null : `${path} does not belong to it`)));
  return faults.filter((fault) => fault !== null);
}

/** Returns the error for a recording of which a file is gone or not what was sealed. */
export function damagedRecording(session: string, fault: string, cause?: unknown): DepthscopeError {
  return new DepthscopeError(
    'store.damaged-recording',
    `The recording ${session} is damaged: ${fault}. Import its source again, which replaces it, or delete it.`,
    { cause },
  );
}

function manifestFault(folder: string): string | null {
  const path = join(folder, MANIFEST_DIGEST_NAME);
  if (!existsSync(path)) return `${MANIFEST_DIGEST_NAME} is missing`;
  const sealed = readFileSync(path, 'utf8').split(' ')[0];
  return sha256(readFileSync(join(folder, MANIFEST_NAME))) === sealed ? null : `${MANIFEST_NAME} or ${MANIFEST_DIGEST_NAME} has changed`;
}

function pathsBelow(folder: string): string[] {
  return filesBelow(folder)
    .map((path) => relative(folder, path).split(sep).join('/'))
    .sort();
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(part as Uint8Array);
  return hash.digest('hex');
}
