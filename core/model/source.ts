/**
 * The interface between bytes and events: every format decoder and venue mapper is a Decoder, driven by the import worker
 * (files) or a connector (live). Decoders are pure: bytes in, rows into the EventWriter, facts into the report.
 */
import type { EventWriter } from './event-batch.ts';
import type { Instrument } from './instrument.ts';
import type { DeadLetter, SourceReport } from './report.ts';

/** What a decoder may use; given at construction. */
export interface DecoderContext {
  readonly writer: EventWriter;
  readonly report: SourceReport;
  /** Called once per instrument, before its first row. */
  defineInstrument(instrument: Instrument): void;
  /** Called for each unreadable message, beside its `unparseable` row. */
  deadLetter(letter: DeadLetter): void;
}

/** Turns a byte stream into events. */
export interface Decoder {
  /** Takes the next bytes of the stream; `bytes` may be reused by the caller after the call returns. */
  push(bytes: Uint8Array): void;
  /** The stream has ended: reports a cut tail, closes open events. Does not flush the writer. */
  end(): void;
}

/**
 * Input that cannot be read at all: not the format it must be, or of a kind that is not understood. Damage inside a readable
 * input is never thrown, it is counted. The worker that drives the decoder passes it on as a WireError with the same code.
 */
export class FormatError extends Error {
  readonly code: `format.${string}`;
  /** @param userText one sentence for the user: what is wrong and what would be accepted */
  constructor(code: `format.${string}`, userText: string) {
    super(userText);
    this.name = 'FormatError';
    this.code = code;
  }
}
