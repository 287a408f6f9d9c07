/**
 * Rows that concern the stream, not a message of the feed: gaps, restarts, damage, unreadable messages. Keeps the receive
 * time of the packet at hand. Must not know layouts.
 */
import { ALL_INSTRUMENTS, type DecoderContext, EventFlag, EventKind, type EventWriter, type UnparseableReason } from '../../model/index.ts';

/** Largest number that the size column of a session row can store: nine integer digits; `ref` keeps the whole number. */
const MAX_STORED_SIZE = 999_999_999;
const MAX_DEAD_LETTER_BYTES = 4096;

/** Farthest that a time may lie from the base and still be exact in a double: about 104 days, ns. */
export const MAX_TIME_OFFSET_NS = Number.MAX_SAFE_INTEGER;

/** Beyond this distance from the base the writer gets a new one, ns (52 days). */
export const REBASE_NS = 2 ** 52;

export class StreamRows {
  readonly context: DecoderContext;
  readonly writer: EventWriter;
  /** Receive time of the packet at hand, ns from the writer's base; also its words. */
  receiveTime = 0;
  timeHi = 0;
  timeLo = 0;
  /** The writer's base as two words, and as seconds and nanoseconds since the epoch. */
  baseHi = 0;
  baseLo = 0;
  baseSeconds = 0;
  baseNanos = 0;
  packetNumber = 0;
  /** The message at hand: event time as ns from the base, and its sequence number. */
  eventTime = 0;
  sequence = 0;

  constructor(context: DecoderContext) {
    this.context = context;
    this.writer = context.writer;
  }

  /** Gives the writer a new base, ns since the epoch as two words. */
  rebase(hi: number, lo: number): void {
    const baseNs = (BigInt(hi) << 32n) | BigInt(lo);
    this.writer.rebase(baseNs);
    this.baseHi = hi;
    this.baseLo = lo;
    this.baseSeconds = Number(baseNs / 1_000_000_000n);
    this.baseNanos = Number(baseNs % 1_000_000_000n);
  }

  /** Says that a packet was captured at a time given as words and as ns from the base. */
  received(time: { readonly hi: number; readonly lo: number }, offset: number): void {
    this.timeHi = time.hi;
    this.timeLo = time.lo;
    this.receiveTime = offset;
  }

  /** Returns a fresh row of `writer.batch` for the message at hand: kind, instrument, times and sequence are set. */
  begin(kind: EventKind, instrument: number): number {
    const row = this.writer.next();
    const batch = this.writer.batch;
    batch.kind[row] = kind;
    batch.instrument[row] = instrument;
    batch.exchangeTime[row] = this.eventTime;
    batch.receiveTime[row] = this.receiveTime;
    batch.sequence[row] = this.sequence;
    return row;
  }

  /** Writes a row for the whole session; its exchange time is the receive time, since no message carries one. */
  session(kind: EventKind, fields: { sequence?: number; ref?: number; size?: number; code?: number }): void {
    const row = this.writer.next();
    const batch = this.writer.batch;
    batch.kind[row] = kind;
    batch.flags[row] = EventFlag.eventEnd;
    batch.instrument[row] = ALL_INSTRUMENTS;
    batch.exchangeTime[row] = this.receiveTime;
    batch.receiveTime[row] = this.receiveTime;
    batch.sequence[row] = fields.sequence ?? 0;
    batch.ref[row] = fields.ref ?? 0;
    batch.size[row] = Math.min(fields.size ?? 0, MAX_STORED_SIZE);
    batch.code[row] = fields.code ?? 0;
  }

  /** Counts one unreadable thing, writes its row and keeps its bytes. */
  unparseable(code: UnparseableReason, reason: string, found: { bytes: Uint8Array; sequence: number; lost?: number }): void {
    this.context.report.unparseable++;
    this.session(EventKind.unparseable, { code, sequence: found.sequence, size: found.lost ?? 1 });
    const at = found.sequence > 0 ? `, message ${found.sequence}` : '';
    this.context.deadLetter({
      reason,
      where: `packet ${this.packetNumber}${at}`,
      bytes: found.bytes.slice(0, MAX_DEAD_LETTER_BYTES),
      receiveNs: ((BigInt(this.timeHi) << 32n) | BigInt(this.timeLo)).toString(),
    });
  }
}
