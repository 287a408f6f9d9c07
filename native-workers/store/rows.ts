/**
 * Turns stored rows back into EventBatch rows, exactly: typed arrays of DuckDB vectors in, units and offsets out.
 * Must not know which rows are read or why.
 */
import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { EventBatch } from '../../core/model/index.ts';
import { type Factors, isCount } from './columns.ts';
import { integerAt, offsetAt, scaledAt, type SplitBase } from './words.ts';

/** Bytes per value of the stored columns, in storage order. */
const WIDTHS = [8, 1, 1, 2, 4, 4, 8, 8, 8, 8, 8, 8] as const;

/** Integers below this are exact in a double: amounts, and offsets from the base in ns. */
const EXACT = 9007199254740992;
const TWO32 = 4294967296;

/** Where rows are written. */
export interface RowTarget {
  readonly batch: EventBatch;
  readonly base: SplitBase;
  readonly factors: Factors;
}

/** Column views over one DuckDB chunk that holds exactly the stored columns in order. Valid until the chunk is gone. */
export class StoredRows {
  readonly rows: number;
  readonly ordinal: Int32Array;
  private readonly kind: Uint8Array;
  private readonly side: Uint8Array;
  private readonly code: Uint16Array;
  private readonly flags: Uint32Array;
  private readonly instrument: Uint32Array;
  private readonly price: Int32Array;
  private readonly size: Int32Array;
  private readonly exchangeTime: Int32Array;
  private readonly receiveTime: Int32Array;
  private readonly sequence: Int32Array;
  private readonly ref: Int32Array;

  constructor(chunk: DuckDBDataChunk) {
    this.rows = chunk.rowCount;
    const at = WIDTHS.map((width, column) =>
      aligned(duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, column), this.rows * width), width),
    );
    const words = (column: number): Int32Array => new Int32Array(at[column].buffer, at[column].byteOffset, 2 * this.rows);
    this.ordinal = words(0);
    this.kind = at[1];
    this.side = at[2];
    this.code = new Uint16Array(at[3].buffer, at[3].byteOffset, this.rows);
    this.flags = new Uint32Array(at[4].buffer, at[4].byteOffset, this.rows);
    this.instrument = new Uint32Array(at[5].buffer, at[5].byteOffset, this.rows);
    this.price = words(6);
    this.size = words(7);
    this.exchangeTime = words(8);
    this.receiveTime = words(9);
    this.sequence = words(10);
    this.ref = words(11);
  }

  /**
   * Writes stored row `from` as row `to` of a batch; returns false when one of its times is too far from the base to be an
   * exact offset.
   */
  put(from: number, to: number, { batch, base, factors }: RowTarget): boolean {
    const kind = this.kind[from];
    const code = this.code[from];
    const instrument = this.instrument[from];
    batch.kind[to] = kind;
    batch.side[to] = this.side[from];
    batch.code[to] = code;
    batch.flags[to] = this.flags[from];
    batch.instrument[to] = instrument;
    const count = isCount(kind, code, instrument);
    batch.price[to] = scaledAt(this.price, from, count ? 1 : factors.priceOf(instrument));
    batch.size[to] = scaledAt(this.size, from, count ? 1 : factors.sizeOf(instrument));
    batch.sequence[to] = integerAt(this.sequence, from);
    batch.ref[to] = integerAt(this.ref, from);
    const exchange = offsetAt(this.exchangeTime, from, base);
    const receive = offsetAt(this.receiveTime, from, base);
    batch.exchangeTime[to] = exchange;
    batch.receiveTime[to] = receive;
    return exchange > -EXACT && exchange < EXACT && receive > -EXACT && receive < EXACT;
  }

  /** Returns how many rows from `row` on, `most` at most, have ordinals that follow one another. */
  runFrom(row: number, most: number): number {
    const { ordinal } = this;
    const end = Math.min(this.rows, row + most);
    let next = row + 1;
    // A low word that comes round to 0 ends the run: the next one begins there.
    while (next < end && ordinal[2 * next] === ordinal[2 * next - 2] + 1 && ordinal[2 * next + 1] === ordinal[2 * next - 1]) next++;
    return next - row;
  }

  /**
   * Writes `rows` stored rows column by column, as `put` would one by one; returns false, with the batch's rows undefined, when
   * that cannot be done: counts or several scales among them, or a number or time beyond the exact range.
   */
  putRun(from: number, to: number, rows: number, { batch, base, factors }: RowTarget): boolean {
    const first = this.instrument[from];
    const price = factors.priceOf(first);
    const size = factors.sizeOf(first);
    const end = from + rows;
    if (price === 0 || size === 0) return false;
    for (let row = from; row < end; row++) {
      if (this.instrument[row] !== first || isCount(this.kind[row], this.code[row], first)) return false;
    }
    batch.kind.set(this.kind.subarray(from, end), to);
    batch.side.set(this.side.subarray(from, end), to);
    batch.code.set(this.code.subarray(from, end), to);
    batch.flags.set(this.flags.subarray(from, end), to);
    batch.instrument.fill(first, to, to + rows);
    return (
      quotients(this.price, batch.price, { from, to, rows, divisor: price }) &&
      quotients(this.size, batch.size, { from, to, rows, divisor: size }) &&
      quotients(this.sequence, batch.sequence, { from, to, rows, divisor: 1 }) &&
      quotients(this.ref, batch.ref, { from, to, rows, divisor: 1 }) &&
      offsets(this.exchangeTime, batch.exchangeTime, { from, to, rows, base }) &&
      offsets(this.receiveTime, batch.receiveTime, { from, to, rows, base })
    );
  }

  /** Returns both times of a row, ns since the epoch. Allocates. */
  timesNs(row: number): { exchange: bigint; receive: bigint } {
    return { exchange: wordsToBigInt(this.exchangeTime, row), receive: wordsToBigInt(this.receiveTime, row) };
  }
}

interface RunSpan {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

function quotients(words: Int32Array, out: Float64Array, { from, to, rows, divisor }: RunSpan & { readonly divisor: number }): boolean {
  for (let row = 0, at = 2 * from; row < rows; row++, at += 2) {
    const value = words[at + 1] * TWO32 + (words[at] >>> 0);
    if (value >= EXACT || value <= -EXACT) return false;
    out[to + row] = value / divisor;
  }
  return true;
}

function offsets(words: Int32Array, out: Float64Array, { from, to, rows, base }: RunSpan & { readonly base: SplitBase }): boolean {
  const { hi, lo } = base;
  for (let row = 0, at = 2 * from; row < rows; row++, at += 2) {
    const value = (words[at + 1] - hi) * TWO32 + ((words[at] >>> 0) - lo);
    if (value >= EXACT || value <= -EXACT) return false;
    out[to + row] = value;
  }
  return true;
}

function wordsToBigInt(words: Int32Array, row: number): bigint {
  return BigInt(words[2 * row + 1]) * 4294967296n + BigInt(words[2 * row] >>> 0);
}

function aligned(bytes: Uint8Array, width: number): Uint8Array {
  return bytes.byteOffset % Math.min(width, 4) === 0 ? bytes : new Uint8Array(bytes);
}
