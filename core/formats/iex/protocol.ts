/**
 * The numbers of the IEX feeds: protocol ids, message types, least lengths, and how codes map to the model's. Layouts are
 * those of IEX-TP 1, TOPS 1.5 and 1.6, DEEP 1.0 and DEEP+. Must not know files or state.
 */
import { AGGRESSOR_METHOD_SHIFT, AggressorMethod, type BookKind, EventFlag, Side, StatusCode } from '../../model/index.ts';

export const IEX_TP_HEADER_BYTES = 40;
export const IEX_TP_VERSION = 1;

/** Message types as ASCII codes. */
export const TYPE = {
  systemEvent: 0x53,
  securityDirectory: 0x44,
  tradingStatus: 0x48,
  retailInterest: 0x49,
  operationalHalt: 0x4f,
  shortSaleTest: 0x50,
  securityEvent: 0x45,
  quote: 0x51,
  levelBuy: 0x38,
  levelSell: 0x35,
  trade: 0x54,
  tradeBreak: 0x42,
  officialPrice: 0x58,
  auction: 0x41,
  addOrder: 0x61,
  modifyOrder: 0x4d,
  deleteOrder: 0x52,
  executeOrder: 0x4c,
  clearBook: 0x43,
} as const;

/** One of the feeds that IEX-TP carries. */
export interface Feed {
  readonly id: number;
  readonly name: string;
  readonly bookKind: BookKind;
  /** Least length of a message by its type, bytes; 0 = the feed has no such message. */
  readonly leastLength: Uint8Array;
  /** The most frequent messages by type: the side of a price level, PLAIN_TRADE, PLAIN_STATUS, or 0 = none of them. */
  readonly plain: Uint8Array;
}

/** Marks a trade in `plain`: no side of a level. */
export const PLAIN_TRADE = 3;
/** Marks a status of one instrument in `plain`. */
export const PLAIN_STATUS = 4;
const PLAIN_STATUSES = [TYPE.tradingStatus, TYPE.retailInterest, TYPE.operationalHalt, TYPE.shortSaleTest, TYPE.securityEvent];

const COMMON: readonly (readonly [number, number])[] = [
  [TYPE.systemEvent, 10],
  [TYPE.securityDirectory, 31],
  [TYPE.tradingStatus, 22],
  [TYPE.retailInterest, 18],
  [TYPE.operationalHalt, 18],
  [TYPE.shortSaleTest, 19],
  [TYPE.securityEvent, 18],
  [TYPE.trade, 38],
  [TYPE.tradeBreak, 38],
  [TYPE.officialPrice, 26],
  [TYPE.auction, 80],
];
const QUOTES: readonly (readonly [number, number])[] = [[TYPE.quote, 42]];
const LEVELS: readonly (readonly [number, number])[] = [
  [TYPE.levelBuy, 30],
  [TYPE.levelSell, 30],
];
const ORDERS: readonly (readonly [number, number])[] = [
  [TYPE.addOrder, 38],
  [TYPE.modifyOrder, 38],
  [TYPE.deleteOrder, 26],
  [TYPE.executeOrder, 46],
  [TYPE.clearBook, 18],
];

function feed(id: number, name: string, bookKind: BookKind, own: readonly (readonly [number, number])[]): Feed {
  const leastLength = new Uint8Array(256);
  for (const [type, length] of [...COMMON, ...own]) leastLength[type] = length;
  const plain = new Uint8Array(256);
  plain[TYPE.trade] = PLAIN_TRADE;
  for (const type of PLAIN_STATUSES) plain[type] = PLAIN_STATUS;
  if (bookKind === 'levels') {
    plain[TYPE.levelBuy] = Side.bid;
    plain[TYPE.levelSell] = Side.ask;
  }
  return { id, name, bookKind, leastLength, plain };
}

// TOPS 1.5 differs from 1.6 only by reserved bytes at the end of its trade report, which a read of the known prefix leaves out.
const FEEDS: readonly Feed[] = [
  feed(0x8002, 'TOPS 1.5', 'quotes', QUOTES),
  feed(0x8003, 'TOPS 1.6', 'quotes', QUOTES),
  feed(0x8004, 'DEEP 1.0', 'levels', LEVELS),
  feed(0x8005, 'DEEP+', 'orders', ORDERS),
];

/** Stands for the feed before one was met: it has no messages. */
export const NO_FEED: Feed = {
  id: 0,
  name: '',
  bookKind: 'levels',
  leastLength: new Uint8Array(256),
  plain: new Uint8Array(256),
};

/** Returns the feed of a protocol id, undefined for one that is not known. */
export function feedFromId(id: number): Feed | undefined {
  return FEEDS[id - 0x8002];
}

/** Bits of a sale-condition byte. */
const SALE = { intermarketSweep: 0x80, extendedHours: 0x40, oddLot: 0x20, tradeThroughExempt: 0x10, singlePriceCross: 0x08 } as const;

/** Event flags by sale-condition byte; a single-price cross has no aggressor, and says so. */
export const SALE_FLAGS: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let flags = 0;
  for (const name of Object.keys(SALE) as (keyof typeof SALE)[]) if ((byte & SALE[name]) !== 0) flags |= EventFlag[name];
  return (flags & EventFlag.singlePriceCross) === 0 ? flags : flags | (AggressorMethod.cross << AGGRESSOR_METHOD_SHIFT);
});

type CodeTable = Readonly<Record<number, number>>;
const code = (letter: string): number => letter.charCodeAt(0);

const SYSTEM_EVENTS: CodeTable = {
  [code('O')]: StatusCode.startOfMessages,
  [code('S')]: StatusCode.startOfSystemHours,
  [code('R')]: StatusCode.startOfRegularHours,
  [code('M')]: StatusCode.endOfRegularHours,
  [code('E')]: StatusCode.endOfSystemHours,
  [code('C')]: StatusCode.endOfMessages,
};

const STATUSES: Readonly<Record<number, CodeTable>> = {
  [TYPE.systemEvent]: SYSTEM_EVENTS,
  [TYPE.tradingStatus]: {
    [code('H')]: StatusCode.halted,
    [code('O')]: StatusCode.pausedAcceptingOrders,
    [code('P')]: StatusCode.paused,
    [code('T')]: StatusCode.trading,
  },
  [TYPE.retailInterest]: {
    [code(' ')]: StatusCode.retailInterestNone,
    [code('A')]: StatusCode.retailInterestBid,
    [code('B')]: StatusCode.retailInterestAsk,
    [code('C')]: StatusCode.retailInterestBoth,
  },
  [TYPE.operationalHalt]: { [code('O')]: StatusCode.operationalHalt, [code('N')]: StatusCode.operationalHaltCleared },
  [TYPE.shortSaleTest]: { 0: StatusCode.shortSaleRestrictionOff, 1: StatusCode.shortSaleRestrictionOn },
  [TYPE.securityEvent]: { [code('O')]: StatusCode.openingProcessComplete, [code('C')]: StatusCode.closingProcessComplete },
};

/** Status codes by message type × 256 + the message's second byte; 0 = the feed defines none. */
export const STATUS_CODES: Uint8Array = new Uint8Array(65_536);
for (const [type, table] of Object.entries(STATUSES)) {
  for (const [letter, status] of Object.entries(table)) STATUS_CODES[Number(type) * 256 + Number(letter)] = status;
}
