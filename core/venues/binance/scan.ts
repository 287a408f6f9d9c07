/**
 * The quick way from bytes to BinanceMessage for the five busy channels, in the exact key order that Binance writes. Every
 * byte is checked; on any surprise (other order, blank, escape, long number, unknown key) it returns −1 and the JSON reader
 * takes the message from its first byte. Must leave exactly what the JSON reader leaves, or return −1.
 */
import { POW10 } from '../../units/index.ts';
import type { BinanceMessage } from './message.ts';
import type { NumberScale } from './scales.ts';

/** Fills `out` from `bytes[start, end)`; returns 0, or −1 when the JSON reader must be asked (`out` is then in no defined state). */
export type Scanner = (bytes: Uint8Array, start: number, end: number, out: BinanceMessage) => number;

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

const STREAM = ascii('{"stream":"');
const DATA = ascii('","data":');
const DEPTH = ascii('{"e":"depthUpdate","E":');
const TRADE = ascii('{"e":"trade","E":');
const AGG_TRADE = ascii('{"e":"aggTrade","E":');
const TICKER = ascii('{"e":"bookTicker","u":');
const BARE_TICKER = ascii('{"u":');
const TICKER_LATE = ascii(',"e":"bookTicker"');
const K_T = ascii(',"T":');
const K_E = ascii(',"E":');
const K_SYMBOL = ascii(',"s":"');
const K_PAIR = ascii(',"ps":"');
const K_FIRST = ascii(',"U":');
const K_LAST = ascii(',"u":');
const K_PREVIOUS = ascii(',"pu":');
const K_BIDS = ascii(',"b":[');
const K_ASKS = ascii('],"a":[');
const K_TRADE_ID = ascii(',"t":');
const K_AGG_ID = ascii(',"a":');
const K_PRICE = ascii(',"p":"');
const K_SIZE = ascii('","q":"');
const K_FIRST_TRADE = ascii(',"f":');
const K_LAST_TRADE = ascii(',"l":');
const K_MAKER = ascii(',"m":');
const K_IGNORE = ascii(',"M":');
const K_BID = ascii(',"b":"');
const K_BID_SIZE = ascii('","B":"');
const K_ASK = ascii('","a":"');
const K_ASK_SIZE = ascii('","A":"');
const MARKET = ascii('","X":"MARKET","m":');
const TRUE = ascii('true');
const FALSE = ascii('false');

/** Creates a scanner; it keeps the symbols it has met so that a known symbol costs no new string. */
export function createScanner(): Scanner {
  const scan = new Scan();
  return (bytes, start, end, out) => (scan.run(bytes, start, end, out) ? 0 : -1);
}

class Scan {
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private end = 0;
  private failed = false;
  private readonly symbols = new Map<number, { readonly text: string; readonly bytes: Uint8Array }>();

  run(bytes: Uint8Array, start: number, end: number, out: BinanceMessage): boolean {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.failed = false;
    out.reset();
    const framed = this.has(STREAM);
    if (framed) {
      this.plain();
      this.need(DATA);
    }
    if (this.has(DEPTH)) this.depth(out);
    else if (this.has(TRADE)) this.trade(out);
    else if (this.has(AGG_TRADE)) this.aggTrade(out);
    else if (this.has(TICKER)) this.ticker(out, true);
    else if (this.has(BARE_TICKER)) this.ticker(out, false);
    else return false;
    this.byte(125);
    if (framed) this.byte(125);
    return !this.failed && this.at === end;
  }

  private depth(out: BinanceMessage): void {
    out.type = 'depthUpdate';
    out.countedAs = 'depthUpdate';
    out.eventTime = this.integer();
    if (this.has(K_T)) this.integer();
    this.need(K_SYMBOL);
    out.setSymbol(this.symbol());
    this.pair();
    this.need(K_FIRST);
    out.firstId = this.integer();
    this.need(K_LAST);
    out.lastId = this.integer();
    if (this.has(K_PREVIOUS)) out.previousId = this.integer();
    this.need(K_BIDS);
    out.bids = this.levels(out, 0);
    this.need(K_ASKS);
    out.asks = this.levels(out, out.bids);
    this.byte(93);
  }

  private trade(out: BinanceMessage): void {
    out.type = 'trade';
    out.countedAs = 'trade';
    out.eventTime = this.integer();
    const futures = this.has(K_T);
    if (futures) out.tradeTime = this.integer();
    this.need(K_SYMBOL);
    out.setSymbol(this.symbol());
    this.need(K_TRADE_ID);
    out.tradeId = this.integer();
    this.need(K_PRICE);
    out.price = this.decimal(out.scales.price);
    this.need(K_SIZE);
    out.size = this.decimal(out.scales.size);
    if (futures) {
      this.need(MARKET);
    } else {
      this.byte(34);
      this.need(K_T);
      out.tradeTime = this.integer();
      this.need(K_MAKER);
    }
    out.buyerIsMaker = this.boolean();
    if (this.has(K_IGNORE)) this.boolean();
  }

  private aggTrade(out: BinanceMessage): void {
    out.type = 'aggTrade';
    out.countedAs = 'aggTrade';
    out.eventTime = this.integer();
    const idFirst = this.has(K_AGG_ID);
    if (idFirst) out.tradeId = this.integer();
    this.need(K_SYMBOL);
    out.setSymbol(this.symbol());
    if (!idFirst) {
      this.need(K_AGG_ID);
      out.tradeId = this.integer();
    }
    this.need(K_PRICE);
    out.price = this.decimal(out.scales.price);
    this.need(K_SIZE);
    out.size = this.decimal(out.scales.size);
    this.byte(34);
    this.need(K_FIRST_TRADE);
    this.integer();
    this.need(K_LAST_TRADE);
    this.integer();
    this.need(K_T);
    out.tradeTime = this.integer();
    this.need(K_MAKER);
    out.buyerIsMaker = this.boolean();
    if (this.has(K_IGNORE)) this.boolean();
  }

  private ticker(out: BinanceMessage, named: boolean): void {
    out.type = 'bookTicker';
    out.countedAs = 'bookTicker';
    out.lastId = this.integer();
    const futures = named || this.has(TICKER_LATE);
    this.need(K_SYMBOL);
    out.setSymbol(this.symbol());
    this.pair();
    this.need(K_BID);
    out.bidPrice = this.decimal(out.scales.price);
    this.need(K_BID_SIZE);
    out.bidSize = this.decimal(out.scales.size);
    this.need(K_ASK);
    out.askPrice = this.decimal(out.scales.price);
    this.need(K_ASK_SIZE);
    out.askSize = this.decimal(out.scales.size);
    this.byte(34);
    if (!futures) return;
    this.need(K_T);
    this.integer();
    this.need(K_E);
    out.eventTime = this.integer();
  }

  private pair(): void {
    if (!this.has(K_PAIR)) return;
    this.plain();
    this.byte(34);
  }

  /** Reads `["price","size"],…` up to the closing bracket, which stays. Returns how many. */
  private levels(out: BinanceMessage, before: number): number {
    const { bytes } = this;
    const { price, size } = out.scales;
    if (bytes[this.at] === 93) return 0;
    let count = 0;
    for (;;) {
      out.reserve(before + count + 1);
      const slot = 2 * (before + count);
      if (bytes[this.at] !== 91 || bytes[this.at + 1] !== 34) return this.fail();
      this.at += 2;
      out.levels[slot] = this.decimal(price);
      if (bytes[this.at] !== 34 || bytes[this.at + 1] !== 44 || bytes[this.at + 2] !== 34) return this.fail();
      this.at += 3;
      out.levels[slot + 1] = this.decimal(size);
      if (bytes[this.at] !== 34 || bytes[this.at + 1] !== 93) return this.fail();
      this.at += 2;
      count++;
      if (this.failed || this.at >= this.end) return this.fail();
      if (bytes[this.at] === 93) return count;
      if (bytes[this.at] !== 44) return this.fail();
      this.at++;
    }
  }

  /**
   * Reads plain digits with at most one point, as units of the scale. At most fifteen digits, so the sum is exact; zeros beyond
   * the scale are passed over, since spot writes eight decimals whatever the step is.
   */
  private decimal(scale: NumberScale): number {
    const { bytes } = this;
    let at = this.at;
    let value = 0;
    let byte = bytes[at];
    for (; byte >= 48 && byte <= 57; byte = bytes[++at]) value = value * 10 + (byte - 48);
    let digits = at - this.at;
    let missing = scale.digits;
    if (byte === 46) {
      const first = ++at;
      const stop = first + missing;
      for (byte = bytes[at]; byte >= 48 && byte <= 57 && at < stop; byte = bytes[++at]) value = value * 10 + (byte - 48);
      const read = at - first;
      digits += read;
      missing -= read;
      const kept = at;
      while (bytes[at] === 48) at++;
      // `.0` at scale 0 is a number, although none of its digits is kept.
      if (digits === 0 && at > kept) digits = 1;
    }
    this.at = at;
    if (digits === 0 || digits > 15) return this.fail();
    const units = value * POW10[missing];
    return units > scale.maxUnits ? this.fail() : units;
  }

  private integer(): number {
    const { bytes } = this;
    const first = this.at;
    let at = first;
    let value = 0;
    for (let byte = bytes[at]; byte >= 48 && byte <= 57; byte = bytes[at]) {
      value = value * 10 + (byte - 48);
      at++;
    }
    this.at = at;
    // JSON allows no leading zero; sixteen digits may pass 2^53, where addition stops being exact.
    if (at === first || at - first > 16 || value > MAX_SAFE || (bytes[first] === 48 && at - first > 1)) return this.fail();
    return value;
  }

  private boolean(): boolean {
    if (this.has(TRUE)) return true;
    this.need(FALSE);
    return false;
  }

  /** Reads a symbol and its closing quote. */
  private symbol(): string {
    const start = this.at;
    const hash = this.plain();
    const stop = this.at;
    this.byte(34);
    if (stop === start) this.fail();
    if (this.failed) return '';
    const known = this.symbols.get(hash);
    if (known !== undefined && sameBytes(known.bytes, this.bytes, start, stop)) return known.text;
    const copy = this.bytes.slice(start, stop);
    const text = String.fromCharCode(...copy);
    this.symbols.set(hash, { text, bytes: copy });
    return text;
  }

  /** Passes over letters, digits and `_ - . @ ! :` up to a closing quote, which stays. Returns a hash of them. */
  private plain(): number {
    const { bytes } = this;
    let at = this.at;
    let hash = 0;
    for (; at < this.end && at - this.at < 128; at++) {
      const byte = bytes[at];
      if (byte === 34) break;
      const isLetter = (byte >= 64 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95;
      const isOther = (byte >= 48 && byte <= 58) || byte === 45 || byte === 46 || byte === 33;
      if (!isLetter && !isOther) {
        this.fail();
        break;
      }
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    this.at = at;
    return hash;
  }

  private has(text: Uint8Array): boolean {
    const { bytes, at } = this;
    if (at + text.length > this.end) return false;
    for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
    this.at = at + text.length;
    return true;
  }

  private need(text: Uint8Array): void {
    if (!this.has(text)) this.failed = true;
  }

  private byte(wanted: number): void {
    if (this.bytes[this.at] === wanted && this.at < this.end) this.at++;
    else this.failed = true;
  }

  private fail(): number {
    this.failed = true;
    return 0;
  }
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
