/** Handlers with made-up answers that record what they were asked, for tests of transports. */
import { DepthscopeError, type JobState, type StreamItems } from '../../core/contract/index.ts';
import type { CallHandlers, Connection, HostHandlers, StreamSink } from '../../core/rpc/index.ts';

/** A promise with its resolve outside. */
export interface Gate {
  readonly promise: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}

export class StubHost {
  readonly asked: { name: string; params: unknown; bytes: number[]; connection: Connection }[] = [];
  readonly gone: Connection[] = [];
  readonly closedStreams: string[] = [];
  readonly acknowledged: string[] = [];
  readonly sinks = new Map<string, StreamSink<never>>();
  /** `sessions.list` waits for it. */
  readonly listGate = gate();
  /** Opened when `sessions.list` was asked. */
  readonly listAsked = gate();
  readonly connectionGone = gate();
  readonly handlers: HostHandlers;

  constructor() {
    const refuse = () => {
      throw new DepthscopeError('view.unknown', 'The stub has no answer.');
    };
    const calls = Object.fromEntries(
      [
        'sessions.manifest',
        'sessions.activity',
        'sessions.events',
        'sessions.verify',
        'import.files',
        'import.sample',
        'upload.begin',
        'upload.abort',
        'upload.import',
        'export.start',
        'jobs.cancel',
        'jobs.dismiss',
        'view.open',
        'view.window',
        'view.close',
        'replay.play',
        'replay.pause',
        'replay.seek',
        'replay.step',
      ].map((name) => [
        name,
        (params: unknown, context: { bytes: Uint8Array; connection: Connection }) => {
          this.asked.push({ name, params, bytes: [...context.bytes], connection: context.connection });
          return refuse();
        },
      ]),
    ) as unknown as CallHandlers;
    this.handlers = {
      calls: {
        ...calls,
        'app.info': (_params, { connection }) => ({ version: '1', shell: connection.shell, dataDir: '/données/📈', node: 'v24' }),
        'sessions.list': async () => {
          this.listAsked.open();
          await this.listGate.promise;
          return [];
        },
        'sessions.delete': () => {
          throw new Error('a bug of the host');
        },
        'upload.chunk': (params, { bytes, connection }) => {
          this.asked.push({ name: 'upload.chunk', params, bytes: [...bytes.subarray(0, 16)], connection });
          return { received: bytes.byteLength };
        },
      },
      streams: {
        jobs: (_params, sink) => this.open('jobs', sink),
        sessions: (_params, sink) => this.open('sessions', sink),
        status: (_params, sink) => {
          sink.fail(new DepthscopeError('store.closed', 'There is no status.'));
          return { close: () => undefined };
        },
        'view.frames': (_params, sink) => this.open('view.frames', sink),
      },
      connectionClosed: (connection) => {
        this.gone.push(connection);
        this.connectionGone.open();
      },
    };
  }

  sink<K extends keyof StreamItems>(name: K): StreamSink<StreamItems[K]> {
    const sink = this.sinks.get(name);
    if (!sink) throw new Error(`nobody listens to ${name}`);
    return sink as unknown as StreamSink<StreamItems[K]>;
  }

  private open<T>(name: string, sink: StreamSink<T>): { acknowledged(): void; close(): void } {
    this.sinks.set(name, sink as unknown as StreamSink<never>);
    return { acknowledged: () => this.acknowledged.push(name), close: () => this.closedStreams.push(name) };
  }
}

/** Returns a job list with one job of that title. */
export function jobsTitled(title: string): JobState[] {
  return [
    {
      jobId: 'j',
      kind: 'import',
      title,
      state: 'running',
      phase: 'reading',
      bytesDone: 0,
      bytesTotal: 0,
      messages: 0,
      messagesPerSecond: 0,
      secondsLeft: null,
      sessionId: null,
      alreadyImported: false,
      error: null,
      remarks: '',
    },
  ];
}
