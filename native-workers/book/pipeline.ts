/**
 * The pipeline role of the book worker: takes BatchMessages off a port, gives each batch back as a credit, and sends
 * StoreMessages on as fast as the store takes them. Must not know what happens to the rows (pipeline-run.ts does).
 */
import type { MessagePort } from 'node:worker_threads';
import { DepthscopeError } from '../../core/contract/index.ts';
import { type BatchMessage, CreditSender, type PipelineOutcome, returnCredit, type StoreMessage } from '../protocol/index.ts';
import { type BufferMessage, PipelineRun } from './pipeline-run.ts';

const PROGRESS_MS = 100;

export interface PipelineOptions {
  readonly input: MessagePort;
  /** Null: the rows are only checked (verify). */
  readonly output: MessagePort | null;
  /** Called at most 10 times a second, and at the end. */
  readonly onProgress: (events: number) => void;
}

/**
 * Resolves when `end` was taken and everything was sent on. Rejects, and closes both ports, when a port closes before
 * that or a batch cannot be applied.
 * @invariant at most BATCH_CREDITS buffers are waiting here and as many on their way to the store
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineOutcome> {
  const { input, output } = options;
  try {
    return await pump(options);
  } catch (thrown) {
    output?.close();
    throw thrown;
  } finally {
    input.close();
  }
}

async function pump({ input, output, onProgress }: PipelineOptions): Promise<PipelineOutcome> {
  const inbox = new Inbox(input);
  const outbox = output === null ? null : new Outbox(output);
  const run = new PipelineRun(outbox !== null);
  let lastProgress = performance.now();
  for (;;) {
    const message = await inbox.next();
    if (message.type === 'end') break;
    if (message.type === 'instruments') run.define(message.instruments);
    if (message.type !== 'batch') {
      outbox?.note(message);
      continue;
    }
    const made = run.take(message.buffer);
    for (const buffer of made) await outbox?.send(buffer);
    returnCredit(input, outbox?.returned.pop());
    const now = performance.now();
    if (now - lastProgress < PROGRESS_MS) continue;
    lastProgress = now;
    onProgress(run.events);
  }
  for (const buffer of run.finish()) await outbox?.send(buffer);
  onProgress(run.events);
  const outcome = run.outcome();
  outbox?.note({ type: 'end' });
  return outcome;
}

/** The messages of a port, one at a time. */
class Inbox {
  private readonly waiting: BatchMessage[] = [];
  private closed = false;
  private wake: (() => void) | null = null;

  constructor(port: MessagePort) {
    port.on('message', (message: BatchMessage) => {
      this.waiting.push(message);
      this.wake?.();
    });
    port.on('close', () => {
      this.closed = true;
      this.wake?.();
    });
  }

  /** Resolves with the next message; rejects when the port closed and nothing is left. */
  async next(): Promise<BatchMessage> {
    while (this.waiting.length === 0) {
      if (this.closed) {
        throw new DepthscopeError('book.source-gone', 'The source of the session ended before its last row; nothing was kept.', {
          retryable: true,
        });
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
    return this.waiting.shift() as BatchMessage;
  }
}

/** The road to the store: waits for credits, notices when the store is gone. */
class Outbox {
  /** Buffers that the store is done with. */
  readonly returned: ArrayBuffer[] = [];
  private readonly sender: CreditSender<StoreMessage>;
  private closed = false;

  constructor(port: MessagePort) {
    this.sender = new CreditSender<StoreMessage>(port, (buffer) => this.returned.push(buffer));
    port.on('close', () => {
      this.closed = true;
    });
  }

  /** Sends a buffer, by transfer, when there is a credit. */
  async send(message: BufferMessage): Promise<void> {
    await this.sender.ready();
    this.note(message, message.type === 'batch' ? [message.buffer] : [message.buffer, message.ordinals.buffer as ArrayBuffer], true);
  }

  /** Sends at once; a message without a buffer costs nothing. */
  note(message: StoreMessage, transfer: readonly ArrayBuffer[] = [], counted = false): void {
    if (this.closed)
      throw new DepthscopeError('book.store-gone', 'The store stopped taking rows; the session was not kept.', { retryable: true });
    this.sender.send(message, transfer, counted);
  }
}
