/**
 * Grows a real IEX capture: its packets again and again as one stream, with sequence numbers, stream offsets and all times
 * moved on, so that no copy is a duplicate. Classic little-endian pcap in microseconds only. Must not know the decoder.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const RECORD_BYTES = 16;
const SEGMENT_BYTES = 40;

/** Start of the IEX-TP segment in a frame. */
function segmentAt(frame: Buffer): number {
  const ip = frame.readUInt16BE(12) === 0x8100 ? 18 : 14;
  return ip + (frame.readUInt8(ip) & 15) * 4 + 8;
}

/** Writes copies of the capture until `targetBytes`; returns the number of copies. */
export function growCapture(source: string, target: string, targetBytes: number): { copies: number; bytes: number } {
  const raw = readFileSync(source);
  const capture = raw.readUInt16BE(0) === 0x1f8b ? gunzipSync(raw) : raw;
  if (capture.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('only a classic little-endian pcap in microseconds can be grown');
  let end = 24;
  while (end + RECORD_BYTES <= capture.length && end + RECORD_BYTES + capture.readUInt32LE(end + 8) <= capture.length) {
    end += RECORD_BYTES + capture.readUInt32LE(end + 8);
  }
  const copy = Buffer.from(capture.subarray(24, end));
  const last = positions(copy).at(-1) ?? 0;
  const messages = sequenceEnd(copy) - firstSequence(copy);
  const bytesOfStream = offsetEnd(copy) - firstOffset(copy);
  const seconds = copy.readUInt32LE(last) - copy.readUInt32LE(0) + 1;
  const file = openSync(target, 'w');
  writeSync(file, capture.subarray(0, 24));
  const copies = Math.ceil(targetBytes / copy.length);
  for (let i = 0; i < copies; i++) {
    for (let at = 0; at < copy.length; ) at += writeSync(file, copy, at);
    moveOn(copy, { messages, bytesOfStream, seconds });
  }
  closeSync(file);
  return { copies, bytes: 24 + copies * copy.length };
}

function positions(copy: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at < copy.length; at += RECORD_BYTES + copy.readUInt32LE(at + 8)) found.push(at);
  return found;
}

function segments(copy: Buffer): Buffer[] {
  return positions(copy).map((at) => {
    const frame = copy.subarray(at + RECORD_BYTES, at + RECORD_BYTES + copy.readUInt32LE(at + 8));
    return frame.subarray(segmentAt(frame));
  });
}

const firstSequence = (copy: Buffer): bigint => (segments(copy)[0] as Buffer).readBigInt64LE(24);
const firstOffset = (copy: Buffer): bigint => (segments(copy)[0] as Buffer).readBigInt64LE(16);

function sequenceEnd(copy: Buffer): bigint {
  const last = segments(copy).at(-1) as Buffer;
  return last.readBigInt64LE(24) + BigInt(last.readUInt16LE(14));
}

function offsetEnd(copy: Buffer): bigint {
  const last = segments(copy).at(-1) as Buffer;
  return last.readBigInt64LE(16) + BigInt(last.readUInt16LE(12));
}

function moveOn(copy: Buffer, by: { messages: bigint; bytesOfStream: bigint; seconds: number }): void {
  const ns = BigInt(by.seconds) * 1_000_000_000n;
  for (const at of positions(copy)) copy.writeUInt32LE(copy.readUInt32LE(at) + by.seconds, at);
  for (const segment of segments(copy)) {
    segment.writeBigInt64LE(segment.readBigInt64LE(16) + by.bytesOfStream, 16);
    segment.writeBigInt64LE(segment.readBigInt64LE(24) + by.messages, 24);
    segment.writeBigInt64LE(segment.readBigInt64LE(32) + ns, 32);
    let at = SEGMENT_BYTES;
    for (let i = segment.readUInt16LE(14); i > 0; i--) {
      const length = segment.readUInt16LE(at);
      segment.writeBigInt64LE(segment.readBigInt64LE(at + 4) + ns, at + 4);
      at += 2 + length;
    }
  }
}
