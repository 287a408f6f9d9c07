/**
 * Binance JSON as sent by spot and futures sockets (raw or in a `{stream, data}` frame) and by REST depth → BinanceMessage,
 * through JSON.parse: the form that takes anything. All or nothing: a message with one bad field is refused whole.
 * Must not know books, gates or rows.
 */
import { UnparseableReason } from '../../model/index.ts';
import { unitsFromText } from '../../units/index.ts';
import { readInstrumentList } from './instrument-list.ts';
import type { BinanceMessage } from './message.ts';
import { Extent, type NumberScale, type Scales } from './scales.ts';
import { textFromUtf8 } from './text.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Thrown inside this file only, to leave a half-read message. */
class Refused extends Error {
  readonly reason: UnparseableReason;
  constructor(reason: UnparseableReason) {
    super('refused');
    this.reason = reason;
  }
}

/** Fills `out` from JSON bytes. Returns 0, or why the message cannot be read. */
export function readJson(bytes: Uint8Array, start: number, end: number, out: BinanceMessage): UnparseableReason | 0 {
  out.reset();
  const text = textFromUtf8(bytes, start, end);
  if (text === null) return UnparseableReason.notJson;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return UnparseableReason.notJson;
  }
  if (!isFields(parsed)) return UnparseableReason.unknownMessage;
  const { stream, data } = parsed;
  const isFramed = typeof stream === 'string' && isFields(data);
  const fields = isFramed ? data : parsed;
  const name = isFramed ? stream : '';
  const reason = tryMessage(fields, name, out);
  if (reason !== UnparseableReason.numberOutOfRange) return reason;
  const { price, size } = out.scales;
  if (!price.open && !size.open) return reason;
  out.pin(settle(fields, out.scales));
  return tryMessage(fields, name, out);
}

function tryMessage(fields: Fields, stream: string, out: BinanceMessage): UnparseableReason | 0 {
  try {
    readMessage(fields, stream, out);
    return 0;
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
}

/** Returns the scales at which the first message of a symbol can be read, as far as they are open. */
function settle(fields: Fields, scales: Scales): Scales {
  const prices = new Extent();
  const sizes = new Extent();
  const add = (price: unknown, size: unknown): void => {
    if (typeof price === 'string') prices.add(price);
    if (typeof size === 'string') sizes.add(size);
  };
  add(fields['p'], fields['q']);
  add(fields['b'], fields['B']);
  add(fields['a'], fields['A']);
  for (const key of ['b', 'a', 'bids', 'asks']) {
    const levels = fields[key];
    if (Array.isArray(levels)) for (const level of levels as unknown[]) if (Array.isArray(level)) add(level[0], level[1]);
  }
  return { price: prices.settle(scales.price), size: sizes.settle(scales.size) };
}

function readMessage(fields: Fields, stream: string, out: BinanceMessage): void {
  const kind = fields['e'];
  if (kind === undefined) {
    readUnnamed(fields, stream, out);
    return;
  }
  if (typeof kind !== 'string' || !/^[a-zA-Z!][A-Za-z0-9]{0,39}$/.test(kind)) throw new Refused(UnparseableReason.unknownMessage);
  out.countedAs = kind;
  out.eventTime = optionalId(fields['E'], 0);
  const symbol = fields['s'];
  switch (kind) {
    case 'depthUpdate':
      out.setSymbol(requiredSymbol(symbol));
      out.firstId = id(fields['U']);
      out.lastId = id(fields['u']);
      out.previousId = optionalId(fields['pu'], -1);
      readLevels(fields['b'], fields['a'], out);
      out.type = kind;
      return;
    case 'trade':
    case 'aggTrade':
      out.setSymbol(requiredSymbol(symbol));
      out.tradeId = id(fields[kind === 'trade' ? 't' : 'a']);
      out.price = units(fields['p'], out.scales.price);
      out.size = units(fields['q'], out.scales.size);
      out.tradeTime = optionalId(fields['T'], 0);
      if (typeof fields['m'] !== 'boolean') throw new Refused(UnparseableReason.badField);
      out.buyerIsMaker = fields['m'];
      out.outsideBook = kind === 'trade' && fields['X'] !== undefined && fields['X'] !== 'MARKET';
      if (out.outsideBook) out.countedAs = 'tradeOutsideBook';
      out.type = kind;
      return;
    case 'bookTicker':
      readTicker(fields, out);
      return;
    default:
      out.symbol = typeof symbol === 'string' ? symbol : '';
  }
}

/** Messages without `e`: spot bookTicker, REST depth, partial depth, the instrument list, and answers to our own requests. */
function readUnnamed(fields: Fields, stream: string, out: BinanceMessage): void {
  if (Object.hasOwn(fields, 'lastUpdateId')) {
    // A @depth5/10/20 stream sends the top only: an image of the top is not an image of the book.
    if (/@depth\d/.test(stream) && !/@depth@/.test(stream)) {
      out.countedAs = 'partialDepth';
      return;
    }
    out.countedAs = 'depthSnapshot';
    out.lastId = id(fields['lastUpdateId']);
    out.eventTime = optionalId(fields['E'], 0);
    out.setSymbol(typeof fields['symbol'] === 'string' ? fields['symbol'] : '');
    readLevels(fields['bids'], fields['asks'], out);
    out.type = 'depthSnapshot';
    return;
  }
  if (Object.hasOwn(fields, 'u') && Object.hasOwn(fields, 's') && Object.hasOwn(fields, 'B')) {
    out.countedAs = 'bookTicker';
    readTicker(fields, out);
    return;
  }
  if (Array.isArray(fields['symbols'])) {
    const listed = readInstrumentList(fields['symbols']);
    if (listed === null) throw new Refused(UnparseableReason.badField);
    out.countedAs = 'exchangeInfo';
    out.listed = listed;
    out.type = 'exchangeInfo';
    return;
  }
  if (
    Object.hasOwn(fields, 'result') ||
    (Object.hasOwn(fields, 'code') && Object.hasOwn(fields, 'msg')) ||
    Object.hasOwn(fields, 'error')
  ) {
    out.countedAs = 'reply';
    return;
  }
  throw new Refused(UnparseableReason.unknownMessage);
}

function readTicker(fields: Fields, out: BinanceMessage): void {
  out.setSymbol(requiredSymbol(fields['s']));
  out.lastId = id(fields['u']);
  out.bidPrice = units(fields['b'], out.scales.price);
  out.bidSize = units(fields['B'], out.scales.size);
  out.askPrice = units(fields['a'], out.scales.price);
  out.askSize = units(fields['A'], out.scales.size);
  out.type = 'bookTicker';
}

function readLevels(bids: unknown, asks: unknown, out: BinanceMessage): void {
  if (!Array.isArray(bids) || !Array.isArray(asks)) throw new Refused(UnparseableReason.badField);
  out.reserve(bids.length + asks.length);
  out.bids = bids.length;
  out.asks = asks.length;
  let at = 0;
  for (const side of [bids, asks]) {
    for (const level of side as unknown[]) {
      if (!Array.isArray(level) || level.length < 2) throw new Refused(UnparseableReason.badField);
      out.levels[at++] = units(level[0], out.scales.price);
      out.levels[at++] = units(level[1], out.scales.size);
    }
  }
}

function units(value: unknown, scale: NumberScale): number {
  if (typeof value !== 'string' || value.startsWith('-')) throw new Refused(UnparseableReason.badField);
  const read = unitsFromText(value, scale.digits);
  if (read.ok && read.value <= scale.maxUnits) return read.value;
  const isMalformed = !read.ok && read.error === 'not-a-decimal';
  throw new Refused(isMalformed ? UnparseableReason.badField : UnparseableReason.numberOutOfRange);
}

function id(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Refused(UnparseableReason.badField);
  return value;
}

function optionalId(value: unknown, absent: number): number {
  return value === undefined ? absent : id(value);
}

function requiredSymbol(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Refused(UnparseableReason.badField);
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
