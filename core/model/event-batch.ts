/**
 * EventBatch: the one form in which events travel. One ArrayBuffer, a 64-byte header and 8-byte-aligned columns, moved
 * between threads by transfer. Must not know where events come from or go to.
 */
import { invariant } from '../util/index.ts';

const MAGIC = 0x42455344; // "DSEB", little-endian
const VERSION = 1;
const HEADER_BYTES = 64;

/** Rows that a writer puts in one batch unless told otherwise. */
export const DEFAULT_BATCH_ROWS = 32_768;

/**
 * Column views over one batch.
 * @shape every column holds `capacity` entries, the first `rows` of them are valid
 * @units price, size: the instrument's scaled units (integers ≤ 2^53); times: ns from `baseNs`
 * @owns the buffer; after `transfer` of the buffer the views are dead
 */
export interface EventColumns {
  readonly kind: Uint8Array;
  readonly side: Uint8Array;
  readonly code: Uint16Array;
  readonly flags: Uint32Array;
  readonly instrument: Uint32Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  readonly exchangeTime: Float64Array;
  readonly receiveTime: Float64Array;
  readonly sequence: Float64Array;
  readonly ref: Float64Array;
}

export const EVENT_COLUMN_NAMES = [
  'kind',
  'side',
  'code',
  'flags',
  'instrument',
  'price',
  'size',
  'exchangeTime',
  'receiveTime',
  'sequence',
  'ref',
] as const satisfies readonly (keyof EventColumns)[];

const WIDTHS: Record<keyof EventColumns, number> = {
  kind: 1,
  side: 1,
  code: 2,
  flags: 4,
  instrument: 4,
  price: 8,
  size: 8,
  exchangeTime: 8,
  receiveTime: 8,
  sequence: 8,
  ref: 8,
};

/** A batch of events in order. */
export class EventBatch implements EventColumns {
  readonly buffer: ArrayBuffer;
  readonly capacity: number;
  readonly kind: Uint8Array;
  readonly side: Uint8Array;
  readonly code: Uint16Array;
  readonly flags: Uint32Array;
  readonly instrument: Uint32Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  readonly exchangeTime: Float64Array;
  readonly receiveTime: Float64Array;
  readonly sequence: Float64Array;
  readonly ref: Float64Array;
  private readonly header: DataView;

  /** Wraps a buffer made by `allocate`, here or in another thread. Throws when it is not a batch. */
  constructor(buffer: ArrayBuffer) {
    this.buffer = buffer;
    this.header = new DataView(buffer);
    invariant(this.header.getUint32(0, true) === MAGIC, 'buffer is not an EventBatch');
    invariant(this.header.getUint32(4, true) === VERSION, 'EventBatch version differs');
    const capacity = this.header.getUint32(12, true);
    this.capacity = capacity;
    let at = HEADER_BYTES;
    const take = (width: number): number => {
      const start = at;
      at += Math.ceil((capacity * width) / 8) * 8;
      return start;
    };
    this.kind = new Uint8Array(buffer, take(1), capacity);
    this.side = new Uint8Array(buffer, take(1), capacity);
    this.code = new Uint16Array(buffer, take(2), capacity);
    this.flags = new Uint32Array(buffer, take(4), capacity);
    this.instrument = new Uint32Array(buffer, take(4), capacity);
    this.price = new Float64Array(buffer, take(8), capacity);
    this.size = new Float64Array(buffer, take(8), capacity);
    this.exchangeTime = new Float64Array(buffer, take(8), capacity);
    this.receiveTime = new Float64Array(buffer, take(8), capacity);
    this.sequence = new Float64Array(buffer, take(8), capacity);
    this.ref = new Float64Array(buffer, take(8), capacity);
  }

  /** Returns an empty batch with room for `capacity` rows. */
  static allocate(capacity: number, baseNs: bigint): EventBatch {
    let bytes = HEADER_BYTES;
    for (const name of EVENT_COLUMN_NAMES) bytes += Math.ceil((capacity * WIDTHS[name]) / 8) * 8;
    const buffer = new ArrayBuffer(bytes);
    const header = new DataView(buffer);
    header.setUint32(0, MAGIC, true);
    header.setUint32(4, VERSION, true);
    header.setUint32(12, capacity, true);
    header.setBigInt64(16, baseNs, true);
    return new EventBatch(buffer);
  }

  /** Makes the batch as `allocate` gives it, with another base: no rows, every column zero. */
  reset(baseNs: bigint): void {
    new Uint8Array(this.buffer, HEADER_BYTES).fill(0);
    this.header.setUint32(8, 0, true);
    this.header.setBigInt64(16, baseNs, true);
    this.header.setFloat64(24, 0, true);
  }

  get rows(): number {
    return this.header.getUint32(8, true);
  }
  set rows(rows: number) {
    invariant(rows <= this.capacity, 'more rows than capacity');
    this.header.setUint32(8, rows, true);
  }

  /** Base of the time columns, ns UTC. */
  get baseNs(): bigint {
    return this.header.getBigInt64(16, true);
  }

  /** Position in the session of row 0; the rows of a session are numbered 0, 1, 2 … without holes. Set by the book worker. */
  get firstOrdinal(): number {
    return this.header.getFloat64(24, true);
  }
  set firstOrdinal(ordinal: number) {
    this.header.setFloat64(24, ordinal, true);
  }
}

/** Buffers that a writer keeps for later batches, at most: those on their way through a whole pipeline. */
const MAX_SPARE = 32;

/**
 * Fills batches row by row and hands each full one on.
 * Usage in hot loops: `const row = writer.next(); const c = writer.batch; c.kind[row] = …` — every column of a new row is
 * zero, so only what differs is written.
 * @perf allocates nothing per row; one batch per `capacity` rows, none when used buffers come back by `recycle`
 */
export class EventWriter {
  batch: EventBatch;
  readonly capacity: number;
  /** Rows of `batch` that were given out. */
  used = 0;
  private readonly emit: (batch: EventBatch) => void;
  private readonly spare: ArrayBuffer[] = [];
  private baseHi = 0;
  private baseLo = 0;

  constructor(baseNs: bigint, emit: (batch: EventBatch) => void, capacity: number = DEFAULT_BATCH_ROWS) {
    this.capacity = capacity;
    this.emit = emit;
    this.batch = EventBatch.allocate(capacity, baseNs);
    this.splitBase(baseNs);
  }

  get baseNs(): bigint {
    return this.batch.baseNs;
  }

  /** Starts a new base; rows written before keep theirs (they are emitted first). */
  rebase(baseNs: bigint): void {
    this.flush();
    this.batch = this.fresh(baseNs);
    this.splitBase(baseNs);
  }

  /** Takes a buffer of this writer back that nobody reads any more: a later batch is made in it. One of another size is left. */
  recycle(buffer: ArrayBuffer): void {
    if (this.spare.length < MAX_SPARE && buffer.byteLength === this.batch.buffer.byteLength) this.spare.push(buffer);
  }

  /** Returns ns since the epoch, given as two u32 words, as an offset from the base. Exact within ±104 days. */
  offsetFromWords(hi: number, lo: number): number {
    return (hi - this.baseHi) * 4294967296 + (lo - this.baseLo);
  }

  /** Returns ns since the epoch as an offset from the base. Allocates: not for hot loops. */
  offsetFromNs(timeNs: bigint): number {
    return Number(timeNs - this.batch.baseNs);
  }

  /**
   * Gives out rows in one go: a hot loop that wrote the rows from `used` on in `batch` itself says so afterwards.
   * Must not be more than fit in `batch`.
   */
  take(rows: number): void {
    invariant(this.used + rows <= this.capacity, 'more rows taken than fit');
    this.used += rows;
  }

  /** Returns the index of a fresh zeroed row in `batch`; may emit the previous batch first. */
  next(): number {
    if (this.used === this.capacity) this.flush();
    return this.used++;
  }

  /** Emits what is there; the next row opens a new batch. */
  flush(): void {
    if (this.used === 0) return;
    const full = this.batch;
    full.rows = this.used;
    this.batch = this.fresh(full.baseNs);
    this.used = 0;
    this.emit(full);
  }

  private fresh(baseNs: bigint): EventBatch {
    const buffer = this.spare.pop();
    if (buffer === undefined) return EventBatch.allocate(this.capacity, baseNs);
    const batch = new EventBatch(buffer);
    batch.reset(baseNs);
    return batch;
  }

  private splitBase(baseNs: bigint): void {
    this.baseHi = Number(baseNs >> 32n);
    this.baseLo = Number(baseNs & 0xffff_ffffn);
  }
}
