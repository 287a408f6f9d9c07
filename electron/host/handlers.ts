/**
 * One line per call and stream of the contract: which part of the host answers it. Must not hold state or logic of its own.
 */
import type { CallHandlers, HostHandlers, StreamHandlers } from '../../core/rpc/index.ts';
import type { HostParts } from './host.ts';
import { VERSION } from './version.ts';

/** Returns the handlers over the parts of a host. */
export function createHandlers(parts: HostParts): HostHandlers {
  const { dataDir, store, jobs, views, uploads, broadcasts } = parts;
  const calls: CallHandlers = {
    'app.info': (_params, { connection }) => ({ version: VERSION, shell: connection.shell, dataDir, node: process.version }),
    'sessions.list': () => store.call('sessions.list', {}),
    'sessions.manifest': (params) => store.call('sessions.manifest', params),
    'sessions.activity': (params) => store.call('sessions.activity', params),
    'sessions.events': (params) => store.call('sessions.events', params),
    'sessions.delete': (params) => store.call('sessions.delete', params),
    'sessions.verify': async ({ sessionId }) => ({ jobId: (await parts.startVerify(sessionId, null)).jobId }),
    'import.files': (params) => ({ jobId: parts.startImport({ kind: 'files', ...params }).jobId }),
    'import.sample': () => ({ jobId: parts.startSample().jobId }),
    'upload.begin': (params, { connection }) => uploads.begin(params, connection),
    'upload.chunk': (params, context) => uploads.chunk(params, context),
    'upload.abort': ({ uploadId }, { connection }) => uploads.abort(uploadId, connection),
    'upload.import': async ({ uploadIds, venue }, { connection }) => {
      const { paths, release } = await uploads.take(uploadIds, connection);
      const job = parts.startImport({ kind: 'files', paths, venue });
      void job.done.then(release, release);
      return { jobId: job.jobId };
    },
    'export.start': (params) => ({ jobId: parts.startExport(params).jobId }),
    'jobs.cancel': ({ jobId }) => {
      jobs.cancel(jobId);
      return null;
    },
    'jobs.dismiss': ({ jobId }) => {
      jobs.dismiss(jobId);
      return null;
    },
    'view.open': (params, { connection }) => views.open(params, connection),
    'view.window': (params, { connection }) => views.call('view.window', params, connection),
    'view.close': ({ viewId }, { connection }) => views.close(viewId, connection),
    'replay.play': (params, { connection }) => views.call('replay.play', params, connection),
    'replay.pause': (params, { connection }) => views.call('replay.pause', params, connection),
    'replay.seek': (params, { connection }) => views.call('replay.seek', params, connection),
    'replay.step': (params, { connection }) => views.call('replay.step', params, connection),
  };
  const streams: StreamHandlers = {
    jobs: (_params, sink) => broadcasts.jobs.subscribe(sink),
    sessions: (_params, sink) => broadcasts.sessions.subscribe(sink),
    status: (_params, sink) => broadcasts.status.subscribe(sink),
    'view.frames': ({ viewId }, sink) => views.subscribe(viewId, sink),
  };
  return {
    calls,
    streams,
    connectionClosed: (connection) => {
      views.connectionClosed(connection);
      parts.background(uploads.connectionClosed(connection));
    },
  };
}
