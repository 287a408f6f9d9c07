/**
 * stateHash: one number that says whether two sessions hold the same rows, whatever their batches. One SHA-256 runs per
 * column over all source rows in ordinal order, little-endian; the result is the SHA-256 of the eleven digests and the
 * two final hashes. Must not know books or threads.
 */
import type { EventBatch } from '../model/index.ts';
import type { Hasher, HasherFactory } from '../util/index.ts';
import { utf8 } from './text.ts';

const CHUNK_ROWS = 8192;
const WORD = 4294967296;

/**
 * Hashes source rows as they pass.
 * @invariant the digest depends on the rows and their order only, not on how they lie in batches: times are absolute
 * and −0 counts as 0
 * @perf no BigInt and no allocation per row
 */
export class StateHasher {
  private readonly newHasher: HasherFactory;
  private readonly columns: readonly Hasher[];
  private readonly doubles = new Float64Array(CHUNK_ROWS);
  private readonly words = new Uint32Array(2 * CHUNK_ROWS);

  constructor(newHasher: HasherFactory) {
    this.newHasher = newHasher;
    this.columns = Array.from({ length: 11 }, newHasher);
  }

  /** Takes rows [fromRow, toRow) after aggressor inference; they must all be source rows. */
  update(batch: EventBatch, fromRow: number, toRow: number): void {
    const [kind, side, code, flags, instrument, price, size, exchange, receive, sequence, ref] = this.columns;
    const base = batch.baseNs;
    for (let from = fromRow; from < toRow; from += CHUNK_ROWS) {
      const to = Math.min(toRow, from + CHUNK_ROWS);
      kind.update(batch.kind.subarray(from, to));
      side.update(batch.side.subarray(from, to));
      code.update(bytesOf(batch.code.subarray(from, to)));
      flags.update(bytesOf(batch.flags.subarray(from, to)));
      instrument.update(bytesOf(batch.instrument.subarray(from, to)));
      price.update(this.plain(batch.price, from, to));
      size.update(this.plain(batch.size, from, to));
      exchange.update(this.absolute(batch.exchangeTime, from, to, base));
      receive.update(this.absolute(batch.receiveTime, from, to, base));
      sequence.update(this.plain(batch.sequence, from, to));
      ref.update(this.plain(batch.ref, from, to));
    }
  }

  /** Returns the stateHash; the hasher may not be used afterwards. */
  digestHex(finalBooks: string | null, finalQuotes: string | null): string {
    const parts = [...this.columns.map((column) => column.digestHex()), finalBooks ?? '-', finalQuotes ?? '-'];
    const whole = this.newHasher();
    whole.update(utf8(parts.join('\n')));
    return whole.digestHex();
  }

  private plain(column: Float64Array, from: number, to: number): Uint8Array {
    const out = this.doubles;
    for (let i = from; i < to; i++) out[i - from] = column[i] + 0;
    return bytesOf(out.subarray(0, to - from));
  }

  private absolute(offsets: Float64Array, from: number, to: number, baseNs: bigint): Uint8Array {
    const out = this.words;
    const baseHigh = Number(baseNs >> 32n);
    const baseLow = Number(baseNs & 0xffff_ffffn);
    for (let i = from, o = 0; i < to; i++, o += 2) {
      const low = offsets[i] + baseLow;
      const carry = Math.floor(low / WORD);
      out[o] = low - carry * WORD;
      out[o + 1] = baseHigh + carry;
    }
    return bytesOf(out.subarray(0, 2 * (to - from)));
  }
}

function bytesOf(view: Float64Array | Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
