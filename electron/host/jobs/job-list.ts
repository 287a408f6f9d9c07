/**
 * The list of jobs: their states, how each runs, waits, is cancelled and ends. Must not know what a job does.
 */
import { randomUUID } from 'node:crypto';
import { DepthscopeError, wireErrorFrom, type ErrorDomain, type JobState } from '../../../core/contract/index.ts';

/** What a job's work may say while it runs. */
export interface JobControl {
  readonly jobId: string;
  /** Aborted when the job is cancelled; the work then ends soon, whatever it does. */
  readonly signal: AbortSignal;
  update(change: Partial<Omit<JobState, 'jobId' | 'kind' | 'state'>>): void;
}

export interface JobSpec<T> {
  readonly kind: JobState['kind'];
  readonly title: string;
  readonly sessionId: string | null;
  /** Jobs of a lane run one at a time, in the order in which they came; null: at once. */
  readonly lane: string | null;
  readonly errorDomain: ErrorDomain;
  work(control: JobControl): Promise<T>;
}

export interface RunningJob<T> {
  readonly jobId: string;
  /** Resolves with the result; rejects with a DepthscopeError, code `<domain>.cancelled` when cancelled. */
  readonly done: Promise<T>;
}

interface Entry {
  state: JobState;
  readonly abort: AbortController;
}

const OVER: readonly JobState['state'][] = ['done', 'failed', 'cancelled'];

export class JobList {
  private readonly entries = new Map<string, Entry>();
  private readonly lanes = new Map<string, Promise<unknown>>();
  private readonly open = new Set<Promise<unknown>>();
  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  /** Starts or queues a job. Its failure is also in the list, so a caller may ignore `done`. */
  start<T>(spec: JobSpec<T>): RunningJob<T> {
    const jobId = randomUUID();
    const abort = new AbortController();
    this.entries.set(jobId, { abort, state: initialState(jobId, spec) });
    this.changed();
    const before = (spec.lane !== null && this.lanes.get(spec.lane)) || Promise.resolve();
    const done = before.then(() => this.run(jobId, spec, abort.signal));
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    if (spec.lane !== null) this.lanes.set(spec.lane, settled);
    this.open.add(settled);
    void settled.then(() => this.open.delete(settled));
    return { jobId, done };
  }

  list(): JobState[] {
    return [...this.entries.values()].map((entry) => entry.state);
  }

  /** Asks a job to end; one that is over already stays as it is. */
  cancel(jobId: string): void {
    const entry = this.find(jobId);
    if (OVER.includes(entry.state.state)) return;
    if (entry.state.state === 'queued') this.set(jobId, { state: 'cancelled', phase: 'cancelled' });
    entry.abort.abort();
  }

  /** Takes a job that is over off the list. */
  dismiss(jobId: string): void {
    const entry = this.find(jobId);
    if (!OVER.includes(entry.state.state)) throw new DepthscopeError('import.running', 'The job is still running; cancel it first.');
    this.entries.delete(jobId);
    this.changed();
  }

  /** Cancels everything and resolves when nothing runs any more. */
  async close(): Promise<void> {
    for (const entry of this.entries.values()) entry.abort.abort();
    await Promise.all(this.open);
  }

  private async run<T>(jobId: string, spec: JobSpec<T>, signal: AbortSignal): Promise<T> {
    const cancelled = (): DepthscopeError =>
      new DepthscopeError(`${spec.errorDomain}.cancelled`, `${spec.title} was cancelled; nothing was changed.`);
    if (signal.aborted) {
      this.set(jobId, { state: 'cancelled', phase: 'cancelled' });
      throw cancelled();
    }
    this.set(jobId, { state: 'running', phase: 'starting' });
    try {
      const result = await spec.work({ jobId, signal, update: (change) => this.set(jobId, change) });
      this.set(jobId, { state: 'done', phase: 'done', secondsLeft: null });
      return result;
    } catch (thrown) {
      if (signal.aborted) {
        this.set(jobId, { state: 'cancelled', phase: 'cancelled', secondsLeft: null });
        throw cancelled();
      }
      this.set(jobId, {
        state: 'failed',
        phase: 'failed',
        secondsLeft: null,
        error: wireErrorFrom(thrown, `${spec.errorDomain}.internal`),
      });
      throw thrown;
    }
  }

  private set(jobId: string, change: Partial<JobState>): void {
    const entry = this.entries.get(jobId);
    if (!entry) return;
    entry.state = { ...entry.state, ...change };
    this.changed();
  }

  private find(jobId: string): Entry {
    const entry = this.entries.get(jobId);
    if (!entry) throw new DepthscopeError('import.unknown-job', 'That job is not in the list any more.');
    return entry;
  }
}

function initialState(jobId: string, spec: JobSpec<unknown>): JobState {
  return {
    jobId,
    kind: spec.kind,
    title: spec.title,
    state: 'queued',
    phase: 'waiting',
    bytesDone: 0,
    bytesTotal: 0,
    messages: 0,
    messagesPerSecond: 0,
    secondsLeft: null,
    sessionId: spec.sessionId,
    alreadyImported: false,
    error: null,
    remarks: '',
  };
}
