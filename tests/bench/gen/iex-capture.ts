/**
 * Makes an IEX capture: classic pcap, Ethernet/IPv4/UDP, IEX-TP segments of DEEP 1.0, 8,000 symbols with a heavy-tailed
 * share, 92 % price level updates, 5 % trades, 3 % administrative messages, every event flag plausible. Deterministic.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type RandomSource, sfc32 } from './random.ts';

const SYMBOLS = 8000;
const FLUSH_BYTES = 8 << 20;
const HEADERS_BYTES = 16 + 42 + 40;

export interface CaptureFacts {
  readonly bytes: number;
  readonly messages: number;
  readonly byType: Readonly<Record<string, number>>;
}

/** Writes about `targetBytes` of capture to `path` and returns what is in it. */
export function writeIexCapture(path: string, targetBytes = 220e6, seed = 3): CaptureFacts {
  const maker = new CaptureMaker(sfc32(seed));
  const file = openSync(path, 'w');
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20);
  writeSync(file, header);
  let total = header.length;
  while (total < targetBytes) {
    total += maker.packet();
    if (maker.used >= FLUSH_BYTES || total >= targetBytes) writeSync(file, maker.take());
  }
  closeSync(file);
  return { bytes: total, messages: maker.messages, byType: maker.byType };
}

class CaptureMaker {
  messages = 0;
  readonly byType: Record<string, number> = {};
  used = 0;
  private readonly out = Buffer.alloc(FLUSH_BYTES + 65_536);
  private readonly random: RandomSource;
  private readonly names: Buffer[] = [];
  private readonly mid = new Float64Array(SYMBOLS);
  private nowNs = 1_700_749_800_000_000_000n;
  private sequence = 1;
  private offset = 0;
  private tradeId = 1;

  constructor(random: RandomSource) {
    this.random = random;
    for (let i = 0; i < SYMBOLS; i++) {
      let rest = i;
      let name = '';
      do {
        name += String.fromCharCode(65 + (rest % 26));
        rest = Math.floor(rest / 26) - 1;
      } while (rest >= 0);
      this.names.push(Buffer.from(name.padEnd(8, ' '), 'latin1'));
      this.mid[i] = (500 + random.below(40000)) * 100;
    }
  }

  /** Returns the bytes made so far and starts anew. */
  take(): Buffer {
    const bytes = Buffer.from(this.out.subarray(0, this.used));
    this.used = 0;
    return bytes;
  }

  /** Appends one packet and returns its length with the record header. */
  packet(): number {
    const { out, random } = this;
    const start = this.used;
    const count = random.unit() < 0.02 ? 0 : Math.min(60, 1 + random.pareto(2.5, 59));
    const body = start + HEADERS_BYTES;
    let at = body;
    for (let i = 0; i < count; i++) {
      const length = this.message(at + 2);
      out.writeUInt16LE(length, at);
      at += 2 + length;
    }
    this.headers(start, at - body, count);
    this.offset += at - body;
    this.sequence += count;
    this.messages += count;
    this.used = at;
    return at - start;
  }

  private headers(start: number, payload: number, count: number): void {
    const { out, nowNs } = this;
    const udp = 8 + 40 + payload;
    const ip = 20 + udp;
    const frame = 14 + ip;
    out.writeUInt32LE(Number(nowNs / 1_000_000_000n), start);
    out.writeUInt32LE(Number((nowNs / 1000n) % 1_000_000n), start + 4);
    out.writeUInt32LE(frame, start + 8);
    out.writeUInt32LE(frame, start + 12);
    const ether = start + 16;
    out.fill(0, ether, ether + 42);
    out[ether] = 1;
    out[ether + 12] = 8;
    out[ether + 14] = 0x45;
    out.writeUInt16BE(ip, ether + 16);
    out[ether + 22] = 1;
    out[ether + 23] = 17;
    out.writeUInt16BE(10378, ether + 34);
    out.writeUInt16BE(10378, ether + 36);
    out.writeUInt16BE(udp, ether + 38);
    const segment = ether + 42;
    out[segment] = 1;
    out[segment + 1] = 0;
    out.writeUInt16LE(0x8004, segment + 2);
    out.writeUInt32LE(1, segment + 4);
    out.writeUInt32LE(1_150_681_088, segment + 8);
    out.writeUInt16LE(payload, segment + 12);
    out.writeUInt16LE(count, segment + 14);
    out.writeBigInt64LE(BigInt(this.offset), segment + 16);
    out.writeBigInt64LE(BigInt(this.sequence), segment + 24);
    out.writeBigUInt64LE(nowNs, segment + 32);
  }

  private message(at: number): number {
    const { out, random, mid } = this;
    const kind = random.unit();
    const symbol = random.pareto(60, SYMBOLS - 1);
    this.nowNs += BigInt(random.below(9000));
    out.writeBigUInt64LE(this.nowNs, at + 2);
    this.names[symbol].copy(out, at + 10);
    if (random.unit() < 0.02) mid[symbol] += random.u32() & 1 ? 100 : -100;
    if (mid[symbol] < 2000) mid[symbol] = 2000;
    const [type, length] =
      kind < 0.92 ? this.level(at, symbol) : kind < 0.97 ? this.trade(at, symbol) : this.administrative(at, kind, symbol);
    out[at] = type.charCodeAt(0);
    this.byType[type] = (this.byType[type] ?? 0) + 1;
    return length;
  }

  private level(at: number, symbol: number): [string, number] {
    const { out, random } = this;
    const ask = (random.u32() & 1) === 1;
    out[at + 1] = random.unit() < 0.9 ? 1 : 0;
    out.writeUInt32LE(random.unit() < 0.38 ? 0 : 100 * (1 + random.below(30)), at + 18);
    out.writeBigInt64LE(BigInt(this.mid[symbol] + (ask ? 1 : -1) * 100 * (1 + random.pareto(3, 60))), at + 22);
    return [ask ? '5' : '8', 30];
  }

  private trade(at: number, symbol: number): [string, number] {
    this.out[at + 1] = 0;
    this.out.writeUInt32LE(1 + this.random.below(500), at + 18);
    this.out.writeBigInt64LE(BigInt(this.mid[symbol] + 50), at + 22);
    this.out.writeBigInt64LE(BigInt(this.tradeId++), at + 30);
    return ['T', 38];
  }

  private administrative(at: number, kind: number, symbol: number): [string, number] {
    const { out } = this;
    if (kind < 0.98) {
      out[at + 1] = 'T'.charCodeAt(0);
      out.fill(32, at + 18, at + 22);
      return ['H', 22];
    }
    if (kind < 0.99) {
      out[at + 1] = 0;
      out[at + 18] = 32;
      return ['P', 19];
    }
    if (kind < 0.995) {
      out[at + 1] = 'O'.charCodeAt(0);
      return ['E', 18];
    }
    out[at + 1] = 'Q'.charCodeAt(0);
    out.writeBigInt64LE(BigInt(this.mid[symbol]), at + 18);
    return ['X', 26];
  }
}
