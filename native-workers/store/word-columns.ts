/**
 * Whole columns of doubles as 64-bit integers: the bulk form of words.ts, one addition a value instead of divisions.
 * Adding 1.5 × 2^52 to an integer below 2^51 leaves that integer in the low bits of the double, so its words are read off
 * the double itself. Values that this does not fit go through words.ts one by one. Must not know what a column means.
 */
import { putInteger, putScaled, putTime, type SplitBase } from './words.ts';

const MAGIC = 6755399441055744;
/** High word of MAGIC. */
const MAGIC_HI = 0x43380000;
const LIMIT = 2251799813685248;
const TWO32 = 4294967296;

/** A column of 64-bit integers: as pairs of words, and the same memory as doubles. */
export interface WordColumn {
  readonly words: Int32Array<ArrayBuffer>;
  readonly doubles: Float64Array<ArrayBuffer>;
}

/** Which values are written where. */
export interface Span {
  /** Index of the first value. */
  from: number;
  rows: number;
  /** Row of the column that takes it. */
  at: number;
}

/** Returns a column with room for `rows` values. */
export function wordColumn(rows: number): WordColumn {
  const doubles = new Float64Array(rows);
  return { words: new Int32Array(doubles.buffer), doubles };
}

/** Stores value × factor of each; returns false as soon as one cannot be stored (see putScaled). */
export function putScaledSpan(values: Float64Array, factor: number, column: WordColumn, span: Span): boolean {
  const { words, doubles } = column;
  const end = span.from + span.rows;
  for (let from = span.from, at = span.at; from < end; from++, at++) {
    const value = values[from];
    const product = value * factor;
    if (product > -LIMIT && product < LIMIT && value + MAGIC - MAGIC === value) {
      doubles[at] = product + MAGIC;
      words[2 * at + 1] -= MAGIC_HI;
    } else if (!putScaled(value, factor, words, at)) return false;
  }
  return true;
}

/** Stores each value; returns false as soon as one cannot be stored (see putInteger). */
export function putIntegerSpan(values: Float64Array, column: WordColumn, span: Span): boolean {
  const { words, doubles } = column;
  const end = span.from + span.rows;
  for (let from = span.from, at = span.at; from < end; from++, at++) {
    const value = values[from];
    if (value > -LIMIT && value < LIMIT && value + MAGIC - MAGIC === value) {
      doubles[at] = value + MAGIC;
      words[2 * at + 1] -= MAGIC_HI;
    } else if (!putInteger(value, words, at)) return false;
  }
  return true;
}

/** Stores base + each offset (ns); returns false as soon as one cannot be stored (see putTime). */
export function putTimeSpan(offsets: Float64Array, base: SplitBase, column: WordColumn, span: Span): boolean {
  const { words, doubles } = column;
  // Half the limit leaves room for the low word of the base; the sum of the high words stays a long way from overflow.
  const limit = base.hi > -0x7ff00000 && base.hi < 0x7ff00000 ? LIMIT / 2 : 0;
  const shift = base.lo + MAGIC;
  const high = base.hi - MAGIC_HI;
  const end = span.from + span.rows;
  for (let from = span.from, at = span.at; from < end; from++, at++) {
    const offset = offsets[from];
    if (offset > -limit && offset < limit && offset + MAGIC - MAGIC === offset) {
      doubles[at] = offset + shift;
      words[2 * at + 1] += high;
    } else if (!putTime(offset, base, words, at)) return false;
  }
  return true;
}

/** Stores first, first + 1, … */
export function putCountSpan(first: number, { words }: WordColumn, { at, rows }: Span): void {
  let hi = Math.floor(first / TWO32);
  let lo = first - hi * TWO32;
  for (let row = at; row < at + rows; row++) {
    words[2 * row] = lo;
    words[2 * row + 1] = hi;
    if (++lo === TWO32) {
      lo = 0;
      hi++;
    }
  }
}
