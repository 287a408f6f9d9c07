/**
 * The shape that a host must fill: one handler for each call and stream of the contract, so that a missing one does not
 * compile. Must not know how requests arrive.
 */
import type { CallName, CallParams, CallResults, DepthscopeError, StreamItems, StreamName, StreamParams } from '../contract/index.ts';

/** One attached screen. Identity matters: what a screen opened is closed when it goes. */
export interface Connection {
  readonly id: number;
  readonly shell: 'electron' | 'browser';
}

export interface CallContext {
  readonly connection: Connection;
  /** The binary part of the request, empty when there was none. Valid until the handler's promise settles. */
  readonly bytes: Uint8Array;
}

/** Where a stream handler puts its items. */
export interface StreamSink<T> {
  readonly connection: Connection;
  /**
   * Sends the item, or keeps it until the one before was acknowledged. State streams keep only the newest;
   * `view.frames` keeps all, and its handler makes sure that there is at most one.
   */
  send(item: T): void;
  /** Ends the stream with an error. */
  fail(error: DepthscopeError): void;
}

export interface StreamHandle {
  /** The client has consumed one item. */
  acknowledged?(): void;
  /** The client unsubscribed or is gone; called once, unless the handler itself ended the stream. */
  close(): void;
}

export type CallHandlers = {
  readonly [K in CallName]: (params: CallParams<K>, context: CallContext) => CallResults[K] | Promise<CallResults[K]>;
};

export type StreamHandlers = {
  readonly [K in StreamName]: (params: StreamParams<K>, sink: StreamSink<StreamItems[K]>) => StreamHandle;
};

export interface HostHandlers {
  readonly calls: CallHandlers;
  readonly streams: StreamHandlers;
  /** The screen is gone and its streams are closed. */
  connectionClosed(connection: Connection): void;
}
