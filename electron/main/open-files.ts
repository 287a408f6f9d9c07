/**
 * Files that the user names, by the menu or by dropping them, become import jobs; where a recording does not say its
 * venue, the user is asked. Must not know how files are read.
 */
import { basename } from 'node:path';
import { dialog, ipcMain, type BrowserWindow } from 'electron';
import { DepthscopeError, RECORDING_VENUES, type RecordingVenue } from '../../core/contract/index.ts';
import type { Host } from '../host/index.ts';
import { DROP_CHANNEL, PAGE_ORIGIN } from './channels.ts';

const MAX_FILES = 64;

/** The import worker's answer to a recording whose venue nobody named. */
const VENUE_NEEDED = 'format.venue-needed';

/** Shows the open dialog and imports what was chosen, as one session. */
export async function openCapture(window: BrowserWindow, host: Host): Promise<void> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open a capture',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Captures and recordings', extensions: ['pcap', 'pcapng', 'cap', 'gz', 'zst', 'jsonl', 'ndjson', 'log', 'txt'] },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  if (!canceled && filePaths.length > 0) await importPaths(filePaths, window, host);
}

/** Imports the files that are dropped on the window. */
export function takeDroppedFiles(window: BrowserWindow, host: Host, failed: (error: unknown) => void): void {
  ipcMain.on(DROP_CHANNEL, (event, paths: unknown) => {
    const ours = event.sender === window.webContents && event.senderFrame?.url.startsWith(PAGE_ORIGIN) === true;
    if (!ours || !isPaths(paths)) return;
    importPaths(paths, window, host).catch(failed);
  });
}

/** Runs the import; its failure shows in the job list, so only the missing venue is dealt with here. */
async function importPaths(paths: readonly string[], window: BrowserWindow, host: Host): Promise<void> {
  const { jobId, done } = host.startImport({ kind: 'files', paths, venue: null });
  const needsVenue = await done.then(
    () => false,
    (thrown: unknown) => thrown instanceof DepthscopeError && thrown.wire.code === VENUE_NEEDED,
  );
  if (!needsVenue) return;
  const venue = await askVenue(basename(paths[0]), window);
  if (!venue) return;
  host.jobs.dismiss(jobId);
  host.startImport({ kind: 'files', paths, venue });
}

async function askVenue(name: string, window: BrowserWindow): Promise<RecordingVenue | null> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `Which venue recorded ${name}?`,
    buttons: [...RECORDING_VENUES, 'Cancel'],
    cancelId: RECORDING_VENUES.length,
  });
  return RECORDING_VENUES[response] ?? null;
}

function isPaths(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.length <= MAX_FILES && value.every((path) => typeof path === 'string' && path !== '')
  );
}
