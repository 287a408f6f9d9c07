/**
 * Classic pcap: a 24-byte file header, then packets with 16-byte headers; microseconds or nanoseconds, both byte orders.
 * Must not know what is in a packet.
 */
import { invariant } from '../../../util/index.ts';
import { LINK_ETHERNET } from './link-layer.ts';
import { type Container, MAX_RECORD_BYTES, type PacketRecord, type PacketSink, RecordRun } from './record.ts';

const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;

/** Returns a reader when the first four bytes (big-endian) are a pcap magic, else null. */
export function pcapFromMagic(magic: number, packet: PacketRecord, sink: PacketSink): Container | null {
  if (magic === 0xd4c3b2a1) return new Pcap(true, 1000, packet, sink);
  if (magic === 0x4d3cb2a1) return new Pcap(true, 1, packet, sink);
  if (magic === 0xa1b2c3d4) return new Pcap(false, 1000, packet, sink);
  if (magic === 0xa1b23c4d) return new Pcap(false, 1, packet, sink);
  return null;
}

class Pcap implements Container {
  readonly name: string;
  need = FILE_HEADER_BYTES;
  readonly skip = 0;
  readonly partial = 0;
  damage = '';
  private readonly littleEndian: boolean;
  private readonly nanosPerFraction: number;
  private readonly packet: PacketRecord;
  private readonly sink: PacketSink;
  private readonly run = new RecordRun();
  private linkType = -1;

  constructor(littleEndian: boolean, nanosPerFraction: number, packet: PacketRecord, sink: PacketSink) {
    this.littleEndian = littleEndian;
    this.nanosPerFraction = nanosPerFraction;
    this.packet = packet;
    this.sink = sink;
    this.run.nanosPerFraction = nanosPerFraction;
    this.name = `pcap (${littleEndian ? 'little' : 'big'}-endian, ${nanosPerFraction === 1 ? 'nanoseconds' : 'microseconds'})`;
  }

  /** Nothing is ever skipped in a pcap. */
  passed(): void {
    invariant(false, 'pcap skips nothing');
  }

  parse(view: DataView, start: number, end: number): number {
    const le = this.littleEndian;
    const packet = this.packet;
    let at = start;
    if (this.linkType < 0) {
      if (end - at < FILE_HEADER_BYTES) return at;
      this.linkType = view.getUint32(at + 20, le) & 0xffff;
      at += FILE_HEADER_BYTES;
    }
    for (;;) {
      if (le && this.linkType === LINK_ETHERNET) at = this.readRun(view, at, end);
      if (end - at < PACKET_HEADER_BYTES) {
        this.need = PACKET_HEADER_BYTES;
        return at;
      }
      const captured = view.getUint32(at + 8, le);
      if (captured > MAX_RECORD_BYTES) {
        this.damage = `a packet header says ${captured} bytes`;
        return at;
      }
      const total = PACKET_HEADER_BYTES + captured;
      if (end - at < total) {
        this.need = total;
        return at;
      }
      packet.time.setSeconds(view.getUint32(at, le), view.getUint32(at + 4, le) * this.nanosPerFraction);
      packet.view = view;
      packet.offset = at + PACKET_HEADER_BYTES;
      packet.captured = captured;
      packet.original = view.getUint32(at + 12, le);
      packet.linkType = this.linkType;
      packet.number++;
      at += total;
      this.sink.onPacket(packet);
    }
  }

  /** Offers the records from `start` on to a reader of whole runs; returns where it stopped. */
  private readRun(view: DataView, start: number, end: number): number {
    const { run, packet } = this;
    run.view = view;
    run.start = start;
    run.end = end;
    run.number = packet.number;
    this.sink.onRun(run);
    packet.number = run.number;
    return run.start;
  }
}
