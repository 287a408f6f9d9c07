/**
 * Instrument ids of symbols. A name of eight ASCII bytes is two u32 words; the table is open-addressed on them, so a message
 * makes no string. Must not know messages.
 */
import type { BookKind, DecoderContext, Instrument } from '../../model/index.ts';

/** Digits of the feed's prices: 1/10000 dollar. */
const PRICE_SCALE = 4;

/** Numbers the instruments of a session, over all its feeds. */
export class InstrumentCounter {
  next = 0;
}

/** The symbols of one kind of book; the same name in another kind is another instrument. */
export class SymbolTable {
  private readonly context: DecoderContext;
  private readonly bookKind: BookKind;
  private readonly counter: InstrumentCounter;
  private mask = 16_383;
  private low = new Uint32Array(16_384);
  private high = new Uint32Array(16_384);
  /** Instrument id + 1; 0 = free. */
  private ids = new Int32Array(16_384);
  private used = 0;

  constructor(context: DecoderContext, bookKind: BookKind, counter: InstrumentCounter) {
    this.context = context;
    this.bookKind = bookKind;
    this.counter = counter;
  }

  /** Returns the instrument id of a name given as two little-endian words; defines the instrument at its first sight. */
  idOf(low: number, high: number): number {
    let slot = hash(low, high) & this.mask;
    for (;;) {
      const id = this.ids[slot] as number;
      if (id === 0) return this.add(slot, low, high);
      if (this.low[slot] === low && this.high[slot] === high) return id - 1;
      slot = (slot + 1) & this.mask;
    }
  }

  /** Returns the instrument id of a name that was met before, −1 otherwise. */
  find(low: number, high: number): number {
    const { ids, mask } = this;
    for (let slot = hash(low, high) & mask; ; slot = (slot + 1) & mask) {
      const id = ids[slot] as number;
      if (id === 0 || (this.low[slot] === low && this.high[slot] === high)) return id - 1;
    }
  }

  private add(slot: number, low: number, high: number): number {
    const id = this.counter.next++;
    this.low[slot] = low;
    this.high[slot] = high;
    this.ids[slot] = id + 1;
    this.used++;
    if (this.used * 2 > this.mask) this.grow();
    const symbol = nameFromWords(low, high);
    const instrument: Instrument = {
      id, venue: 'iex', symbol, canonicalSymbol: symbol, assetClass: 'equity', priceScale: PRICE_SCALE, sizeScale: 0,
      tickUnits: null, priceText: 'fixed', bookKind: this.bookKind, synthetic: false,
    };
    this.context.defineInstrument(instrument);
    return id;
  }

  private grow(): void {
    const { low, high, ids } = this;
    const size = ids.length * 2;
    this.mask = size - 1;
    this.low = new Uint32Array(size);
    this.high = new Uint32Array(size);
    this.ids = new Int32Array(size);
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] === 0) continue;
      let slot = hash(low[i] as number, high[i] as number) & this.mask;
      while (this.ids[slot] !== 0) slot = (slot + 1) & this.mask;
      this.low[slot] = low[i] as number;
      this.high[slot] = high[i] as number;
      this.ids[slot] = ids[i] as number;
    }
  }
}

function hash(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** Returns the name without its padding; bytes that are not printable ASCII are written as \xNN. */
export function nameFromWords(low: number, high: number): string {
  let name = '';
  for (let i = 0; i < 8; i++) {
    const byte = ((i < 4 ? low : high) >>> ((i & 3) * 8)) & 0xff;
    name += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return name.trimEnd();
}
