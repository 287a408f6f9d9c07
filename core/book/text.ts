/**
 * Final books and quotes as lines of text and their SHA-256: the form in which two rebuilds of the same session are
 * compared. Must not know how books are built.
 */
import { Side, type Instrument } from '../model/index.ts';
import { canonicalFromUnits, fixedFromUnits } from '../units/index.ts';
import type { HasherFactory } from '../util/index.ts';
import type { BookSet } from './book-set.ts';

/**
 * Returns the SHA-256 of the lines `SYMBOL,B|S,price,size` of all books of levels and orders: symbols ascending by code
 * unit, bids from high to low, then asks from low to high. Null when the session has no such instrument.
 */
export function finalBooksSha256(books: BookSet, newHasher: HasherFactory): string | null {
  const depth = books.books().filter((book) => book.instrument.bookKind !== 'quotes');
  if (depth.length === 0) return null;
  const lines = new LineHasher(newHasher);
  for (const book of depth.sort((a, b) => bySymbol(a.instrument, b.instrument))) {
    const { instrument } = book;
    for (const side of [Side.bid, Side.ask]) {
      const count = book.levelCount(side);
      const pairs = new Float64Array(2 * count);
      book.copyLevels(side, count, pairs);
      const letter = side === Side.bid ? 'B' : 'S';
      for (let i = 0; i < count; i++) {
        const size = canonicalFromUnits(pairs[2 * i + 1], instrument.sizeScale);
        lines.add(`${instrument.symbol},${letter},${priceText(pairs[2 * i], instrument)},${size}`);
      }
    }
  }
  return lines.digestHex();
}

/**
 * Returns the SHA-256 of the lines `SYMBOL,bidSize,bid,ask,askSize` of every quotes instrument that was quoted at least
 * once, symbols ascending by code unit. Null when the session has no quotes instrument.
 */
export function finalQuotesSha256(books: BookSet, newHasher: HasherFactory): string | null {
  const quoted = books
    .books()
    .map((book) => book.instrument)
    .filter((instrument) => instrument.bookKind === 'quotes');
  if (quoted.length === 0) return null;
  const lines = new LineHasher(newHasher);
  for (const instrument of quoted.sort(bySymbol)) {
    const quote = books.lastQuote(instrument.id);
    if (quote === null) continue;
    const [bidSize, bid, ask, askSize] = quote;
    const sizes = [bidSize, askSize].map((size) => canonicalFromUnits(size, instrument.sizeScale));
    lines.add(`${instrument.symbol},${sizes[0]},${priceText(bid, instrument)},${priceText(ask, instrument)},${sizes[1]}`);
  }
  return lines.digestHex();
}

function priceText(units: number, instrument: Instrument): string {
  return instrument.priceText === 'fixed' ? fixedFromUnits(units, instrument.priceScale) : canonicalFromUnits(units, instrument.priceScale);
}

function bySymbol(a: Instrument, b: Instrument): number {
  return a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0;
}

const PENDING_LINES = 4096;

/** Hashes lines joined by a newline, in pieces, so that a large session needs no large string. */
class LineHasher {
  private readonly hasher;
  private pending: string[] = [];
  private first = true;

  constructor(newHasher: HasherFactory) {
    this.hasher = newHasher();
  }

  add(line: string): void {
    this.pending.push(line);
    if (this.pending.length === PENDING_LINES) this.flush();
  }

  digestHex(): string {
    this.flush();
    return this.hasher.digestHex();
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    this.hasher.update(utf8((this.first ? '' : '\n') + this.pending.join('\n')));
    this.first = false;
    this.pending = [];
  }
}

/** Returns the text as UTF-8. */
export function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  const bytes = new Uint8Array(escaped.length);
  let n = 0;
  for (let i = 0; i < escaped.length; i++, n++) {
    if (escaped.charCodeAt(i) !== 37) {
      bytes[n] = escaped.charCodeAt(i);
      continue;
    }
    bytes[n] = Number.parseInt(escaped.slice(i + 1, i + 3), 16);
    i += 2;
  }
  return bytes.subarray(0, n);
}
