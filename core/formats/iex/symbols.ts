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
  private used = 0;
  /** Instrument id + 1 by hash, 0 = free. At most a quarter is used: two looks then find nearly every name. */
  slots = new Uint32Array(32_768);
  /** Names by instrument id, as two words. */
  names = new Uint32Array(2 * 8_192);

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

  private find(low: number, high: number): number {
    const { slots, names } = this;
    const mask = slots.length - 1;
    for (let slot = hashOf(low, high) & mask; ; slot = (slot + 1) & mask) {
      const id = (slots[slot] as number) - 1;
      if (id < 0 || (names[2 * id] === low && names[2 * id + 1] === high)) return id;
    }
  }

  private add(low: number, high: number): number {
    const id = this.counter.next++;
    this.used++;
    if (this.used * 4 > this.slots.length) this.grow();
    this.put(low, high, id);
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
    if (2 * id + 1 >= this.names.length) {
      const names = new Uint32Array(Math.max(2 * id + 2, this.names.length * 2));
      names.set(this.names);
      this.names = names;
    }
    this.names[2 * id] = low;
    this.names[2 * id + 1] = high;
    this.occupy(id);
  }

  private occupy(id: number): void {
    const { slots, names } = this;
    const mask = slots.length - 1;
    let slot = hashOf(names[2 * id] as number, names[2 * id + 1] as number) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id + 1;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    for (const id of old) if (id !== 0) this.occupy(id - 1);
  }
}

/** Returns the hash of a name: its slot is the low bits, or a slot after that. */
function hashOf(low: number, high: number): number {
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
