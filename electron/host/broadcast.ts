/**
 * A state that every subscribed screen is shown: at once when it subscribes, then after each change, at most every
 * `intervalMs`. Must not know what the state is.
 */
import type { StreamHandle, StreamSink } from '../../core/rpc/index.ts';
import { wireErrorFrom, DepthscopeError } from '../../core/contract/index.ts';

export class Broadcast<T> {
  private readonly sinks = new Set<StreamSink<T>>();
  private readonly read: () => T | Promise<T>;
  private readonly intervalMs: number;
  private timer: NodeJS.Timeout | null = null;
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(read: () => T | Promise<T>, intervalMs: number) {
    this.read = read;
    this.intervalMs = intervalMs;
  }

  subscribe(sink: StreamSink<T>): StreamHandle {
    this.sinks.add(sink);
    void this.show([sink]);
    return { close: () => this.sinks.delete(sink) };
  }

  /** Says that the state has changed. */
  changed(): void {
    if (this.timer || this.sinks.size === 0) return;
    const waitMs = Math.max(0, this.lastMs + this.intervalMs - performance.now());
    this.timer = setTimeout(() => {
      this.timer = null;
      this.lastMs = performance.now();
      void this.show([...this.sinks]);
    }, waitMs);
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.sinks.clear();
  }

  private async show(sinks: readonly StreamSink<T>[]): Promise<void> {
    try {
      const state = await this.read();
      for (const sink of sinks) if (this.sinks.has(sink)) sink.send(state);
    } catch (thrown) {
      const { code, userText, detail } = wireErrorFrom(thrown, 'contract.internal');
      for (const sink of sinks) if (this.sinks.delete(sink)) sink.fail(new DepthscopeError(code, userText, { detail }));
    }
  }
}
