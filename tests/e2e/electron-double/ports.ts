/** MessageChannelMain of the double: two ends in this process, one of which may be handed on to a page. */
import { EventEmitter } from 'node:events';

export class DoublePort extends EventEmitter {
  peer: DoublePort | null = null;
  /** Set when this end lives in a page: where its messages go. */
  forward: ((bytes: Uint8Array) => void) | null = null;
  private started = false;
  private readonly queue: unknown[] = [];

  postMessage(message: unknown): void {
    this.peer?.arrive(structuredClone(message));
  }

  start(): void {
    this.started = true;
    for (const data of this.queue.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    const { peer } = this;
    this.peer = null;
    if (!peer) return;
    peer.peer = null;
    queueMicrotask(() => {
      this.emit('close');
      peer.emit('close');
    });
  }

  private arrive(data: unknown): void {
    if (this.forward) this.forward(data as Uint8Array);
    else if (this.started) this.emit('message', { data, ports: [] });
    else this.queue.push(data);
  }
}

export class MessageChannelMain {
  readonly port1 = new DoublePort();
  readonly port2 = new DoublePort();
  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}
