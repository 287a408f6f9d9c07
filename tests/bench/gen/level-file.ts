/**
 * The file of an L2 update stream that TypeScript and C++ programs read alike. Little-endian: a 64-byte header
 * (`L2G2`, u32 updates, f64 tick size, f64 lot size, u32 messages, u32 seed), then the columns f64 time in ms, f64 tick,
 * i32 lots (0 deletes), u32 first update of each message and the end, u8 side (0 bid, 1 ask).
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const HEADER_BYTES = 64;

export interface LevelStream {
  readonly tickSize: number;
  readonly lotSize: number;
  readonly seed: number;
  readonly timeMs: Float64Array;
  readonly tick: Float64Array;
  readonly lots: Int32Array;
  readonly messageStart: Uint32Array;
  readonly side: Uint8Array;
}

/** Writes a stream. */
export function writeLevelFile(path: string, stream: LevelStream): void {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('L2G2', 0, 'latin1');
  header.writeUInt32LE(stream.tick.length, 4);
  header.writeDoubleLE(stream.tickSize, 8);
  header.writeDoubleLE(stream.lotSize, 16);
  header.writeUInt32LE(stream.messageStart.length - 1, 24);
  header.writeUInt32LE(stream.seed >>> 0, 28);
  const file = openSync(path, 'w');
  const put = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
  };
  put(header);
  for (const column of [stream.timeMs, stream.tick, stream.lots, stream.messageStart, stream.side]) {
    put(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  closeSync(file);
}

/** Returns the stream of a file; read by the candidates. */
export function readLevelFile(path: string): LevelStream {
  const raw = readFileSync(path);
  const buffer = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength);
  if (raw.toString('latin1', 0, 4) !== 'L2G2') throw new Error(`${path} is not an L2 stream file`);
  const updates = raw.readUInt32LE(4);
  const messages = raw.readUInt32LE(24);
  let at = HEADER_BYTES;
  const timeMs = new Float64Array(buffer, at, updates);
  at += 8 * updates;
  const tick = new Float64Array(buffer, at, updates);
  at += 8 * updates;
  const lots = new Int32Array(buffer, at, updates);
  at += 4 * updates;
  const messageStart = new Uint32Array(buffer, at, messages + 1);
  at += 4 * (messages + 1);
  const side = new Uint8Array(buffer, at, updates);
  return {
    tickSize: raw.readDoubleLE(8),
    lotSize: raw.readDoubleLE(16),
    seed: raw.readUInt32LE(28),
    timeMs,
    tick,
    lots,
    messageStart,
    side,
  };
}
