/**
 * Puts rows of a batch into the appender of their stream: long runs column by column, the rest row by row, with the same
 * result. Refuses what a recording cannot hold. Must not know ports or files.
 */
import { DepthscopeError } from '../../core/contract/index.ts';
import { EventBatch, type Instrument } from '../../core/model/index.ts';
import { type StreamAppender, VECTOR_ROWS } from './appender.ts';
import { Factors, isCount } from './columns.ts';
import { putCountSpan, putIntegerSpan, putScaledSpan, putTimeSpan, type Span } from './word-columns.ts';
import { putInteger, putScaled, putTime, type SplitBase, splitBase } from './words.ts';

/** Runs shorter than this are cheaper row by row. */
const LEAST_RUN = 32;

/** Writes the rows of one batch after another. @perf allocates per run of rows, not per row */
export class RowWriter {
  private readonly factors = new Factors();
  private batch: EventBatch = EventBatch.allocate(0, 0n);
  private base: SplitBase = { hi: 0, lo: 0 };
  private readonly span: Span = { from: 0, rows: 0, at: 0 };

  /** Makes instruments known: rows of others are refused. */
  define(instruments: readonly Instrument[]): void {
    this.factors.add(instruments);
  }

  /** The rows that follow are of this batch. */
  begin(batch: EventBatch): void {
    this.batch = batch;
    this.base = splitBase(batch.baseNs);
  }

  /** Appends rows [from, to), all of one stream; the ordinal of the batch's row 0 is given. */
  putRun(from: number, to: number, firstOrdinal: number, appender: StreamAppender): void {
    const { span } = this;
    for (let row = from; row < to; ) {
      span.from = row;
      span.at = appender.row;
      span.rows = Math.min(to - row, VECTOR_ROWS - appender.row);
      const end = row + span.rows;
      if (span.rows >= LEAST_RUN && this.putColumns(firstOrdinal + row, appender)) appender.commit(span.rows);
      else for (; row < end; row++) this.put(row, firstOrdinal + row, appender);
      row = end;
    }
  }

  /** Appends one row. Throws when it cannot be stored. */
  put(row: number, ordinal: number, to: StreamAppender): void {
    const { batch, base } = this;
    const at = to.row;
    const kind = batch.kind[row];
    const code = batch.code[row];
    const instrument = batch.instrument[row];
    to.kind[at] = kind;
    to.side[at] = batch.side[row];
    to.code[at] = code;
    to.flags[at] = batch.flags[row];
    to.instrument[at] = instrument;
    const count = isCount(kind, code, instrument);
    const priceFactor = count ? 1 : this.factors.priceOf(instrument);
    const sizeFactor = count ? 1 : this.factors.sizeOf(instrument);
    const stored =
      priceFactor !== 0 &&
      sizeFactor !== 0 &&
      putInteger(ordinal, to.ordinal.words, at) &&
      putScaled(batch.price[row], priceFactor, to.price.words, at) &&
      putScaled(batch.size[row], sizeFactor, to.size.words, at) &&
      putTime(batch.exchangeTime[row], base, to.exchangeTime.words, at) &&
      putTime(batch.receiveTime[row], base, to.receiveTime.words, at) &&
      putInteger(batch.sequence[row], to.sequence.words, at) &&
      putInteger(batch.ref[row], to.ref.words, at);
    if (!stored) throw rowTrouble(batch, row, ordinal, priceFactor === 0 || sizeFactor === 0);
    to.commit();
  }

  /** Writes the span's rows column by column; false when they have no factors in common or one cannot be stored. */
  private putColumns(ordinal: number, to: StreamAppender): boolean {
    const { batch, base, span } = this;
    const { from, at } = span;
    const end = from + span.rows;
    const priceFactor = this.factors.priceOf(batch.instrument[from]);
    const sizeFactor = this.factors.sizeOf(batch.instrument[from]);
    if (priceFactor === 0 || sizeFactor === 0 || !this.haveFactors(priceFactor, sizeFactor)) return false;
    to.kind.set(batch.kind.subarray(from, end), at);
    to.side.set(batch.side.subarray(from, end), at);
    to.code.set(batch.code.subarray(from, end), at);
    to.flags.set(batch.flags.subarray(from, end), at);
    to.instrument.set(batch.instrument.subarray(from, end), at);
    putCountSpan(ordinal, to.ordinal, span);
    return (
      putScaledSpan(batch.price, priceFactor, to.price, span) &&
      putScaledSpan(batch.size, sizeFactor, to.size, span) &&
      putTimeSpan(batch.exchangeTime, base, to.exchangeTime, span) &&
      putTimeSpan(batch.receiveTime, base, to.receiveTime, span) &&
      putIntegerSpan(batch.sequence, to.sequence, span) &&
      putIntegerSpan(batch.ref, to.ref, span)
    );
  }

  /** Returns whether every row of the span holds amounts, no counts, with these factors. */
  private haveFactors(priceFactor: number, sizeFactor: number): boolean {
    const { factors, span } = this;
    const { kind, code, instrument } = this.batch;
    const end = span.from + span.rows;
    let last = -1;
    for (let row = span.from; row < end; row++) {
      const one = instrument[row];
      if (isCount(kind[row], code[row], one)) return false;
      if (one === last) continue;
      if (factors.priceOf(one) !== priceFactor || factors.sizeOf(one) !== sizeFactor) return false;
      last = one;
    }
    return true;
  }
}

function rowTrouble(batch: EventBatch, row: number, ordinal: number, unknown: boolean): DepthscopeError {
  const instrument = batch.instrument[row];
  if (unknown) {
    return new DepthscopeError(
      'store.unknown-instrument',
      `Row ${ordinal} names instrument ${instrument}, which was not defined or has more than nine decimals.`,
    );
  }
  const values = `price ${batch.price[row]}, size ${batch.size[row]}, sequence ${batch.sequence[row]}, ref ${batch.ref[row]}`;
  return new DepthscopeError(
    'store.out-of-range',
    `Row ${ordinal} holds a value that a recording cannot hold (a price or size takes 9 digits before the point and 9 after it): ${values}.`,
    { context: { ordinal, instrument } },
  );
}
