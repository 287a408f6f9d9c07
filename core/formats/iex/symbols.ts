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
  /** Four words a slot, so that a look-up touches one cache line: name low, name high, instrument id + 1 (0 = free), unused. */
  private slots = new Uint32Array(16_384 * 4);
  private used = 0;

  constructor(context: DecoderContext, bookKind: BookKind, counter: InstrumentCounter) {
    this.context = context;
    this.bookKind = bookKind;
    this.counter = counter;
  }

  /** Returns the instrument id of a name given as two little-endian words; defines the instrument at its first sight. */
  idOf(low: number, high: number): number {
    const id = this.find(low, high);
    return id >= 0 ? id : this.add(low, high);
  }

  /** Returns the instrument id of a name that was met before, −1 otherwise. */
  find(low: number, high: number): number {
    const { slots, mask } = this;
    for (let slot = hash(low, high) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 4;
      const id = slots[at + 2] as number;
      if (id === 0 || (slots[at] === low && slots[at + 1] === high)) return id - 1;
    }
  }

  private add(low: number, high: number): number {
    const id = this.counter.next++;
    this.used++;
    if (this.used * 2 > this.mask) this.grow();
    this.put(low, high, id + 1);
    const symbol = nameFromWords(low, high);
    const instrument: Instrument = {
      id,
      venue: 'iex',
      symbol,
      canonicalSymbol: symbol,
      assetClass: 'equity',
      priceScale: PRICE_SCALE,
      sizeScale: 0,
      tickUnits: null,
      priceText: 'fixed',
      bookKind: this.bookKind,
      synthetic: false,
    };
    this.context.defineInstrument(instrument);
    return id;
  }

  private put(low: number, high: number, id: number): void {
    let slot = hash(low, high) & this.mask;
    while (this.slots[slot * 4 + 2] !== 0) slot = (slot + 1) & this.mask;
    this.slots[slot * 4] = low;
    this.slots[slot * 4 + 1] = high;
    this.slots[slot * 4 + 2] = id;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    this.mask = this.slots.length / 4 - 1;
    for (let at = 0; at < old.length; at += 4) {
      const id = old[at + 2] as number;
      if (id !== 0) this.put(old[at] as number, old[at + 1] as number, id);
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
