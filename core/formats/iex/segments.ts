/**
 * IEX-TP segments: header, gate, then message by message. A message that cannot be read is counted and the stream goes on.
 * Must not know captures.
 */
import { UnparseableReason } from '../../model/index.ts';
import { BulkLane } from './bulk-lane.ts';
import type { RecordRun } from './capture/index.ts';
import { idAt } from './fields.ts';
import { MessageDecoder } from './messages.ts';
import { type Feed, feedFromId, IEX_TP_HEADER_BYTES, IEX_TP_VERSION } from './protocol.ts';
import type { StreamRows } from './rows.ts';
import { SegmentHeader, SequenceGate, type Stream } from './sequence-gate.ts';

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
  private readonly lane: BulkLane;
  private readonly header = new SegmentHeader();
  private readonly payload = { start: 0, end: 0 };
  private feed: Feed | undefined = undefined;

  constructor(rows: StreamRows) {
    this.rows = rows;
    this.messages = new MessageDecoder(rows);
    this.lane = new BulkLane(rows, this.messages);
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

  /** Reads plain records, and single messages in them that are not, up to the first record that is not plain. */
  records(run: RecordRun): void {
    const { lane, rows } = this;
    const { report } = rows.context;
    const stream = this.gate.current;
    if (stream === null) return;
    lane.next = run.start;
    lane.nanosPerFraction = run.nanosPerFraction;
    for (;;) {
      this.plain(run.view, run.end, stream);
      if (lane.packets > 0) {
        run.number += lane.packets;
        rows.packetNumber = run.number;
        report.packets += lane.packets;
        report.heartbeats += lane.heartbeats;
      }
      if (lane.left === 0) break;
      this.message(run.view, stream);
    }
    run.start = lane.next;
  }

  /** Reads the messages of the segment at hand but the first `skip`. */
  private walk(view: DataView, skip: number): void {
    const { lane, payload } = this;
    const { count } = this.header;
    const stream = this.gate.current;
    if (stream === null) return;
    lane.at = payload.start;
    lane.left = count;
    lane.payloadEnd = payload.end;
    // The lane must find no record behind the segment.
    lane.next = payload.end;
    while (lane.left > count - skip) if (!this.pass(view)) this.overrun(view, stream, count - skip);
    while (lane.left > 0) {
      this.plain(view, payload.end, stream);
      if (lane.left > 0) this.message(view, stream);
    }
  }

  /** Lets the lane read as far as it can. */
  private plain(view: DataView, end: number, stream: Stream): void {
    const { lane } = this;
    if (lane.left > 0) this.rows.sequence = stream.expected - lane.left;
    lane.run(view, end, stream);
    this.messageCount += lane.messages;
  }

  /** Reads the message at the lane's place, whatever it is. */
  private message(view: DataView, stream: Stream): void {
    const { lane } = this;
    const { at, left } = lane;
    this.rows.sequence = stream.expected - left;
    if (!this.pass(view)) {
      this.overrun(view, stream, left);
      return;
    }
    this.messageCount++;
    const length = lane.at - at - 2;
    const refusal = length === 0 ? UnparseableReason.tooShort : this.messages.decode(view, at + 2, length);
    if (refusal !== 0) this.refuse(view, at + 2, lane.at, refusal);
  }

  /** Moves the lane's place behind the message there; returns false when the segment ends before it does. */
  private pass(view: DataView): boolean {
    const { lane } = this;
    const rest = lane.payloadEnd - lane.at;
    const length = rest >= 2 ? view.getUint16(lane.at, true) : 0;
    if (rest < 2 || length > rest - 2) return false;
    lane.at += 2 + length;
    lane.left--;
    return true;
  }

  /** The segment promises more than it holds: one row for all messages that cannot be reached any more. */
  private overrun(view: DataView, stream: Stream, lost: number): void {
    const { lane } = this;
    lane.left = 0;
    if (lost === 0) return;
    this.rows.unparseable(UnparseableReason.overrunsSegment, 'message is longer than its segment', {
      bytes: bytesOf(view, lane.at, lane.payloadEnd),
      sequence: stream.expected - lost,
      lost,
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
