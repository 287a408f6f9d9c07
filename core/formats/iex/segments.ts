/**
 * IEX-TP segments: header, gate, then message by message. A message that cannot be read is counted and the stream goes on.
 * Must not know captures.
 */
import { UnparseableReason } from '../../model/index.ts';
import { idAt } from './fields.ts';
import { MessageDecoder } from './messages.ts';
import { type Feed, feedFromId, IEX_TP_HEADER_BYTES, IEX_TP_VERSION } from './protocol.ts';
import type { StreamRows } from './rows.ts';
import { SegmentHeader, SequenceGate } from './sequence-gate.ts';

const REASONS: Partial<Record<UnparseableReason, string>> = {
  [UnparseableReason.tooShort]: 'message is shorter than its type demands',
  [UnparseableReason.unknownMessage]: 'unknown message type',
  [UnparseableReason.badField]: 'a field holds a value that the feed does not define',
  [UnparseableReason.numberOutOfRange]: 'a number is beyond what can be stored exactly',
};

export class SegmentDecoder {
  readonly messages: MessageDecoder;
  /** Names of the feeds met, in order of appearance. */
  readonly feedNames: string[] = [];
  /** Messages read or refused. */
  messageCount = 0;
  private readonly rows: StreamRows;
  private readonly gate: SequenceGate;
  private readonly header = new SegmentHeader();
  private readonly payload = { start: 0, end: 0 };
  private feed: Feed | undefined = undefined;

  constructor(rows: StreamRows) {
    this.rows = rows;
    this.messages = new MessageDecoder(rows);
    this.gate = new SequenceGate(rows, () => this.messages.openEvents.forget());
  }

  /** Reads the UDP payload [start, end) of `view`; returns false when it is not IEX-TP at all. */
  datagram(view: DataView, start: number, end: number): boolean {
    if (end - start < IEX_TP_HEADER_BYTES) return false;
    const header = this.header;
    const version = view.getUint8(start);
    header.protocol = view.getUint16(start + 2, true);
    if (this.feed === undefined || this.feed.id !== header.protocol) {
      const feed = feedFromId(header.protocol);
      if (feed === undefined || version !== IEX_TP_VERSION) return this.refuseVersion(view, start, end);
      this.open(feed);
    } else if (version !== IEX_TP_VERSION) {
      return this.refuseVersion(view, start, end);
    }
    header.channel = view.getUint32(start + 4, true);
    header.session = view.getUint32(start + 8, true);
    header.payloadLength = view.getUint16(start + 12, true);
    header.count = view.getUint16(start + 14, true);
    header.first = idAt(view, start + 24);
    header.sendLo = view.getUint32(start + 32, true);
    header.sendHi = view.getUint32(start + 36, true);
    if (header.first > Number.MAX_SAFE_INTEGER - 65_536) {
      this.refuse(view, start, end, UnparseableReason.numberOutOfRange);
      return true;
    }
    this.payload.start = start + IEX_TP_HEADER_BYTES;
    this.payload.end = Math.min(end, this.payload.start + header.payloadLength);
    const skip = this.gate.admit(header, view, this.payload);
    if (header.count === 0) this.rows.context.report.heartbeats++;
    else this.walk(view, skip);
    return true;
  }

  private walk(view: DataView, skip: number): void {
    const { count, first } = this.header;
    const end = this.payload.end;
    const rows = this.rows;
    let at = this.payload.start;
    for (let i = 0; i < count; ) {
      if (i >= skip) {
        rows.sequence = first + i;
        const done = this.messages.run(view, at, end, count - i);
        if (done > 0) {
          this.messageCount += done;
          i += done;
          at = this.messages.stop;
          continue;
        }
      }
      const length = end - at >= 2 ? view.getUint16(at, true) : 0;
      if (end - at < 2 || length > end - at - 2) {
        this.overrun(view, at, Math.max(i, skip));
        return;
      }
      at += 2;
      if (i >= skip) {
        this.messageCount++;
        const refusal = length === 0 ? UnparseableReason.tooShort : this.messages.decode(view, at, length);
        if (refusal !== 0) this.refuse(view, at, at + length, refusal);
      }
      at += length;
      i++;
    }
  }

  /** The segment promises more than it holds: one row for all messages that cannot be reached any more. */
  private overrun(view: DataView, at: number, index: number): void {
    const { count, first } = this.header;
    if (index >= count) return;
    this.rows.unparseable(UnparseableReason.overrunsSegment, 'message is longer than its segment', {
      bytes: bytesOf(view, at, this.payload.end),
      sequence: first + index,
      lost: count - index,
    });
  }

  private refuse(view: DataView, start: number, end: number, why: UnparseableReason): void {
    const reason = REASONS[why] ?? 'message could not be read';
    this.rows.unparseable(why, reason, { bytes: bytesOf(view, start, end), sequence: this.rows.sequence });
  }

  private refuseVersion(view: DataView, start: number, end: number): boolean {
    const version = view.getUint8(start);
    const { protocol } = this.header;
    const known = feedFromId(protocol) !== undefined;
    if (!known && (version !== IEX_TP_VERSION || protocol >>> 8 !== 0x80)) return false;
    const reason = known ? `unknown IEX-TP version ${version}` : `unknown IEX-TP protocol 0x${protocol.toString(16)}`;
    this.rows.unparseable(UnparseableReason.unknownVersion, reason, { bytes: bytesOf(view, start, end), sequence: 0 });
    return true;
  }

  private open(feed: Feed): void {
    this.feed = feed;
    this.messages.select(feed);
    if (!this.feedNames.includes(feed.name)) this.feedNames.push(feed.name);
  }
}

function bytesOf(view: DataView, start: number, end: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, Math.max(0, end - start));
}
