/**
 * RpcClient: typed calls and subscriptions over a ByteChannel. Used by the screen, by tests and by tools; replies are
 * trusted. Must not know which transport carries it.
 */
import {
  DepthscopeError,
  wireErrorFrom,
  type CallName,
  type CallParams,
  type CallResults,
  type StreamItems,
  type StreamName,
  type StreamParams,
  type WireError,
} from '../contract/index.ts';
import type { ByteChannel } from './channel.ts';
import { decodeEnvelope, encodeEnvelope, MAX_MESSAGE_BYTES, MessageType, type Envelope } from './envelope.ts';

export interface StreamObserver<T> {
  /** The next item is sent when this returned, or when the promise that it returned settled. */
  onItem(item: T): void | Promise<void>;
  /** The stream is over; nothing follows. */
  onError(error: DepthscopeError): void;
}

type Waiting = { resolve: (value: unknown) => void; reject: (error: DepthscopeError) => void };

export class RpcClient {
  private readonly channel: ByteChannel;
  private readonly waiting = new Map<number, Waiting>();
  private readonly observers = new Map<number, StreamObserver<unknown>>();
  private readonly closeListeners: (() => void)[] = [];
  private nextId = 1;
  private closed = false;

  constructor(channel: ByteChannel) {
    this.channel = channel;
    channel.onClose(() => this.disconnected());
    channel.onMessage((bytes) => this.receive(bytes));
  }

  /** Resolves with the reply; rejects with a DepthscopeError, `contract.disconnected` when the host is gone. */
  call<K extends CallName>(name: K, params: CallParams<K>, bytes?: Uint8Array): Promise<CallResults[K]> {
    if (this.closed) return Promise.reject(disconnectedError());
    const id = this.nextId++;
    const message = encodeEnvelope({ type: MessageType.call, id, epoch: 0, json: { name, params }, bytes: bytes ?? null });
    if (message.byteLength > MAX_MESSAGE_BYTES) {
      return Promise.reject(new DepthscopeError('contract.too-large', `The request ${name} is larger than ${MAX_MESSAGE_BYTES} bytes.`));
    }
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.channel.send(message);
    });
  }

  /** Starts a stream and returns the function that ends it. */
  subscribe<K extends StreamName>(name: K, params: StreamParams<K>, observer: StreamObserver<StreamItems[K]>): () => void {
    if (this.closed) {
      void Promise.resolve().then(() => observer.onError(disconnectedError()));
      return () => undefined;
    }
    const id = this.nextId++;
    this.observers.set(id, observer as StreamObserver<unknown>);
    this.post({ type: MessageType.subscribe, id, epoch: 0, json: { name, params }, bytes: null });
    return () => {
      if (this.observers.delete(id)) this.post({ type: MessageType.unsubscribe, id, epoch: 0, json: undefined, bytes: null });
    };
  }

  /** Calls the listener when the connection is gone; at once when it is gone already. */
  onClose(listener: () => void): void {
    if (this.closed) listener();
    else this.closeListeners.push(listener);
  }

  /** Ends the connection: every open call fails, every stream ends. */
  close(): void {
    this.channel.close();
    this.disconnected();
  }

  private receive(bytes: Uint8Array): void {
    const decoded = decodeEnvelope(bytes);
    if (!decoded.ok) {
      this.close();
      return;
    }
    const message = decoded.value;
    if (message.type === MessageType.item) void this.deliver(message);
    else if (message.type === MessageType.end) this.ended(message);
    else this.settle(message);
  }

  private settle(message: Envelope): void {
    const entry = this.waiting.get(message.id);
    if (!entry) return;
    this.waiting.delete(message.id);
    if (message.type === MessageType.result) entry.resolve(message.bytes ?? message.json);
    else entry.reject(errorFromWire(message.json as WireError));
  }

  private async deliver(message: Envelope): Promise<void> {
    const observer = this.observers.get(message.id);
    if (!observer) return;
    try {
      await observer.onItem(message.bytes ?? message.json);
    } catch (thrown) {
      this.observers.delete(message.id);
      this.post({ type: MessageType.unsubscribe, id: message.id, epoch: 0, json: undefined, bytes: null });
      observer.onError(errorFromWire(wireErrorFrom(thrown, 'contract.observer-failed')));
      return;
    }
    if (this.observers.has(message.id))
      this.post({ type: MessageType.ack, id: message.id, epoch: message.epoch, json: undefined, bytes: null });
  }

  private ended(message: Envelope): void {
    const observer = this.observers.get(message.id);
    this.observers.delete(message.id);
    observer?.onError(errorFromWire(message.json as WireError));
  }

  private disconnected(): void {
    if (this.closed) return;
    this.closed = true;
    const waiting = [...this.waiting.values()];
    const observers = [...this.observers.values()];
    this.waiting.clear();
    this.observers.clear();
    for (const { reject } of waiting) reject(disconnectedError());
    for (const observer of observers) observer.onError(disconnectedError());
    for (const listener of this.closeListeners.splice(0)) listener();
  }

  private post(envelope: Envelope): void {
    if (!this.closed) this.channel.send(encodeEnvelope(envelope));
  }
}

function errorFromWire(wire: WireError): DepthscopeError {
  const { code, userText, detail, retryable, context } = wire;
  return new DepthscopeError(code, userText, { detail, retryable, context: { ...context } });
}

function disconnectedError(): DepthscopeError {
  return new DepthscopeError('contract.disconnected', 'The connection to Depthscope was lost; reload the window to connect again.', {
    retryable: true,
  });
}
