/**
 * Turns the bytes of a capture file, cut anywhere, into packets. Chooses the container by its magic; keeps only the
 * unfinished record between chunks, in a buffer that is reused. Must not know link layers or feeds.
 */
import { FormatError } from '../../../model/index.ts';
import { pcapFromMagic } from './pcap.ts';
import { PCAPNG_MAGIC, Pcapng } from './pcapng.ts';
import { type Container, PacketRecord, type PacketSink } from './record.ts';

const NO_SINK: PacketSink = { onPacket: () => undefined, onRun: () => undefined };

/** Returns true when the bytes begin like a pcap or pcapng file. */
export function looksLikeCapture(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const magic = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  return magic === PCAPNG_MAGIC || pcapFromMagic(magic, new PacketRecord(), NO_SINK) !== null;
}

/**
 * A streaming reader of one file after another.
 * @perf no allocation per packet; one DataView a chunk
 * @errors FormatError `format.not-a-capture` from `push` and `endFile` when the magic is none of ours
 */
export class PacketReader {
  /** Set when a record made no sense: in words. The rest of that file was not read. */
  damage = '';
  private readonly sink: PacketSink;
  private readonly packet = new PacketRecord();
  private container: Container | null = null;
  private carry = new Uint8Array(65_536);
  private carryView = new DataView(this.carry.buffer);
  private carried = 0;
  /** Bytes after damage, not read. */
  private unread = 0;

  constructor(sink: PacketSink) {
    this.sink = sink;
  }

  /** The container's name in words, empty before its magic was seen. */
  get containerName(): string {
    return this.container?.name ?? '';
  }

  /** Takes the next bytes of the current file. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const container = this.container;
      if (this.damage !== '') {
        this.unread += bytes.length - at;
        return;
      }
      if (container !== null && container.skip > 0) {
        const taken = Math.min(container.skip, bytes.length - at);
        container.passed(taken);
        at += taken;
      } else if (container === null || this.carried > 0) {
        at += this.fillCarry(bytes, at);
      } else {
        this.parseChunk(container, bytes, at);
        return;
      }
    }
  }

  /** The current file is over: returns the bytes of its unfinished record (0 = it ended cleanly) and is ready for the next file. */
  endFile(): number {
    if (this.container === null && this.carried > 0) throw notACapture();
    const left = this.carried + this.unread + (this.container?.partial ?? 0);
    this.container = null;
    this.carried = 0;
    this.unread = 0;
    this.damage = '';
    return left;
  }

  /** Adds bytes to the carry until its record is whole, then reads it. Returns the bytes taken. */
  private fillCarry(bytes: Uint8Array, at: number): number {
    const need = this.container?.need ?? 4;
    this.reserve(need);
    const taken = Math.min(Math.max(0, need - this.carried), bytes.length - at);
    this.carry.set(bytes.subarray(at, at + taken), this.carried);
    this.carried += taken;
    if (this.carried < need) return taken;
    if (this.container === null) {
      this.container = this.open(this.carryView.getUint32(0));
      return taken;
    }
    const stop = this.container.parse(this.carryView, 0, this.carried);
    this.carry.copyWithin(0, stop, this.carried);
    this.carried -= stop;
    this.noteDamage(this.container);
    return taken;
  }

  private parseChunk(container: Container, bytes: Uint8Array, at: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const stop = container.parse(view, at, bytes.length);
    this.noteDamage(container);
    if (this.damage !== '') {
      this.unread += bytes.length - stop;
      return;
    }
    this.reserve(bytes.length - stop);
    this.carry.set(bytes.subarray(stop), 0);
    this.carried = bytes.length - stop;
  }

  private noteDamage(container: Container): void {
    if (container.damage === '') return;
    this.damage = `${container.damage}; what follows was not read`;
    this.unread += this.carried;
    this.carried = 0;
  }

  private reserve(bytes: number): void {
    if (bytes <= this.carry.length) return;
    const grown = new Uint8Array(Math.max(bytes, this.carry.length * 2));
    grown.set(this.carry.subarray(0, this.carried));
    this.carry = grown;
    this.carryView = new DataView(grown.buffer);
  }

  private open(magic: number): Container {
    if (magic === PCAPNG_MAGIC) return new Pcapng(this.packet, this.sink.onPacket);
    const pcap = pcapFromMagic(magic, this.packet, this.sink);
    if (pcap === null) throw notACapture();
    return pcap;
  }
}

function notACapture(): FormatError {
  return new FormatError('format.not-a-capture', 'The file is neither a pcap nor a pcapng capture.');
}
