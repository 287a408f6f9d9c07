/** Every message of the feeds becomes the rows that the vocabulary says. */
import { describe, expect, it } from 'vitest';
import {
  AGGRESSOR_METHOD_SHIFT,
  AggressorMethod,
  AuctionField,
  EventFlag,
  OfficialPriceCode,
  Side,
  StatusCode,
} from '../../../core/model/index.ts';
import { bytes, DEEP, DEEP_PLUS, message, pcap, START_NS, stream, TOPS, TOPS_15 } from '../../fixtures/iex-capture.ts';
import { decodeCapture, type Row, rowsOf } from '../../fixtures/iex-decoding.ts';

const T = START_NS + 123n;
const decode = (protocol: number, ...messages: Uint8Array[]): Row[] =>
  rowsOf(decodeCapture([pcap(stream([messages], { protocol, first: 1 }))]));
const one = (protocol: number, body: Uint8Array): Row => decode(protocol, body)[0] as Row;
const end = EventFlag.eventEnd;

describe('TOPS', () => {
  it('writes a quote as a bid row and an ask row that ends it', () => {
    const rows = decode(TOPS, message.quote(0x40, T, 'BRK.B', { bidSize: 100, bid: 3_500_000, ask: 3_501_200, askSize: 300 }));
    expect(rows).toMatchObject([
      {
        kind: 'quote',
        symbol: 'BRK.B',
        side: Side.bid,
        price: 3_500_000,
        size: 100,
        flags: EventFlag.extendedHours,
        ref: 0x40,
        code: 0,
        exchangeNs: T,
        sequence: 1,
      },
      { kind: 'quote', symbol: 'BRK.B', side: Side.ask, price: 3_501_200, size: 300, flags: EventFlag.extendedHours | end, exchangeNs: T },
    ]);
  });

  it('reads TOPS 1.5, whose trades have reserved bytes at their end', () => {
    const trade = message.trade(0x20, T, { symbol: 'A', price: 5, size: 6, id: 7 });
    const decoded = decodeCapture([pcap(stream([[bytes(trade, [0, 0, 0, 0])]], { protocol: TOPS_15 }))]);
    expect(rowsOf(decoded)).toMatchObject([{ kind: 'trade', price: 5, size: 6, sequence: 7, flags: EventFlag.oddLot }]);
    expect(decoded.report.protocol).toBe('TOPS 1.5');
  });
});

describe('DEEP', () => {
  it('writes levels with side, size and the end mark', () => {
    const rows = decode(
      DEEP,
      message.level('8', 0, T, { symbol: 'SPY', price: 4_000_000, size: 200 }),
      message.level('5', 1, T, { symbol: 'SPY', price: 4_000_100, size: 0 }),
    );
    expect(rows).toMatchObject([
      { kind: 'level', side: Side.bid, price: 4_000_000, size: 200, flags: 0, sequence: 1, exchangeNs: T },
      { kind: 'level', side: Side.ask, price: 4_000_100, size: 0, flags: end, sequence: 2 },
    ]);
  });

  it('writes trades without an aggressor and crosses with none', () => {
    const trade = { symbol: 'SPY', price: 4_000_000, size: 50, id: 99 };
    const { intermarketSweep, extendedHours, oddLot, tradeThroughExempt, singlePriceCross } = EventFlag;
    expect(one(DEEP, message.trade(0xe0, T, trade))).toMatchObject({
      kind: 'trade',
      side: Side.unknown,
      flags: intermarketSweep | extendedHours | oddLot,
      price: 4_000_000,
      size: 50,
      sequence: 99,
    });
    expect(one(DEEP, message.trade(0x18, T, trade))).toMatchObject({
      side: Side.none,
      flags: tradeThroughExempt | singlePriceCross | (AggressorMethod.cross << AGGRESSOR_METHOD_SHIFT),
    });
    expect(one(DEEP, message.trade(0, T, trade, 'B'))).toMatchObject({ kind: 'tradeCancel', sequence: 99, size: 50 });
  });
});

describe('DEEP+', () => {
  it('writes orders by id, each an event of its own', () => {
    const rows = decode(
      DEEP_PLUS,
      message.add('8', T, 'SPY', { id: 11, size: 100, price: 4_000_000 }),
      message.add('5', T, 'SPY', { id: 12, size: 200, price: 4_000_100 }),
      message.modify(1, T, 'SPY', { id: 11, size: 60, price: 4_000_000 }),
      message.modify(0, T, 'SPY', { id: 11, size: 60, price: 4_000_050 }),
      message.execute(0x80, T, 'SPY', { id: 12, size: 50, price: 4_000_100, tradeId: 900 }),
      message.remove(T, 'SPY', 11),
      message.clear(T, 'SPY'),
      message.trade(0, T, { symbol: 'SPY', price: 4_000_050, size: 1, id: 901 }),
    );
    expect(rows).toMatchObject([
      { kind: 'orderAdd', side: Side.bid, ref: 11, size: 100, price: 4_000_000, flags: end, sequence: 1 },
      { kind: 'orderAdd', side: Side.ask, ref: 12, size: 200, price: 4_000_100, flags: end },
      { kind: 'orderModify', ref: 11, size: 60, price: 4_000_000, flags: end | EventFlag.keepsPriority },
      { kind: 'orderModify', ref: 11, size: 60, price: 4_000_050, flags: end },
      { kind: 'orderExecute', ref: 12, size: 50, price: 4_000_100, sequence: 900, flags: end | EventFlag.intermarketSweep },
      { kind: 'orderDelete', ref: 11, flags: end },
      { kind: 'clear', symbol: 'SPY', flags: end },
      { kind: 'trade', sequence: 901, side: Side.unknown },
    ]);
  });

  it('refuses an order of no side and price levels, which the feed does not have', () => {
    const add = message.add('8', T, 'SPY', { id: 1, size: 1, price: 1 });
    add[1] = 0x39;
    expect(decode(DEEP_PLUS, add, message.level('8', 1, T, { symbol: 'SPY', price: 1, size: 1 })).map((row) => row.kind)).toEqual([
      'unparseable',
      'unparseable',
    ]);
  });
});

describe('administrative messages', () => {
  it.each([
    ['H', message.status('H', T, 'A', 'T1  '), StatusCode.halted, 0x54312020],
    ['H', message.status('O', T, 'A'), StatusCode.pausedAcceptingOrders, 0x20202020],
    ['H', message.status('P', T, 'A'), StatusCode.paused, 0x20202020],
    ['H', message.status('T', T, 'A'), StatusCode.trading, 0x20202020],
    ['I', message.short('I', ' ', T, 'A'), StatusCode.retailInterestNone, 0],
    ['I', message.short('I', 'C', T, 'A'), StatusCode.retailInterestBoth, 0],
    ['O', message.short('O', 'O', T, 'A'), StatusCode.operationalHalt, 0],
    ['O', message.short('O', 'N', T, 'A'), StatusCode.operationalHaltCleared, 0],
    ['P', message.shortSale(1, T, 'A'), StatusCode.shortSaleRestrictionOn, 32],
    ['P', message.shortSale(0, T, 'A'), StatusCode.shortSaleRestrictionOff, 32],
    ['E', message.short('E', 'O', T, 'A'), StatusCode.openingProcessComplete, 0],
    ['E', message.short('E', 'C', T, 'A'), StatusCode.closingProcessComplete, 0],
  ])('writes %s as a status', (_, body, code, ref) => {
    expect(one(DEEP, body)).toMatchObject({ kind: 'status', symbol: 'A', code, ref, exchangeNs: T });
  });

  it('writes system events for the whole session', () => {
    const rows = decode(DEEP, ...[...'OSRMEC'].map((letter) => message.system(letter, T)));
    expect(rows.map((row) => [row.kind, row.symbol, row.code])).toEqual([20, 21, 22, 23, 24, 25].map((code) => ['status', '*', code]));
  });

  it('writes official prices and one row for each field of an auction', () => {
    expect(one(DEEP, message.official('M', T, 'A', 777))).toMatchObject({
      kind: 'officialPrice',
      code: OfficialPriceCode.closing,
      price: 777,
    });
    const rows = decode(
      DEEP,
      message.auction(T, 'A', { paired: 500, imbalance: 30, side: 'S', prices: [1, 2, 3, 4, 5, 6], seconds: 1_704_229_200 }),
    );
    const { reference, indicativeClearing, bookClearing, collarReference, lowerCollar, upperCollar, paired, imbalance, scheduledTime } =
      AuctionField;
    expect(rows.map((row) => [row.kind, row.side, row.code, row.price, row.size, row.ref])).toEqual([
      ['auction', Side.ask, reference, 1, 0, 0x4f],
      ['auction', Side.ask, indicativeClearing, 2, 0, 0x4f],
      ['auction', Side.ask, bookClearing, 3, 0, 0x4f],
      ['auction', Side.ask, collarReference, 4, 0, 0x4f],
      ['auction', Side.ask, lowerCollar, 5, 0, 0x4f],
      ['auction', Side.ask, upperCollar, 6, 0, 0x4f],
      ['auction', Side.ask, paired, 0, 500, 0x4f],
      ['auction', Side.ask, imbalance, 0, 30, 0x4f],
      ['auction', Side.ask, scheduledTime, 0, 2, 1_704_229_200],
    ]);
  });

  it('defines each instrument once, as an equity of IEX', () => {
    const decoded = decodeCapture([
      pcap(stream([[message.status('T', T, 'AA-'), message.status('T', T, 'MDGN+')], [message.status('H', T, 'AA-')]], { protocol: TOPS })),
    ]);
    expect(decoded.instruments.map((i) => i.symbol)).toEqual(['AA-', 'MDGN+']);
    expect(decoded.instruments[0]).toEqual({
      id: 0,
      venue: 'iex',
      symbol: 'AA-',
      canonicalSymbol: 'AA-',
      assetClass: 'equity',
      priceScale: 4,
      sizeScale: 0,
      tickUnits: null,
      priceText: 'fixed',
      bookKind: 'quotes',
      synthetic: false,
    });
  });

  it('keeps symbols apart when there are more than the table began with', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `S${i}`);
    const groups = Array.from({ length: 200 }, (_, g) =>
      names.slice(g * 100, g * 100 + 100).map((name) => message.level('8', 0, T, { symbol: name, price: 1, size: 1 })),
    );
    const decoded = decodeCapture([pcap(stream([...groups, ...groups]))]);
    expect(decoded.instruments.map((i) => i.symbol)).toEqual(names);
    expect(
      rowsOf(decoded)
        .filter((row) => row.kind === 'boundary')
        .map((row) => row.symbol),
    ).toEqual(names);
  });
});
