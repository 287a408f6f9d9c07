/**
 * Gives a command a host on its data directory and takes it down again, whatever happens; waits for jobs, shows their
 * progress, cancels them on Ctrl-C. Must not know commands.
 */
import type { JobState } from '../../core/contract/index.ts';
import { createHost, type Host, type RunningJob } from '../host/index.ts';
import type { Invocation, Terminal } from './command.ts';

const PROGRESS_INTERVAL_MS = 200;

/** Runs `work` on a host that imports no sample by itself. */
export async function withHost<T>({ dataDir }: Invocation, work: (host: Host) => Promise<T>): Promise<T> {
  const host = await createHost({ dataDir, noSample: true });
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

/** Resolves with the result of a job; shows how far it is on a terminal; Ctrl-C cancels it. */
export async function finished<T>(job: RunningJob<T>, host: Host, terminal: Terminal): Promise<T> {
  const cancel = (): void => host.jobs.cancel(job.jobId);
  if (terminal.signal.aborted) cancel();
  terminal.signal.addEventListener('abort', cancel, { once: true });
  const timer = terminal.interactive ? setInterval(() => draw(job.jobId, host, terminal), PROGRESS_INTERVAL_MS) : null;
  try {
    return await job.done;
  } finally {
    terminal.signal.removeEventListener('abort', cancel);
    if (timer) {
      clearInterval(timer);
      terminal.err('\r\x1b[K');
    }
  }
}

function draw(jobId: string, host: Host, terminal: Terminal): void {
  const state = host.jobs.list().find((each) => each.jobId === jobId);
  if (state) terminal.err(`\r\x1b[K${progressLine(state)}`);
}

/** Returns for instance `reading 42 % · 1,200,000 messages · 350,000/s · 3 s left`. */
export function progressLine(state: JobState): string {
  const parts = [state.phase];
  if (state.bytesTotal > 0 && state.phase === 'reading') parts[0] += ` ${Math.floor((100 * state.bytesDone) / state.bytesTotal)} %`;
  if (state.messages > 0) parts.push(`${state.messages.toLocaleString('en-US')} messages`);
  if (state.messagesPerSecond > 0) parts.push(`${Math.round(state.messagesPerSecond).toLocaleString('en-US')}/s`);
  if (state.secondsLeft !== null) parts.push(`${Math.ceil(state.secondsLeft)} s left`);
  return parts.join(' · ');
}
