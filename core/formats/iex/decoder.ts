/**
 * The IEX capture decoder: capture bytes in, event rows out. Joins packet reader, link layer and segments, keeps the report
 * and turns damage of the file into rows. Must not know where bytes come from.
 */
import { type Decoder, type DecoderContext, EventKind, FormatError, UnparseableReason } from '../../model/index.ts';
import { LINK_ETHERNET, type PacketRecord, PacketReader, UdpPayload } from './capture/index.ts';
import { IEX_TP_HEADER_BYTES } from './protocol.ts';
import { REBASE_NS, StreamRows } from './rows.ts';
import { SegmentDecoder } from './segments.ts';

/** What ended a file before its time, as whoever read it found. */
export interface FileDamage {
  /** In words. */
  readonly reason: string;
  /** Bytes of the file that could not be read; 0 when it is cut. */
  readonly lostBytes: number;
}

/** A decoder that can go on with a further file of the same stream. */
export interface CaptureDecoder extends Decoder {
  /** The current file is over and another may follow: reports a cut tail; sequence numbers and open events carry over. */
  nextFile(damage?: FileDamage): void;
}

/**
 * Returns a decoder of IEX captures (pcap, pcapng).
 * @errors FormatError `format.not-a-capture`, `format.wrong-link-type`, `format.no-iex-data` (at the end)
 */
export function createIexCaptureDecoder(context: DecoderContext): CaptureDecoder {
  return new IexCaptureDecoder(context);
}

class IexCaptureDecoder implements CaptureDecoder {
  private readonly context: DecoderContext;
  private readonly rows: StreamRows;
  private readonly segments: SegmentDecoder;
  private readonly reader: PacketReader;
  private readonly payload = new UdpPayload();
  private readonly containers: string[] = [];
  private based = false;
  private sawSegment = false;
  private sawBytes = false;
  private receiveSteps = 0;

  constructor(context: DecoderContext) {
    this.context = context;
    this.rows = new StreamRows(context);
    this.segments = new SegmentDecoder(this.rows);
    this.reader = new PacketReader({ onPacket: (packet) => this.packet(packet), onRun: (run) => this.segments.records(run) });
  }

  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.sawBytes = true;
    this.reader.push(bytes);
    this.publish();
  }

  nextFile(damage?: FileDamage): void {
    const reason = damage?.reason ?? this.reader.damage;
    const left = (this.sawBytes ? this.reader.endFile() : 0) + (damage?.lostBytes ?? 0);
    this.sawBytes = false;
    if (reason !== '') this.rows.unparseable(UnparseableReason.badFrame, reason, { bytes: new Uint8Array(0), sequence: 0 });
    if (left === 0) return;
    this.context.report.truncatedBytes += left;
    this.rows.session(EventKind.truncated, { size: left, ref: left });
  }

  end(): void {
    this.nextFile();
    this.segments.messages.openEvents.closeAll();
    this.publish();
    const { report } = this.context;
    if (!this.sawSegment && report.packets > 0 && report.foreignPackets === report.packets) {
      throw new FormatError(
        'format.no-iex-data',
        `The capture holds ${report.packets} packets, but none of them is an IEX-TP segment: it is no TOPS, DEEP or DEEP+ recording.`,
      );
    }
  }

  private packet(packet: PacketRecord): void {
    const { report } = this.context;
    report.packets++;
    if (packet.linkType !== LINK_ETHERNET) {
      if (!this.sawSegment) throw wrongLinkType(packet.linkType);
      report.foreignPackets++;
      return;
    }
    const { payload } = this;
    const whole = packet.captured >= packet.original && payload.locate(packet);
    if (packet.time.isZero && whole) takeSendTime(packet, payload);
    this.setTime(packet);
    if (whole && this.segments.datagram(packet.view, payload.start, payload.end)) this.sawSegment = true;
    else report.foreignPackets++;
  }

  private setTime(packet: PacketRecord): void {
    const { hi, lo } = packet.time;
    const { rows, context } = this;
    rows.packetNumber = packet.number;
    const { timeHi, timeLo } = rows;
    let time = context.writer.offsetFromWords(hi, lo);
    if (!this.based || !(Math.abs(time) <= REBASE_NS)) {
      this.rebase(hi, lo);
      time = 0;
    }
    rows.received(packet.time, time);
    if (this.based && (hi < timeHi || (hi === timeHi && lo < timeLo))) {
      this.receiveSteps++;
      const back = (timeHi - hi) * 4_294_967_296 + (timeLo - lo);
      rows.session(EventKind.timeStep, { size: back, ref: Math.min(back, Number.MAX_SAFE_INTEGER) });
    }
    this.based = true;
  }

  /** Open events end first: their times are offsets from the old base. */
  private rebase(hi: number, lo: number): void {
    if (this.based) this.segments.messages.openEvents.closeAll();
    this.segments.messages.rebased();
    this.rows.rebase(hi, lo);
  }

  private publish(): void {
    const { report } = this.context;
    const { counts, timeSteps, negativeLatencies } = this.segments.messages;
    report.messages = this.segments.messageCount;
    report.timeSteps = timeSteps + this.receiveSteps;
    report.negativeLatencies = negativeLatencies;
    report.protocol = this.segments.feedNames.join(', ');
    for (let type = 0; type < 256; type++) {
      const count = counts[type] as number;
      if (count > 0) report.messagesByType[typeName(type)] = count;
    }
    const container = this.reader.containerName;
    if (container !== '' && !this.containers.includes(container)) {
      this.containers.push(container);
      report.container = this.containers.join(', ');
    }
  }
}

/** Simple pcapng packets have no capture time; the feed's send time is the nearest thing to it. */
function takeSendTime(packet: PacketRecord, payload: UdpPayload): void {
  if (payload.end - payload.start < IEX_TP_HEADER_BYTES) return;
  packet.time.lo = packet.view.getUint32(payload.start + 32, true);
  packet.time.hi = packet.view.getUint32(payload.start + 36, true);
}

function typeName(type: number): string {
  return type > 32 && type < 127 ? String.fromCharCode(type) : `0x${type.toString(16).padStart(2, '0')}`;
}

function wrongLinkType(linkType: number): FormatError {
  return new FormatError(
    'format.wrong-link-type',
    `The capture has link type ${linkType}; only Ethernet (1) can be read. Record the feed on an Ethernet interface.`,
  );
}
