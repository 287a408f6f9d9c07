/**
 * The interface between bytes and events: every format decoder and venue mapper is a Decoder, driven by the import worker
 * (files) or a connector (live). Decoders are pure: bytes in, rows into the EventWriter, facts into the report.
 */
import type { EventWriter } from './event-batch.ts';
import type { Instrument } from './instrument.ts';
import type { UnparseableReason } from './kinds.ts';
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

/** One JSON text of a venue with its receive time: what a journal line or a live socket hands to a venue mapper. */
export interface TimedText {
  /** Receive time, ns since the epoch as two u32 words. */
  readonly timeHi: number;
  readonly timeLo: number;
  /** Address of the REST request that this is the answer to, null for a socket message. */
  readonly url: string | null;
  /** The text is `bytes[start, end)`, valid during the call only. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Turns the messages of one venue into rows; driven by an import (journal lines) or a connector (live). */
export interface VenueMapper {
  line(text: TimedText): void;
  /** A line that records what was sent or connected: counted as a packet, not as a message. */
  control(): void;
  /** A line without a usable text: counted and kept as a dead letter. `where` in words. */
  unreadable(reason: UnparseableReason, where: string, bytes: Uint8Array): void;
  /** A file ended inside its last line; `bytes` is what there is of it. */
  truncated(bytes: Uint8Array): void;
  /** The stream has ended: what still waits for an image is counted. Does not flush the writer. */
  end(): void;
}
