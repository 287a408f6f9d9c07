/**
 * ViewFrame: all that one map pane shows at one moment, as columns in one buffer, so that it crosses threads, pipes and
 * sockets as bytes. Must not know how it is made or drawn.
 */
import type { BookState } from '../model/index.ts';
import { invariant } from '../util/index.ts';

const MAGIC = 0x46565344; // "DSVF"
const VERSION = 1;
const HEADER_BYTES = 160;

/** Bits of `rowFlags`, one byte per time bucket. */
export const RowFlag = {
  /** Data is missing somewhere in this bucket. */
  gap: 1,
  /** The book is being rebuilt: waiting for an image. */
  resync: 2,
  /** The book is kept but not confirmed since a gap. */
  stale: 4,
  /** Outside the session, or after the play head: nothing is known. */
  empty: 8,
  restart: 16,
} as const;

/**
 * @invariant a `full` frame stands alone; an `append` frame continues the previous frame of the same epoch: its rows
 * start at `firstRow`, which is at most one past the last row that was sent (the last one may be sent again, grown).
 */
export interface ViewFrame {
  readonly kind: 'full' | 'append';
  readonly epoch: number;
  readonly playing: boolean;
  readonly speed: number;
  /** The play head. */
  readonly headNs: bigint;
  /** Row index of the first row: floor(timeNs / bucketNs). */
  readonly firstRow: number;
  readonly rows: number;
  readonly bucketNs: number;
  /** Lower edge of bin 0 and height of a bin, price units. */
  readonly lowUnits: number;
  readonly binUnits: number;
  readonly bins: number;
  readonly bookState: BookState;
  /** Last traded price in units, NaN when none yet. */
  readonly lastTradeUnits: number;
  /** Side (core/model) of the last trade's aggressor. */
  readonly lastTradeSide: number;
  /** Resting size per cell in size units, bids negative, asks positive, 0 nothing. @shape rows × bins, row-major, row = time */
  readonly heat: Float32Array;
  /** Best bid and ask in price units at the end of each bucket, NaN when none. @shape rows × 2 */
  readonly touch: Float64Array;
  /** RowFlag bits. @shape rows */
  readonly rowFlags: Uint8Array;
  /** Traded size per bucket, buy and sell aggressor, size units. @shape rows × 2 */
  readonly volume: Float64Array;
  /** Trades in the rows of this frame: ns after the start of firstRow, price units, size units, Side of the aggressor. @shape n × 4 */
  readonly trades: Float64Array;
  /** Book at the head, best first: price units, size units. @shape n × 2 */
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}

/** Returns the frame as bytes. */
export function encodeViewFrame(frame: ViewFrame): Uint8Array<ArrayBuffer> {
  const sections = [frame.touch, frame.volume, frame.trades, frame.bids, frame.asks, frame.heat, frame.rowFlags];
  let bytes = HEADER_BYTES;
  for (const section of sections) bytes += align8(section.byteLength);
  const out = new Uint8Array(bytes);
  const header = new DataView(out.buffer);
  header.setUint32(0, MAGIC, true);
  header.setUint32(4, VERSION, true);
  header.setUint32(8, frame.kind === 'full' ? 0 : 1, true);
  header.setUint32(12, frame.epoch, true);
  header.setUint32(16, frame.playing ? 1 : 0, true);
  header.setUint32(20, frame.bookState, true);
  header.setUint32(24, frame.rows, true);
  header.setUint32(28, frame.bins, true);
  header.setBigInt64(32, frame.headNs, true);
  header.setFloat64(40, frame.firstRow, true);
  header.setFloat64(48, frame.bucketNs, true);
  header.setFloat64(56, frame.lowUnits, true);
  header.setFloat64(64, frame.binUnits, true);
  header.setFloat64(72, frame.speed, true);
  header.setFloat64(80, frame.lastTradeUnits, true);
  header.setUint32(88, frame.lastTradeSide, true);
  let at = HEADER_BYTES;
  sections.forEach((section, i) => {
    header.setUint32(96 + 4 * i, section.byteLength, true);
    out.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), at);
    at += align8(section.byteLength);
  });
  return out;
}

/** Returns the frame whose columns are views on `bytes` (copied first when it is not 8-byte aligned). Throws on foreign bytes. */
export function decodeViewFrame(bytes: Uint8Array): ViewFrame {
  const source = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const header = new DataView(source.buffer, source.byteOffset, source.byteLength);
  invariant(header.getUint32(0, true) === MAGIC && header.getUint32(4, true) === VERSION, 'not a view frame of this version');
  let at = source.byteOffset + HEADER_BYTES;
  let index = 0;
  const next = (): { start: number; bytes: number } => {
    const start = at;
    const length = header.getUint32(96 + 4 * index++, true);
    at += align8(length);
    return { start, bytes: length };
  };
  const f64 = (): Float64Array => {
    const s = next();
    return new Float64Array(source.buffer, s.start, s.bytes / 8);
  };
  const touch = f64();
  const volume = f64();
  const trades = f64();
  const bids = f64();
  const asks = f64();
  const heatAt = next();
  const flagsAt = next();
  return {
    kind: header.getUint32(8, true) === 0 ? 'full' : 'append',
    epoch: header.getUint32(12, true),
    playing: header.getUint32(16, true) === 1,
    bookState: header.getUint32(20, true) as BookState,
    rows: header.getUint32(24, true),
    bins: header.getUint32(28, true),
    headNs: header.getBigInt64(32, true),
    firstRow: header.getFloat64(40, true),
    bucketNs: header.getFloat64(48, true),
    lowUnits: header.getFloat64(56, true),
    binUnits: header.getFloat64(64, true),
    speed: header.getFloat64(72, true),
    lastTradeUnits: header.getFloat64(80, true),
    lastTradeSide: header.getUint32(88, true),
    touch,
    volume,
    trades,
    bids,
    asks,
    heat: new Float32Array(source.buffer, heatAt.start, heatAt.bytes / 4),
    rowFlags: new Uint8Array(source.buffer, flagsAt.start, flagsAt.bytes),
  };
}

function align8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
