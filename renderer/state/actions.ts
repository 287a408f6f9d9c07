/** What the panels can ask the workstation to do. The page's composition provides it once. Must not know how it is done. */
import type { CallParams, RecordingVenue } from '../../core/contract/index.ts';

export interface Actions {
  openSession(sessionId: string, instrumentId?: number): void;
  openInstrument(instrumentId: number): void;
  importPaths(paths: readonly string[], venue: RecordingVenue | null): void;
  importFiles(files: readonly File[], venue: RecordingVenue | null): void;
  cancelUpload(): void;
  importSample(): void;
  cancelJob(jobId: string): void;
  dismissJob(jobId: string): void;
  verify(sessionId: string): void;
  deleteSession(sessionId: string): void;
  togglePlay(): void;
  setSpeed(speed: number): void;
  step(direction: 1 | -1, unit: CallParams<'replay.step'>['unit'], times?: number): void;
  seek(timeNs: bigint): void;
  centre(): void;
  follow(): void;
  setBucket(bucketNs: number): void;
  setGroup(group: number): void;
  zoom(factor: number): void;
  reconnect(): void;
}

let provided: Actions | null = null;

/** Hands the panels their actions; called once at start. */
export function provideActions(actions: Actions): void {
  provided = actions;
}

/** Returns the actions. Throws before the page has provided them. */
export function actions(): Actions {
  if (!provided) throw new Error('actions are used before the workstation started');
  return provided;
}
