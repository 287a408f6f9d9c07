/**
 * Back-pressure between threads: a sender may have BATCH_CREDITS batches on their way and waits for credits beyond that.
 */
import { BATCH_CREDITS } from './protocol.ts';
import type { MessagePort, Transferable } from 'node:worker_threads';

/** The sending end of a batch port. `null` port: everything is accepted and dropped (dry runs). */
export class CreditSender<M> {
  private readonly port: MessagePort;
  private credits: number = BATCH_CREDITS;
  private wake: (() => void)[] = [];
  private closed = false;

  /** @param onReturned takes the buffers that come back with credits, to be filled again */
  constructor(port: MessagePort, onReturned?: (buffer: ArrayBuffer) => void) {
    this.port = port;
    port.on('message', (message: { type: string; buffer?: ArrayBuffer }) => {
      if (message.type !== 'credit') return;
      if (message.buffer !== undefined) onReturned?.(message.buffer);
      this.credits++;
      this.release();
    });
    port.on('close', () => {
      this.closed = true;
      this.release();
    });
  }

  /** True while sending another batch would not exceed the limit. */
  get open(): boolean {
    return this.credits > 0 || this.closed;
  }

  /** Sends now, whatever the credits; costs one when `counted`. */
  send(message: M, transfer: readonly Transferable[] = [], counted = false): void {
    if (counted) this.credits--;
    if (!this.closed) this.port.postMessage(message, transfer);
  }

  /** Resolves when there is a credit again (at once when there is), or when the receiver is gone. */
  ready(): Promise<void> {
    if (this.open) return Promise.resolve();
    return new Promise((resolve) => this.wake.push(resolve));
  }

  private release(): void {
    if (!this.open) return;
    const waiting = this.wake;
    this.wake = [];
    for (const resolve of waiting) resolve();
  }
}

/** Gives one credit back, and with it a buffer that is not needed any more: it moves to the sender. */
export function returnCredit(port: MessagePort, buffer?: ArrayBuffer): void {
  if (buffer === undefined) port.postMessage({ type: 'credit' });
  else port.postMessage({ type: 'credit', buffer }, [buffer]);
}
