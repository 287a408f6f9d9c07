/**
 * pcapng: sections of blocks. Enhanced, simple and the older packet blocks are read; the time options of interfaces are
 * obeyed; every other block is skipped without keeping it. Must not know what is in a packet.
 */
import { type Container, MAX_RECORD_BYTES, type PacketHandler, type PacketRecord } from './record.ts';
import { MICROSECONDS, resolutionFrom, setTime, type TimeResolution } from './time-words.ts';

/** The block type of a section header: the same in both byte orders. */
export const PCAPNG_MAGIC = 0x0a0d0d0a;
const BLOCK = { interface: 1, oldPacket: 2, simplePacket: 3, enhancedPacket: 6 } as const;
const ORDER_MARK = 0x1a2b3c4d;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  readonly resolution: TimeResolution;
}

export class Pcapng implements Container {
  readonly name = 'pcapng';
  need = 12;
  skip = 0;
  partial = 0;
  damage = '';
  private readonly packet: PacketRecord;
  private readonly onPacket: PacketHandler;
  private le = true;
  private interfaces: Interface[] = [];

  constructor(packet: PacketRecord, onPacket: PacketHandler) {
    this.packet = packet;
    this.onPacket = onPacket;
  }

  passed(bytes: number): void {
    this.skip -= bytes;
    this.partial = this.skip === 0 ? 0 : this.partial + bytes;
  }

  parse(view: DataView, start: number, end: number): number {
    let at = start;
    for (;;) {
      this.need = 12;
      if (end - at < 12) return at;
      const type = view.getUint32(at, this.le);
      if (type === PCAPNG_MAGIC && !this.openSection(view, at)) return at;
      const total = view.getUint32(at + 4, this.le);
      if (total < 12) {
        this.damage = `a block says that it is ${total} bytes long`;
        return at;
      }
      const wanted = type === BLOCK.enhancedPacket || type === BLOCK.oldPacket || type === BLOCK.simplePacket || type === BLOCK.interface;
      if (!wanted) {
        if (end - at >= total) {
          at += total;
          continue;
        }
        this.partial = end - at;
        this.skip = total - this.partial;
        return end;
      }
      if (total > MAX_RECORD_BYTES) {
        this.damage = `a block says that it is ${total} bytes long`;
        return at;
      }
      this.need = total;
      if (end - at < total) return at;
      this.block(view, at, type);
      if (this.damage !== '') return at;
      at += total;
    }
  }

  private openSection(view: DataView, at: number): boolean {
    const mark = view.getUint32(at + 8, true);
    if (mark !== ORDER_MARK && view.getUint32(at + 8, false) !== ORDER_MARK) {
      this.damage = 'a section header has no byte-order mark';
      return false;
    }
    this.le = mark === ORDER_MARK;
    this.interfaces = [];
    return true;
  }

  private block(view: DataView, at: number, type: number): void {
    const bodyEnd = at + view.getUint32(at + 4, this.le) - 4;
    if (type === BLOCK.interface) this.interfaces.push(this.readInterface(view, at + 8, bodyEnd));
    else if (type === BLOCK.simplePacket) this.simple(view, at + 8, bodyEnd);
    else
      this.enhanced(view, at + 8, {
        bodyEnd,
        index: type === BLOCK.oldPacket ? view.getUint16(at + 8, this.le) : view.getUint32(at + 8, this.le),
      });
  }

  private enhanced(view: DataView, at: number, place: { bodyEnd: number; index: number }): void {
    const source = this.interfaces[place.index];
    if (source === undefined || place.bodyEnd - at < 20) {
      this.damage =
        source === undefined ? `a packet names interface ${place.index}, which was not described` : 'a packet block is too short';
      return;
    }
    const captured = view.getUint32(at + 12, this.le);
    if (captured > place.bodyEnd - at - 20) {
      this.damage = `a packet of ${captured} bytes is longer than its block`;
      return;
    }
    setTime(this.packet.time, view.getUint32(at + 4, this.le), view.getUint32(at + 8, this.le), source.resolution);
    this.packet.original = view.getUint32(at + 16, this.le);
    this.hand(view, at + 20, captured, source.linkType);
  }

  /** A simple packet has no time: zero. */
  private simple(view: DataView, at: number, bodyEnd: number): void {
    const source = this.interfaces[0];
    if (source === undefined || bodyEnd - at < 4) {
      this.damage = source === undefined ? 'a packet comes before any interface' : 'a packet block is too short';
      return;
    }
    const original = view.getUint32(at, this.le);
    this.packet.time.hi = 0;
    this.packet.time.lo = 0;
    const limit = source.snapLength === 0 ? original : Math.min(original, source.snapLength);
    this.packet.original = original;
    this.hand(view, at + 4, Math.min(limit, bodyEnd - at - 4), source.linkType);
  }

  private hand(view: DataView, offset: number, captured: number, linkType: number): void {
    const packet = this.packet;
    packet.view = view;
    packet.offset = offset;
    packet.captured = captured;
    packet.linkType = linkType;
    packet.number++;
    this.onPacket(packet);
  }

  private readInterface(view: DataView, at: number, bodyEnd: number): Interface {
    if (bodyEnd - at < 8) return { linkType: -1, snapLength: 0, resolution: MICROSECONDS };
    let tsresol = 6;
    let offsetSeconds = 0n;
    for (let option = at + 8; option + 4 <= bodyEnd; ) {
      const code = view.getUint16(option, this.le);
      const length = view.getUint16(option + 2, this.le);
      if (code === 0 || option + 4 + length > bodyEnd) break;
      if (code === 9 && length >= 1) tsresol = view.getUint8(option + 4);
      if (code === 14 && length >= 8) offsetSeconds = view.getBigInt64(option + 4, this.le);
      option += 4 + ((length + 3) & ~3);
    }
    return {
      linkType: view.getUint16(at, this.le),
      snapLength: view.getUint32(at + 4, this.le),
      resolution: resolutionFrom(tsresol, offsetSeconds),
    };
  }
}
