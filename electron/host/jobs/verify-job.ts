/**
 * Proves a recording: compares the digest of every file with what was sealed, plays the rows through the pipeline again,
 * compares every count and hash with the manifest, and, given the source files, decodes those again as well.
 */
import { basename } from 'node:path';
import { DepthscopeError, type RecordingVenue } from '../../../core/contract/index.ts';
import type { BookReport, Manifest } from '../../../core/model/index.ts';
import type { StoreService } from '../store-service.ts';
import type { JobControl, JobSpec } from './job-list.ts';
import { Meter } from './meter.ts';
import { runImport, runReplay } from './pipeline.ts';
import { sourceBytes } from './source-size.ts';

const COMPARED = [
  'stateHash',
  'finalBooksSha256',
  'finalQuotesSha256',
  'events',
  'trades',
  'levelUpdates',
  'unknownLevelRemovals',
  'unknownOrders',
  'crossed',
  'firstTimeNs',
  'lastTimeNs',
  'firstReceiveNs',
  'lastReceiveNs',
] as const satisfies readonly (keyof BookReport)[];

export interface Mismatch {
  readonly what: 'recording' | 'source';
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
}

export interface VerifyResult {
  readonly session: string;
  readonly verified: boolean;
  readonly events: number;
  readonly stateHash: string;
  readonly finalBooksSha256: string | null;
  readonly finalQuotesSha256: string | null;
  /** True when source files were decoded again too. */
  readonly sourceCompared: boolean;
  readonly mismatches: readonly Mismatch[];
  readonly seconds: number;
}

export interface VerifySource {
  readonly paths: readonly string[];
  readonly venue: RecordingVenue | null;
}

/** Returns the job that verifies a session; it fails when the recording does not hold. */
export function verifyJob(manifest: Manifest, store: StoreService, source: VerifySource | null): JobSpec<VerifyResult> {
  return {
    kind: 'verify',
    title: `Verify ${manifest.title}`,
    sessionId: manifest.sessionId,
    lane: null,
    errorDomain: 'store',
    work: (control) => verify(manifest, store, source, control),
  };
}

async function verify(manifest: Manifest, store: StoreService, source: VerifySource | null, control: JobControl): Promise<VerifyResult> {
  const startMs = performance.now();
  const { sessionId } = manifest;
  if (source) await sourceBytes(source.paths);
  control.update({ phase: 'verifying' });
  const faults = await store.call('sessions.faults', { sessionId });
  if (faults.length > 0) {
    await store.call('sessions.setVerified', { sessionId, verified: false });
    throw changedError(faults, manifest.title);
  }
  const replayed = await runReplay(sessionId, store, { signal: control.signal, events: eventProgress(manifest, control) });
  const mismatches = compare('recording', manifest.report, replayed.report);
  await store.call('sessions.setVerified', { sessionId, verified: mismatches.length === 0 });
  if (source) {
    control.update({ phase: 'decoding the source again' });
    const run = await runImport({ kind: 'files', ...source }, null, { signal: control.signal, events: eventProgress(manifest, control) });
    mismatches.push(...compare('source', manifest.report, run.book.report));
  }
  if (mismatches.length > 0) throw mismatchError(mismatches, manifest.title);
  const { events, stateHash, finalBooksSha256, finalQuotesSha256 } = replayed.report;
  const seconds = (performance.now() - startMs) / 1000;
  return {
    session: sessionId,
    verified: true,
    events,
    stateHash,
    finalBooksSha256,
    finalQuotesSha256,
    sourceCompared: source !== null,
    mismatches,
    seconds,
  };
}

function compare(what: Mismatch['what'], expected: BookReport, actual: BookReport): Mismatch[] {
  return COMPARED.filter((field) => expected[field] !== actual[field]).map((field) => ({
    what,
    field,
    expected: String(expected[field]),
    actual: String(actual[field]),
  }));
}

function changedError(faults: readonly string[], title: string): DepthscopeError {
  const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
  return new DepthscopeError(
    'store.verify-failed',
    `The recording of ${basename(title)} is not what was sealed: ${faults[0]}${more}; import its source again, which replaces it.`,
    { detail: faults.join('\n') },
  );
}

function mismatchError(mismatches: readonly Mismatch[], title: string): DepthscopeError {
  const first = mismatches[0];
  const more = mismatches.length === 1 ? '' : ` (and ${mismatches.length - 1} more differences)`;
  const subject =
    first.what === 'recording'
      ? `The recording of ${basename(title)} does not reproduce its own manifest`
      : 'The source files do not give what was recorded';
  return new DepthscopeError(
    'store.verify-failed',
    `${subject}: ${first.field} is ${first.actual}, recorded was ${first.expected}${more}${first.what === 'recording' ? '; import its source again, which replaces it' : ''}.`,
    {
      detail: mismatches.map((m) => `${m.what}: ${m.field}: expected ${m.expected}, got ${m.actual}`).join('\n'),
    },
  );
}

function eventProgress(manifest: Manifest, control: JobControl): (events: number) => void {
  const total = manifest.chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  const meter = new Meter(performance.now());
  return (events) => {
    const now = performance.now();
    control.update({ messages: events, messagesPerSecond: meter.rate(now, events), secondsLeft: meter.secondsLeft(now, events, total) });
  };
}
