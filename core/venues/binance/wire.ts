/**
 * Binance JSON as sent by spot and futures sockets (raw or in a `{stream, data}` frame) and by REST depth → BinanceMessage,
 * through JSON.parse: the form that takes anything. All or nothing: a message with one bad field is refused whole.
 * Must not know books, gates or rows.
 */
import { UnparseableReason } from '../../model/index.ts';
import { unitsFromText } from '../../units/index.ts';
import { type BinanceMessage, PRICE_SCALE } from './message.ts';
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
  try {
    const stream = parsed['stream'];
    const data = parsed['data'];
    if (typeof stream === 'string' && isFields(data)) readMessage(data, stream, out);
    else readMessage(parsed, '', out);
    return 0;
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
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
      out.symbol = requiredSymbol(symbol);
      out.firstId = id(fields['U']);
      out.lastId = id(fields['u']);
      out.previousId = optionalId(fields['pu'], -1);
      readLevels(fields['b'], fields['a'], out);
      out.type = kind;
      return;
    case 'trade':
    case 'aggTrade':
      out.symbol = requiredSymbol(symbol);
      out.tradeId = id(fields[kind === 'trade' ? 't' : 'a']);
      out.price = units(fields['p'], PRICE_SCALE);
      out.size = units(fields['q'], out.sizeScale);
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

/** Messages without `e`: spot bookTicker, REST depth, partial depth, and answers to our own requests. */
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
    out.symbol = typeof fields['symbol'] === 'string' ? fields['symbol'] : '';
    readLevels(fields['bids'], fields['asks'], out);
    out.type = 'depthSnapshot';
    return;
  }
  if (Object.hasOwn(fields, 'u') && Object.hasOwn(fields, 's') && Object.hasOwn(fields, 'B')) {
    out.countedAs = 'bookTicker';
    readTicker(fields, out);
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
  out.symbol = requiredSymbol(fields['s']);
  out.lastId = id(fields['u']);
  out.bidPrice = units(fields['b'], PRICE_SCALE);
  out.bidSize = units(fields['B'], out.sizeScale);
  out.askPrice = units(fields['a'], PRICE_SCALE);
  out.askSize = units(fields['A'], out.sizeScale);
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
      out.levels[at++] = units(level[0], PRICE_SCALE);
      out.levels[at++] = units(level[1], out.sizeScale);
    }
  }
}

function units(value: unknown, scale: number): number {
  if (typeof value !== 'string' || value.startsWith('-')) throw new Refused(UnparseableReason.badField);
  const read = unitsFromText(value, scale);
  if (read.ok) return read.value;
  throw new Refused(read.error === 'not-a-decimal' ? UnparseableReason.badField : UnparseableReason.numberOutOfRange);
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
