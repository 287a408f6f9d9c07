/**
 * Typed request/reply and events over a MessagePort-like pipe, the same at both ends. A reply may be an error, as a
 * WireError. Must not know which worker it serves.
 */
import { DepthscopeError, wireErrorFrom, type WireError } from '../../core/contract/index.ts';
import type { Transferable } from 'node:worker_threads';

/** What MessagePort, Worker and parentPort have in common. */
export interface Pipe {
  postMessage(value: unknown, transferList?: readonly Transferable[]): void;
  on(event: 'message', listener: (value: unknown) => void): unknown;
}

type CallMap = { [K in string]: { args: unknown; result: unknown } };

/** A result together with the objects to move, not copy, to the caller. */
export class Transfer<T> {
  readonly value: T;
  readonly list: readonly Transferable[];
  constructor(value: T, list: readonly Transferable[]) {
    this.value = value;
    this.list = list;
  }
}

export type Handlers<C> = {
  [K in keyof C]: C[K] extends { args: infer A; result: infer R } ? (args: A) => R | Transfer<R> | Promise<R | Transfer<R>> : never;
};

type WireMessage =
  | { t: 'call'; id: number; name: string; args: unknown }
  | { t: 'reply'; id: number; value: unknown }
  | { t: 'error'; id: number; error: WireError }
  | { t: 'event'; name: string; value: unknown };

/** Answers calls that arrive on `pipe` and returns a function that sends events. */
export function serve<C, E = Record<string, never>>(
  pipe: Pipe,
  handlers: Handlers<C>,
): <K extends keyof E & string>(name: K, value: E[K], transfer?: readonly Transferable[]) => void {
  pipe.on('message', (raw) => {
    const message = raw as WireMessage;
    if (message.t !== 'call') return;
    const { id, name, args } = message;
    void (async () => {
      try {
        const handler = (handlers as Record<string, ((args: unknown) => unknown) | undefined>)[name];
        if (!handler) throw new DepthscopeError('contract.unknown-call', `Unknown call ${name}.`);
        const result = await handler(args);
        if (result instanceof Transfer) pipe.postMessage({ t: 'reply', id, value: result.value } satisfies WireMessage, result.list);
        else pipe.postMessage({ t: 'reply', id, value: result } satisfies WireMessage);
      } catch (thrown) {
        pipe.postMessage({ t: 'error', id, error: wireErrorFrom(thrown, 'contract.internal') } satisfies WireMessage);
      }
    })();
  });
  return (name, value, transfer) => pipe.postMessage({ t: 'event', name, value } satisfies WireMessage, transfer);
}

/** The calling end. */
export class Caller<C, E = Record<string, never>> {
  private readonly pipe: Pipe;
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private readonly listeners = new Map<string, Set<(value: never) => void>>();
  private nextId = 1;
  private broken: Error | null = null;

  constructor(pipe: Pipe) {
    this.pipe = pipe;
    pipe.on('message', (raw) => this.receive(raw as WireMessage));
  }

  /** Resolves with the reply; rejects with a DepthscopeError. */
  call<K extends keyof C & string>(
    name: K,
    args: (C[K] & CallMap[string])['args'],
    transfer: readonly Transferable[] = [],
  ): Promise<(C[K] & CallMap[string])['result']> {
    if (this.broken) return Promise.reject(this.broken);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.pipe.postMessage({ t: 'call', id, name, args } satisfies WireMessage, transfer);
    });
  }

  /** Listens to an event; returns the function that stops listening. */
  on<K extends keyof E & string>(name: K, listener: (value: E[K]) => void): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    set.add(listener as (value: never) => void);
    return () => set.delete(listener as (value: never) => void);
  }

  /** The other end is gone: every waiting and later call fails with `error`. */
  fail(error: Error): void {
    this.broken = error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  private receive(message: WireMessage): void {
    if (message.t === 'event') {
      for (const listener of this.listeners.get(message.name) ?? []) listener(message.value as never);
      return;
    }
    if (message.t === 'call') return;
    const entry = this.waiting.get(message.id);
    if (!entry) return;
    this.waiting.delete(message.id);
    if (message.t === 'reply') entry.resolve(message.value);
    else {
      const { code, userText, detail, retryable, context } = message.error;
      entry.reject(new DepthscopeError(code, userText, { detail, retryable, context: { ...context } }));
    }
  }
}
