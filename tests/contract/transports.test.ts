/** The same promises over every transport: calls, refusals, streams and their acknowledgement, caps, disconnects. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DepthscopeError, JobState } from '../../core/contract/index.ts';
import { encodeEnvelope, MAX_MESSAGE_BYTES, MessageType, RpcClient, type ByteChannel } from '../../core/rpc/index.ts';
import { gate, jobsTitled, StubHost } from './stub-host.ts';
import { TRANSPORTS, type TestTransport } from './transports.ts';

async function failure(promise: Promise<unknown>): Promise<DepthscopeError> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: DepthscopeError) => error,
  );
}

function closedChannel(channel: ByteChannel): Promise<void> {
  return new Promise((resolve) => channel.onClose(resolve));
}

describe.each(Object.entries(TRANSPORTS))('over %s', (name, start) => {
  let stub: StubHost;
  let transport: TestTransport;
  let client: RpcClient;

  beforeEach(async () => {
    stub = new StubHost();
    transport = await start(stub.handlers);
    client = new RpcClient(await transport.connect());
  });
  afterEach(async () => {
    client.close();
    await transport.close();
  });

  /** Anything asked before is answered when this resolves: messages stay in order. */
  const roundTrip = async (): Promise<void> => {
    await client.call('app.info', {});
  };

  it('answers a call', async () => {
    expect(await client.call('app.info', {})).toEqual({
      version: '1',
      shell: name === 'WebSocket' ? 'browser' : 'electron',
      dataDir: '/données/📈',
      node: 'v24',
    });
  });

  it('carries bytes with a call', async () => {
    const chunk = new Uint8Array(4 * 1024 * 1024).fill(7);
    expect(await client.call('upload.chunk', { uploadId: 'u', offset: 0 }, chunk)).toEqual({ received: chunk.byteLength });
    expect(stub.asked[0]).toMatchObject({ params: { uploadId: 'u', offset: 0 }, bytes: new Array(16).fill(7) });
  });

  it('carries the error of a handler, and hides nothing of a bug', async () => {
    expect((await failure(client.call('jobs.cancel', { jobId: 'x' }))).wire).toMatchObject({
      code: 'view.unknown',
      userText: 'The stub has no answer.',
    });
    const bug = await failure(client.call('sessions.delete', { sessionId: 'x' }));
    expect(bug.wire.code).toBe('contract.internal');
    expect(bug.wire.userText).toContain('a bug of the host');
  });

  it('refuses a wrong field by its name, before any handler sees it', async () => {
    const error = await failure(
      client.call('export.start', { sessionId: 's', stream: 'trade', format: 'xls' as 'csv', path: 'p', overwrite: true }),
    );
    expect(error.wire.code).toBe('contract.invalid-request');
    expect(error.wire.userText).toContain('"format"');
    expect(error.wire.context).toEqual({ field: 'format' });
    const nested = await failure(
      client.call('view.window', {
        viewId: 'v',
        epoch: 0,
        window: { endNs: null, bucketNs: 1, rows: 1, lowUnits: null, binUnits: 1, bins: 1 },
      }),
    );
    expect(nested.wire.context).toEqual({ field: 'window.bucketNs' });
    expect(stub.asked).toEqual([]);
    expect(transport.server.counters).toEqual({ malformed: 0, rejected: 2 });
  });

  it('refuses a call and a stream that the contract does not have', async () => {
    expect((await failure(client.call('toString' as 'app.info', {}))).wire.code).toBe('contract.unknown-call');
    const ended = Promise.withResolvers<DepthscopeError>();
    client.subscribe('constructor' as 'jobs', {}, { onItem: () => undefined, onError: ended.resolve });
    expect((await ended.promise).wire.code).toBe('contract.unknown-stream');
  });

  it('keeps answers apart when they come in another order', async () => {
    const list = client.call('sessions.list', {});
    await stub.listAsked.promise;
    expect((await client.call('app.info', {})).version).toBe('1');
    stub.listGate.open();
    expect(await list).toEqual([]);
  });

  it('replaces a waiting state by a newer one', async () => {
    const seen: string[] = [];
    const first = gate();
    const last = gate();
    client.subscribe(
      'jobs',
      {},
      {
        onItem: (jobs: JobState[]) => {
          seen.push(jobs[0].title);
          if (seen.length === 2) last.open();
          return first.promise;
        },
        onError: (error) => seen.push(error.message),
      },
    );
    await roundTrip();
    for (const title of ['a', 'b', 'c', 'd']) stub.sink('jobs').send(jobsTitled(title));
    await roundTrip();
    expect(seen).toEqual(['a']);
    first.open();
    await last.promise;
    expect(seen).toEqual(['a', 'd']);
  });

  it('sends the next frame only after the acknowledgement, and drops none', async () => {
    const seen: number[] = [];
    const consumed = gate();
    const all = gate();
    client.subscribe(
      'view.frames',
      { viewId: 'v' },
      {
        onItem: (bytes) => {
          seen.push(bytes[0]);
          if (seen.length === 3) all.open();
          return consumed.promise;
        },
        onError: () => undefined,
      },
    );
    await roundTrip();
    for (const value of [1, 2, 3]) stub.sink('view.frames').send(Uint8Array.of(value));
    await roundTrip();
    expect([seen, stub.acknowledged]).toEqual([[1], []]);
    consumed.open();
    await all.promise;
    await roundTrip();
    expect([seen, stub.acknowledged]).toEqual([
      [1, 2, 3],
      ['view.frames', 'view.frames', 'view.frames'],
    ]);
  });

  it('ends a stream from either side', async () => {
    const ended = Promise.withResolvers<DepthscopeError>();
    client.subscribe('status', {}, { onItem: () => undefined, onError: ended.resolve });
    expect((await ended.promise).wire.code).toBe('store.closed');
    const stop = client.subscribe('jobs', {}, { onItem: () => undefined, onError: () => undefined });
    await roundTrip();
    stop();
    await roundTrip();
    expect(stub.closedStreams).toEqual(['jobs']);
    stub.sink('jobs').send(jobsTitled('too late'));
    await roundTrip();
  });

  it('ends a stream whose observer throws', async () => {
    const ended = Promise.withResolvers<DepthscopeError>();
    client.subscribe(
      'jobs',
      {},
      {
        onItem: () => {
          throw new Error('cannot draw');
        },
        onError: ended.resolve,
      },
    );
    await roundTrip();
    stub.sink('jobs').send(jobsTitled('a'));
    expect((await ended.promise).wire).toMatchObject({ code: 'contract.observer-failed' });
    await roundTrip();
    expect(stub.closedStreams).toEqual(['jobs']);
  });

  it('fails open calls and streams when the host goes in the middle of a call', async () => {
    const ended = Promise.withResolvers<DepthscopeError>();
    client.subscribe('jobs', {}, { onItem: () => undefined, onError: ended.resolve });
    const list = failure(client.call('sessions.list', {}));
    await stub.listAsked.promise;
    transport.server.close();
    expect((await list).wire).toMatchObject({ code: 'contract.disconnected', retryable: true });
    expect((await ended.promise).wire.code).toBe('contract.disconnected');
    expect((await failure(client.call('app.info', {}))).wire.code).toBe('contract.disconnected');
    expect(stub.closedStreams).toEqual(['jobs']);
  });

  it('tells the host when a screen goes in the middle of a call', async () => {
    client.subscribe('jobs', {}, { onItem: () => undefined, onError: () => undefined });
    const list = failure(client.call('sessions.list', {}));
    await stub.listAsked.promise;
    client.close();
    await stub.connectionGone.promise;
    stub.listGate.open();
    expect((await list).wire.code).toBe('contract.disconnected');
    expect([stub.gone.length, stub.closedStreams]).toEqual([1, ['jobs']]);
    expect(transport.server.attached).toBe(0);
  });

  it('tells connections apart', async () => {
    const other = new RpcClient(await transport.connect());
    await failure(client.call('jobs.cancel', { jobId: '1' }));
    await failure(other.call('jobs.cancel', { jobId: '2' }));
    expect(new Set(stub.asked.map(({ connection }) => connection.id)).size).toBe(2);
    other.close();
  });

  it('refuses a request over the cap at the sender', async () => {
    const error = await failure(client.call('upload.chunk', { uploadId: 'u', offset: 0 }, new Uint8Array(MAX_MESSAGE_BYTES)));
    expect(error.wire.code).toBe('contract.too-large');
    await roundTrip();
  });

  it.each([
    ['no header', () => Uint8Array.of(1, 2, 3)],
    ['an unknown type', () => new Uint8Array(16)],
    ['a message of the host', () => encodeEnvelope({ type: MessageType.result, id: 1, epoch: 0, json: 1, bytes: null })],
    ['more bytes than the cap', () => new Uint8Array(MAX_MESSAGE_BYTES + 1).fill(1)],
  ])('closes and counts a connection that sends %s', async (_what, bytes) => {
    const rogue = await transport.connect();
    rogue.onMessage(() => undefined);
    const closed = closedChannel(rogue);
    rogue.send(bytes());
    await closed;
    expect(transport.server.counters.malformed).toBe(1);
    await roundTrip();
  });

  it('closes a connection that acknowledges what was not sent', async () => {
    const rogue = await transport.connect();
    rogue.onMessage(() => undefined);
    const closed = closedChannel(rogue);
    rogue.send(encodeEnvelope({ type: MessageType.subscribe, id: 1, epoch: 0, json: { name: 'jobs', params: {} }, bytes: null }));
    rogue.send(encodeEnvelope({ type: MessageType.ack, id: 1, epoch: 5, json: undefined, bytes: null }));
    await closed;
    expect(transport.server.counters.malformed).toBe(1);
  });
});
