/** Jobs under way or just over, newest first: progress, rate, time left, what was lost, errors in words, cancel. */
import type { ReactNode } from 'react';
import type { JobState } from '../../core/contract/index.ts';
import { durationText, shortNumber } from '../charts/index.ts';
import { Icon } from '../components/index.ts';
import { actions, useCatalogue, useUi } from '../state/index.ts';

export function JobsPanel(): ReactNode {
  const jobs = useCatalogue((s) => s.jobs);
  const upload = useUi((s) => s.upload);
  if (jobs.length === 0 && !upload) return null;
  return (
    <section className="panel jobs" aria-label="Jobs">
      <div className="panel-head">
        <h2>Jobs</h2>
      </div>
      {upload ? (
        <div className="job" data-testid="upload">
          <div className="row-top">
            <span className="row-title">Sending {upload.name}</span>
            <button type="button" className="icon-button" aria-label="Cancel sending" onClick={() => actions().cancelUpload()}>
              <Icon name="close" size={11} />
            </button>
          </div>
          <Progress value={upload.bytesDone} max={upload.bytesTotal} label={`Sending ${upload.name}`} />
        </div>
      ) : null}
      {jobs.toReversed().map((job) => (
        <JobRow key={job.jobId} job={job} />
      ))}
    </section>
  );
}

function JobRow({ job }: { readonly job: JobState }): ReactNode {
  const active = job.state === 'queued' || job.state === 'running';
  const { sessionId } = job;
  return (
    <div className={`job ${job.state}`} data-testid={`job-${job.jobId}`} data-state={job.state}>
      <div className="row-top">
        <span className="row-title" title={job.title}>
          {job.title}
        </span>
        {active ? (
          <button
            type="button"
            className="icon-button"
            data-testid="job-cancel"
            aria-label={`Cancel ${job.title}`}
            title="Cancel"
            onClick={() => actions().cancelJob(job.jobId)}
          >
            <Icon name="close" size={11} />
          </button>
        ) : (
          <button
            type="button"
            className="icon-button"
            data-testid="job-dismiss"
            aria-label={`Remove ${job.title} from the list`}
            title="Remove"
            onClick={() => actions().dismissJob(job.jobId)}
          >
            <Icon name="close" size={11} />
          </button>
        )}
      </div>
      <div className="row-sub num">{progressText(job)}</div>
      {active ? <Progress value={job.bytesDone} max={job.bytesTotal} label={job.title} /> : null}
      {job.remarks ? <div className="row-sub warn-text">{job.remarks}</div> : null}
      {job.error && job.state === 'failed' ? (
        <p className="job-error" role="alert" title={job.error.detail}>
          {job.error.userText}
        </p>
      ) : null}
      {job.state === 'done' && sessionId && job.kind === 'import' ? (
        <button type="button" className="link" onClick={() => actions().openSession(sessionId)}>
          {job.alreadyImported ? 'Already imported: open it' : 'Open'}
        </button>
      ) : null}
    </div>
  );
}

function progressText(job: JobState): string {
  if (job.state === 'cancelled') return 'cancelled, nothing was kept';
  if (job.state === 'failed') return 'failed';
  if (job.state === 'queued') return 'waiting';
  const parts = [job.state === 'done' ? 'done' : job.phase];
  if (job.state === 'running' && job.bytesTotal > 0) parts.push(`${Math.floor((100 * job.bytesDone) / job.bytesTotal)} %`);
  if (job.state === 'running' && job.messagesPerSecond > 0) parts.push(`${shortNumber(job.messagesPerSecond)} msg/s`);
  if (job.state === 'running' && job.secondsLeft !== null) parts.push(`${durationText(job.secondsLeft)} left`);
  if (job.state === 'done' && job.messages > 0) parts.push(`${shortNumber(job.messages)} messages`);
  return parts.join(' · ');
}

function Progress({ value, max, label }: { readonly value: number; readonly max: number; readonly label: string }): ReactNode {
  return max > 0 ? <progress value={Math.min(value, max)} max={max} aria-label={label} /> : <progress aria-label={label} />;
}
