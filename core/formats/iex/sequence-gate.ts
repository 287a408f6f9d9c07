/**
 * The sequence rule of IEX-TP, per channel and session id: what is missing, repeated or begun again becomes a counted row,
 * and only messages not seen before pass. There is no recovery service: after a gap the books go on, marked stale by the
 * book pipeline. Must not know messages.
 */
import { EventKind } from '../../model/index.ts';
import type { StreamRows } from './rows.ts';

/** The header of a segment, in a reused object. */
export class SegmentHeader {
  protocol = 0;
  channel = 0;
  session = 0;
  payloadLength = 0;
  count = 0;
  /** Sequence number of the first message. */
  first = 0;
  sendHi = 0;
  sendLo = 0;
}

/** What is known of a channel and session id. */
export interface Stream {
  readonly channel: number;
  readonly session: number;
  expected: number;
  /** What was expected before the last jump forward; infinity when there was none or it is settled. */
  expectedBeforeJump: number;
  sendHi: number;
  sendLo: number;
  /** Checksum of the payload that carried message 1; −1 when it was not seen. */
  openingChecksum: number;
}

export class SequenceGate {
  private readonly rows: StreamRows;
  private readonly onClear: () => void;
  private readonly streams: Stream[] = [];
  /** The stream of the last segment. */
  current: Stream | null = null;

  /** @param onClear called when every book is emptied, before the `clear` row */
  constructor(rows: StreamRows, onClear: () => void) {
    this.rows = rows;
    this.onClear = onClear;
  }

  /** Returns how many messages at the front of the segment were seen before; its payload is [start, end) of `view`. */
  admit(header: SegmentHeader, view: DataView, payload: { readonly start: number; readonly end: number }): number {
    const { first, count } = header;
    let stream = this.current;
    if (stream === null || stream.channel !== header.channel || stream.session !== header.session) stream = this.select(header);
    let skip = 0;
    if (first !== stream.expected) {
      if (first > stream.expected) {
        stream.expectedBeforeJump = stream.expected;
        this.gap(stream.expected, first);
      } else if (isRestart(stream, header, view, payload)) this.restart(header);
      else if (first >= stream.expectedBeforeJump && isLater(header, stream)) this.undoJump(stream, first);
      else skip = this.duplicate(stream, first, count);
    }
    if (skip === 0 && first === 1 && count > 0) stream.openingChecksum = checksum(view, payload);
    stream.expected = Math.max(stream.expected, first + count);
    if (isLater(header, stream)) {
      stream.sendHi = header.sendHi;
      stream.sendLo = header.sendLo;
    }
    return skip;
  }

  private select(header: SegmentHeader): Stream {
    const { channel, session, first } = header;
    let stream = this.streams.find((one) => one.channel === channel && one.session === session);
    if (stream === undefined) {
      const successor = this.streams.some((one) => one.channel === channel);
      stream = {
        channel,
        session,
        expected: first,
        expectedBeforeJump: Number.POSITIVE_INFINITY,
        sendHi: 0,
        sendLo: 0,
        openingChecksum: -1,
      };
      this.streams.push(stream);
      if (successor) this.clear();
      // What came before the capture is missing from the books, but it is no hole between messages: a row, not a counted gap.
      if (first > 1) this.rows.session(EventKind.gap, { sequence: 1, ref: first, size: first - 1 });
    }
    this.current = stream;
    return stream;
  }

  private gap(expected: number, first: number): void {
    this.rows.context.report.gaps++;
    this.rows.session(EventKind.gap, { sequence: expected, ref: first, size: first - expected });
  }

  /**
   * The stream goes on, sent later, where it was before a jump: the number that jumped was damaged. Without this, all that
   * follows would pass for repeated.
   */
  private undoJump(stream: Stream, first: number): void {
    if (first > stream.expectedBeforeJump) this.gap(stream.expectedBeforeJump, first);
    stream.expected = first;
    stream.expectedBeforeJump = Number.POSITIVE_INFINITY;
  }

  private duplicate(stream: Stream, first: number, count: number): number {
    const skip = Math.min(count, stream.expected - first);
    if (skip === 0) return 0;
    this.rows.context.report.duplicates++;
    this.rows.session(EventKind.duplicate, { sequence: first, ref: first + skip, size: skip });
    return skip;
  }

  private restart(header: SegmentHeader): void {
    this.rows.context.report.restarts++;
    this.rows.session(EventKind.restart, { sequence: header.first, ref: header.session });
    this.clear();
    if (this.current !== null) this.current.expected = header.first;
  }

  private clear(): void {
    this.onClear();
    this.rows.session(EventKind.clear, {});
  }
}

/**
 * A stream that begins again at message 1 is a restart when it is sent later than all before it, or says something else than
 * the first time; a repeated packet is neither.
 */
function isRestart(
  stream: Stream,
  header: SegmentHeader,
  view: DataView,
  payload: { readonly start: number; readonly end: number },
): boolean {
  if (header.first > 1) return false;
  if (isLater(header, stream)) return true;
  return header.count > 0 && stream.openingChecksum >= 0 && stream.openingChecksum !== checksum(view, payload);
}

function isLater(header: SegmentHeader, stream: Stream): boolean {
  return header.sendHi > stream.sendHi || (header.sendHi === stream.sendHi && header.sendLo > stream.sendLo);
}

function checksum(view: DataView, payload: { readonly start: number; readonly end: number }): number {
  let sum = 0x811c9dc5;
  for (let at = payload.start; at < payload.end; at++) sum = Math.imul(sum ^ view.getUint8(at), 0x01000193);
  return sum >>> 0;
}
