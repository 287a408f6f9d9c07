/**
 * One attached screen at the host's end: validates each request against the contract, runs its handler, paces its
 * streams. Must not know the transport nor what the handlers do.
 */
import { callSchemas, DepthscopeError, streamSchemas, wireErrorFrom, type CallName, type StreamName } from '../contract/index.ts';
import type { z } from 'zod';
import type { ByteChannel } from './channel.ts';
import { decodeEnvelope, encodeEnvelope, MAX_MESSAGE_BYTES, MessageType, type Envelope } from './envelope.ts';
import type { CallContext, Connection, HostHandlers, StreamHandle, StreamSink } from './handlers.ts';
import { StreamPacer } from './stream-pacer.ts';

/** Calls that one connection may have open, and streams likewise. */
const MAX_OPEN = 256;
const EMPTY = new Uint8Array(0);

export interface ConnectionCounters {
  malformed: number;
  rejected: number;
}

type OpenStream = { readonly pacer: StreamPacer; handle: StreamHandle | null };

export class ServerConnection {
  private readonly channel: ByteChannel;
  private readonly handlers: HostHandlers;
  private readonly connection: Connection;
  private readonly counters: ConnectionCounters;
  private readonly streams = new Map<number, OpenStream>();
  private openCalls = 0;
  private closed = false;

  constructor(channel: ByteChannel, context: { handlers: HostHandlers; connection: Connection; counters: ConnectionCounters }) {
    this.channel = channel;
    this.handlers = context.handlers;
    this.connection = context.connection;
    this.counters = context.counters;
    channel.onClose(() => this.disconnected());
    channel.onMessage((bytes) => this.receive(bytes));
  }

  /** Ends the connection and everything that it had open. */
  close(): void {
    this.channel.close();
    this.disconnected();
  }

  private receive(bytes: Uint8Array): void {
    if (this.closed) return;
    const decoded = decodeEnvelope(bytes);
    if (!decoded.ok) {
      this.malformed();
      return;
    }
    const message = decoded.value;
    if (message.type === MessageType.call) void this.call(message);
    else if (message.type === MessageType.subscribe) this.subscribe(message);
    else if (message.type === MessageType.unsubscribe) this.endStream(message.id);
    else if (message.type === MessageType.ack) this.acknowledge(message);
    else this.malformed();
  }

  private async call(message: Envelope): Promise<void> {
    if (this.openCalls >= MAX_OPEN) {
      this.reject(
        message.id,
        MessageType.error,
        new DepthscopeError('contract.busy', `More than ${MAX_OPEN} requests are open at once.`, { retryable: true }),
      );
      return;
    }
    this.openCalls++;
    try {
      const { name, params } = validated(message.json, callSchemas, 'call');
      const handler = this.handlers.calls[name as CallName] as (params: unknown, context: CallContext) => unknown;
      const result = await handler(params, { connection: this.connection, bytes: message.bytes ?? EMPTY });
      this.reply(message.id, name, result);
    } catch (thrown) {
      this.reject(message.id, MessageType.error, thrown);
    } finally {
      this.openCalls--;
    }
  }

  private reply(id: number, name: string, result: unknown): void {
    const reply = encodeEnvelope({ type: MessageType.result, id, epoch: 0, json: result, bytes: null });
    if (reply.byteLength > MAX_MESSAGE_BYTES)
      throw new DepthscopeError('contract.too-large', `The answer to ${name} is larger than ${MAX_MESSAGE_BYTES} bytes.`);
    if (!this.closed) this.channel.send(reply);
  }

  private subscribe(message: Envelope): void {
    const { id } = message;
    try {
      if (this.streams.has(id)) throw new DepthscopeError('contract.invalid-request', `The stream id ${id} is in use.`);
      if (this.streams.size >= MAX_OPEN)
        throw new DepthscopeError('contract.busy', `More than ${MAX_OPEN} streams are open at once.`, { retryable: true });
      const { name, params } = validated(message.json, streamSchemas, 'stream');
      this.openStream(id, name as StreamName, params);
    } catch (thrown) {
      this.streams.delete(id);
      this.reject(id, MessageType.end, thrown);
    }
  }

  private openStream(id: number, name: StreamName, params: unknown): void {
    const pacer = new StreamPacer(name !== 'view.frames', (item, epoch) => this.sendItem(id, item, epoch));
    const open: OpenStream = { pacer, handle: null };
    this.streams.set(id, open);
    const sink: StreamSink<unknown> = {
      connection: this.connection,
      send: (item) => {
        if (this.streams.get(id) === open) pacer.offer(item);
      },
      fail: (error) => {
        if (this.streams.get(id) !== open) return;
        this.streams.delete(id);
        this.reject(id, MessageType.end, error);
      },
    };
    const handler = this.handlers.streams[name] as (params: unknown, sink: StreamSink<unknown>) => StreamHandle;
    const handle = handler(params, sink);
    open.handle = handle;
  }

  private sendItem(id: number, item: unknown, epoch: number): void {
    if (this.closed) return;
    const bytes = item instanceof Uint8Array ? item : null;
    const message = encodeEnvelope({ type: MessageType.item, id, epoch, json: bytes ? undefined : item, bytes });
    if (message.byteLength <= MAX_MESSAGE_BYTES) {
      this.channel.send(message);
      return;
    }
    this.endStream(id);
    this.reject(
      id,
      MessageType.end,
      new DepthscopeError('contract.too-large', `An item of ${message.byteLength} bytes is over the limit of ${MAX_MESSAGE_BYTES}.`),
    );
  }

  private acknowledge(message: Envelope): void {
    const open = this.streams.get(message.id);
    if (!open) return;
    if (open.pacer.acknowledge(message.epoch)) open.handle?.acknowledged?.();
    else this.malformed();
  }

  private endStream(id: number): void {
    const open = this.streams.get(id);
    this.streams.delete(id);
    open?.handle?.close();
  }

  private reject(id: number, type: MessageType, thrown: unknown): void {
    this.counters.rejected++;
    if (!this.closed)
      this.channel.send(encodeEnvelope({ type, id, epoch: 0, json: wireErrorFrom(thrown, 'contract.internal'), bytes: null }));
  }

  /** A peer that sends what is no message is not ours, or broken: nothing after it can be trusted. */
  private malformed(): void {
    this.counters.malformed++;
    this.close();
  }

  private disconnected(): void {
    if (this.closed) return;
    this.closed = true;
    for (const id of [...this.streams.keys()]) this.endStream(id);
    this.handlers.connectionClosed(this.connection);
  }
}

/** Returns name and validated params of a request, or throws what is wrong with it, in words. */
function validated(
  json: unknown,
  schemas: Readonly<Record<string, z.ZodType>>,
  what: 'call' | 'stream',
): { name: string; params: unknown } {
  const request = (typeof json === 'object' && json !== null ? json : {}) as { name?: unknown; params?: unknown };
  const { name } = request;
  if (typeof name !== 'string' || !Object.hasOwn(schemas, name)) {
    throw new DepthscopeError(`contract.unknown-${what}`, `This version of Depthscope knows no ${what} "${String(name).slice(0, 80)}".`);
  }
  const parsed = schemas[name].safeParse(request.params);
  if (parsed.success) return { name, params: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue.path.length === 0 ? 'the parameters' : `"${issue.path.join('.')}"`;
  throw new DepthscopeError('contract.invalid-request', `The request ${name} was refused: ${field}: ${issue.message}.`, {
    detail: parsed.error.issues.map((each) => `${each.path.join('.')}: ${each.message}`).join('; '),
    context: { field: issue.path.join('.') },
  });
}
