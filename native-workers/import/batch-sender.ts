/**
 * What a decoder writes, on its way to the book worker: instruments before their first rows, batches, dead letters. Must not
 * know decoders or files.
 */
import {
  type DeadLetter,
  type DecoderContext,
  emptySourceReport,
  EventWriter,
  type Instrument,
  type SourceReport,
} from '../../core/model/index.ts';
import { type BatchMessage, CreditSender } from '../protocol/index.ts';
import type { MessagePort } from 'node:worker_threads';

/** Dead letters kept of one import; beyond that only their rows remain. */
const MAX_DEAD_LETTERS = 10_000;

export class BatchSender {
  readonly report: SourceReport = emptySourceReport();
  readonly context: DecoderContext;
  private readonly sender: CreditSender<BatchMessage>;
  private readonly writer: EventWriter;
  private instruments: Instrument[] = [];
  private letters = 0;

  constructor(out: MessagePort) {
    this.sender = new CreditSender<BatchMessage>(out, (buffer) => this.writer.recycle(buffer));
    this.writer = new EventWriter(0n, (batch) => {
      this.sendInstruments();
      this.sender.send({ type: 'batch', buffer: batch.buffer }, [batch.buffer], true);
    });
    this.context = {
      writer: this.writer,
      report: this.report,
      defineInstrument: (instrument) => this.instruments.push(instrument),
      deadLetter: (letter) => this.sendLetter(letter),
    };
  }

  /** Resolves when the book worker can take more. */
  ready(): Promise<void> {
    return this.sender.ready();
  }

  /** Sends what is left and the end mark. */
  finish(): void {
    this.writer.flush();
    this.sendInstruments();
    this.sender.send({ type: 'end' });
  }

  private sendInstruments(): void {
    if (this.instruments.length === 0) return;
    this.sender.send({ type: 'instruments', instruments: this.instruments });
    this.instruments = [];
  }

  private sendLetter(letter: DeadLetter): void {
    this.letters++;
    if (this.letters <= MAX_DEAD_LETTERS) this.sender.send({ type: 'dead-letter', letter });
  }
}
