/** Keeps the catalogue and the folder of sessions in agreement when a data directory is opened. Must not know rows. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DepthscopeError } from '../../core/contract/index.ts';
import type { Manifest } from '../../core/model/index.ts';
import type { Catalogue } from './catalogue.ts';
import { MANIFEST_NAME, quickFault } from './digests.ts';
import { folderBytes, type Layout } from './layout.ts';
import { readManifest } from './reader.ts';

/** Lists whole recordings that are not listed: their process died between the rename and the listing, or they were copied in. */
export function adoptUnlisted(layout: Layout, catalogue: Catalogue): number {
  let adopted = 0;
  for (const entry of readdirSync(layout.sessions, { withFileTypes: true })) {
    const folder = join(layout.sessions, entry.name);
    if (!entry.isDirectory() || catalogue.find(entry.name) !== null || !existsSync(join(folder, MANIFEST_NAME))) continue;
    const manifest = wholeManifest(folder);
    if (manifest?.sessionId !== entry.name) continue;
    catalogue.add(manifest, folderBytes(folder), null);
    adopted++;
  }
  return adopted;
}

/** Takes sessions whose folder is gone off the list; returns their titles. */
export function forgetVanished(layout: Layout, catalogue: Catalogue): string[] {
  const vanished = catalogue.list().filter((session) => !existsSync(join(layout.sessions, session.sessionId, MANIFEST_NAME)));
  for (const session of vanished) catalogue.remove(session.sessionId);
  return vanished.map((session) => session.title);
}

/** Returns whether a listed recording is damaged as far as that can be seen without reading rows; newer formats are not judged. */
export function isDamaged(layout: Layout, sessionId: string): boolean {
  try {
    const folder = join(layout.sessions, sessionId);
    return quickFault(folder, readManifest(folder)) !== null;
  } catch (thrown) {
    if (thrown instanceof DepthscopeError && ['store.damaged-recording', 'store.no-session'].includes(thrown.wire.code)) return true;
    throw thrown;
  }
}

/** Returns the manifest; null when the recording is damaged or of a newer format: that folder stays where it is, unlisted. */
function wholeManifest(folder: string): Manifest | null {
  try {
    const manifest = readManifest(folder);
    return quickFault(folder, manifest) === null ? manifest : null;
  } catch (thrown) {
    if (thrown instanceof DepthscopeError) return null;
    throw thrown;
  }
}
