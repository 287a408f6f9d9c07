/** Instruments from the venue's own list in a recording, and what stands in for it where there is none. */
import { describe, expect, it } from 'vitest';
import { EventKind, UnparseableReason } from '../../../core/model/index.ts';
import { type BinanceVenue, scaleOfList } from '../../../core/venues/binance/index.ts';
import { type Collected, decodeJournal } from '../../fixtures/decoding.ts';

const SPOT_LIST = 'https://api.binance.com/api/v3/exchangeInfo -> ';

/** Lines as recorded: a text ends in its address, an object is a message. */
function decode(messages: readonly (object | readonly [string, object])[], venue: BinanceVenue = 'binance'): Collected {
  const lines = messages.map((m, i) => {
    const [head, message] = Array.isArray(m) ? (m as [string, object]) : ['', m];
    return `${head}1723161253.${String(i).padStart(3, '0')}: ${JSON.stringify(message)}\n`;
  });
  return decodeJournal([new TextEncoder().encode(lines.join(''))], venue);
}

interface Listed {
  readonly symbol: string;
  readonly base: string;
  readonly tick: string;
  readonly step: string;
  readonly maxQty?: string;
  readonly more?: object;
}

const entry = ({ symbol, base, tick, step, maxQty, more }: Listed): object => ({
  symbol,
  status: 'TRADING',
  baseAsset: base,
  quoteAsset: 'USDT',
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: tick, maxPrice: '1000000.00000000', tickSize: tick },
    { filterType: 'LOT_SIZE', minQty: step, maxQty: maxQty ?? '9000.00000000', stepSize: step },
  ],
  ...more,
});
const list = (...symbols: object[]): object => ({ timezone: 'UTC', serverTime: 1, rateLimits: [], exchangeFilters: [], symbols });

const BTC = entry({ symbol: 'BTCUSDT', base: 'BTC', tick: '0.01000000', step: '0.00001000' });
const SHIB = entry({ symbol: 'SHIBUSDT', base: 'SHIB', tick: '0.00000001', step: '1.00', maxQty: '46116860414.00' });

const trade = (s: string, p: string, q: string): object => ({
  e: 'trade',
  E: 1_723_161_252_905,
  s,
  t: 7,
  p,
  q,
  T: 1_723_161_252_904,
  m: true,
});
const depth = (s: string, u: number, levels: string[][]): object => ({
  e: 'depthUpdate',
  E: 1_723_161_252_905,
  s,
  U: u,
  u,
  b: levels,
  a: [],
});
const image = (lastUpdateId: number, bids: string[][]): object => ({ lastUpdateId, bids, asks: [] });

/** Price and size units of the rows of one kind. */
function numbersOf({ batches }: Collected, kind: number): number[][] {
  return batches.flatMap((batch) =>
    Array.from({ length: batch.rows }, (_, row) => row)
      .filter((row) => batch.kind[row] === kind)
      .map((row) => [batch.price[row] as number, batch.size[row] as number]),
  );
}

describe('a list before the first message of a symbol', () => {
  it('gives canonical symbol, tick and scales, and is counted', () => {
    const result = decode([[SPOT_LIST, list(BTC, SHIB)], trade('BTCUSDT', '61737.63000000', '0.00147000')]);
    expect(result.report).toMatchObject({ unparseable: 0, messages: 2, messagesByType: { exchangeInfo: 1, trade: 1 } });
    expect(result.instruments).toMatchObject([
      { id: 0, symbol: 'BTCUSDT', canonicalSymbol: 'BTC/USDT', priceScale: 6, sizeScale: 8, tickUnits: 10_000 },
    ]);
    expect(numbersOf(result, EventKind.trade)).toEqual([[61_737_630_000, 147_000]]);
  });

  it('is taken without an address too, and a later list stands for what is not defined yet', () => {
    const coarser = entry({ symbol: 'BTCUSDT', base: 'BTC', tick: '0.10000000', step: '0.00001000' });
    const result = decode([list(BTC), list(coarser), trade('BTCUSDT', '61737.6', '1')]);
    expect(result.instruments).toMatchObject([{ canonicalSymbol: 'BTC/USDT', tickUnits: 100_000 }]);
    expect(result.report.messagesByType).toEqual({ exchangeInfo: 2, trade: 1 });
  });

  it('passes over filters and fields that it does not know, and leaves out what the list does not tell', () => {
    const odd = {
      symbol: 'ODDUSDT',
      status: 'CANCEL_ONLY',
      filters: [{ filterType: 'NOT_YET_INVENTED', x: [1] }, { filterType: 'PRICE_FILTER', tickSize: '0.00000000' }, 7],
    };
    const result = decode([list(odd, BTC), trade('ODDUSDT', '1.5', '2'), trade('BTCUSDT', '1', '2')]);
    expect(result.instruments).toMatchObject([
      { symbol: 'ODDUSDT', canonicalSymbol: null, tickUnits: null, priceScale: 8, sizeScale: 8 },
      { symbol: 'BTCUSDT', canonicalSymbol: 'BTC/USDT' },
    ]);
    expect(result.report.unparseable).toBe(0);
  });

  it.each([
    ['a symbol that is no text', { ...BTC, symbol: 5 }],
    ['a step that is no number', entry({ symbol: 'X', base: 'X', tick: 'fine', step: '1' })],
    ['filters that are no list', { ...BTC, filters: {} }],
    ['an entry that is no object', 'BTCUSDT' as unknown as object],
  ])('refuses the whole list for %s', (_, bad) => {
    const result = decode([list(BTC, bad), trade('BTCUSDT', '1', '2')]);
    expect(result.report).toMatchObject({ unparseable: 1, messagesByType: { trade: 1 } });
    expect(result.letters[0]?.reason).toBe('a field is missing or of the wrong form');
    expect(result.instruments).toMatchObject([{ canonicalSymbol: null, tickUnits: null }]);
  });

  it('does not take the list of another market', () => {
    const result = decode([['https://fapi.binance.com/fapi/v1/exchangeInfo -> ', list(BTC)], trade('BTCUSDT', '1', '2')]);
    expect(result.report.messagesByType).toEqual({ exchangeInfoOfOtherMarket: 1, trade: 1 });
    expect(result.instruments).toMatchObject([{ canonicalSymbol: null }]);
  });
});

describe('a list after the first message of a symbol', () => {
  it('leaves the definition, whose units are already written', () => {
    const result = decode([
      trade('BTCUSDT', '1', '2'),
      [SPOT_LIST, list(BTC, SHIB)],
      trade('BTCUSDT', '1', '2'),
      trade('SHIBUSDT', '1', '2'),
    ]);
    expect(result.instruments).toMatchObject([
      { symbol: 'BTCUSDT', canonicalSymbol: null, priceScale: 8, sizeScale: 8, tickUnits: null },
      { symbol: 'SHIBUSDT', canonicalSymbol: 'SHIB/USDT', sizeScale: 2, tickUnits: 1 },
    ]);
    expect(numbersOf(result, EventKind.trade).slice(0, 2)).toEqual([
      [100_000_000, 200_000_000],
      [100_000_000, 200_000_000],
    ]);
  });
});

describe('scales of a list', () => {
  it.each([
    ['BTC: all eight digits', 5, '9000.00000000', 8],
    ['DOGE: as many as leave room for a thousand of the largest order', 0, '9000000.00', 6],
    ['SHIB and PEPE: two digits, and levels up to 9 × 10^13', 0, '46116860414.00', 2],
    ['never coarser than the step', 4, '46116860414.00', 4],
    ['a largest value below one: all eight digits', 3, '0.10000000', 8],
    ['no largest value: three digits', 0, null, 3],
    ['a largest value of 0, which is none: three digits', 0, '0.00000000', 3],
    ['a largest value beyond every scale: the step', 1, '92233720368547758.07', 1],
  ])('%s', (_, decimals, largest, digits) => {
    expect(scaleOfList(decimals, largest).digits).toBe(digits);
  });

  it('keeps numbers finer than the listed step', () => {
    const result = decode([list(BTC), trade('BTCUSDT', '61737.635', '0.00000001')]);
    expect(result.report.unparseable).toBe(0);
    expect(numbersOf(result, EventKind.trade)).toEqual([[61_737_635_000, 1]]);
  });
});

describe('a symbol of many units', () => {
  const big = [
    ['0.00001234', '512345678.00'],
    ['0.00001233', '90071993.00'],
  ];

  it('is read with a list', () => {
    const result = decode([list(SHIB), depth('SHIBUSDT', 5, []), image(5, big), depth('SHIBUSDT', 6, [['0.00001232', '999999999.00']])]);
    expect(result.report).toMatchObject({ unparseable: 0, gaps: 0 });
    expect(numbersOf(result, EventKind.level).map(([, size]) => size)).toEqual([51_234_567_800, 9_007_199_300, 99_999_999_900]);
  });

  it('is read without one when its first message is an image that does not fit eight digits', () => {
    const address = 'https://api.binance.com/api/v3/depth?symbol=SHIBUSDT&limit=1000 -> ';
    const result = decode([[address, image(5, big)], depth('SHIBUSDT', 6, [['0.00001232', '0.1234']])]);
    expect(result.report.unparseable).toBe(0);
    // 512345679 × 1000 × 10^4 is the last that is below 2^53.
    expect(result.instruments).toMatchObject([{ symbol: 'SHIBUSDT', canonicalSymbol: null, priceScale: 8, sizeScale: 4, tickUnits: null }]);
    expect(numbersOf(result, EventKind.level).at(-1)).toEqual([1_232, 1_234]);
  });

  it.each([
    ['an update', depth('SHIBUSDT', 6, big)],
    ['a trade', trade('SHIBUSDT', '0.00001234', '512345678')],
    ['a quote', { u: 4, s: 'SHIBUSDT', b: '0.00001233', B: '1', a: '0.00001234', A: '512345678.00' }],
  ])('is read without one when its first message is %s', (_, first) => {
    const result = decode([first]);
    expect(result.report.unparseable).toBe(0);
    expect(result.instruments).toMatchObject([{ priceScale: 8, sizeScale: 4 }]);
  });

  it('takes fewer price digits by the same rule', () => {
    const result = decode([trade('BTCIDR', '912345678', '0.00000001')]);
    expect(result.instruments).toMatchObject([{ priceScale: 3, sizeScale: 8 }]);
  });

  it('is refused where a digit would be lost', () => {
    const result = decode([trade('SHIBUSDT', '0.00001234', '512345678.12345')]);
    expect(result.report.unparseable).toBe(1);
    expect(result.instruments).toEqual([]);
  });

  it('keeps its first scale: what is too large or too fine later is refused, and the book has a gap', () => {
    const start = [depth('SHIBUSDT', 5, []), image(5, [['0.1', '5']])];
    const result = decode([...start, depth('SHIBUSDT', 6, big), depth('SHIBUSDT', 7, [['0.1', '1']])]);
    expect(result.instruments).toMatchObject([{ sizeScale: 8 }]);
    expect(result.report).toMatchObject({ unparseable: 1, gaps: 1 });
    expect(result.letters[0]?.reason).toContain('nine whole digits');
  });

  it.each(['binance', 'binance-usdm'] as const)('is refused from 10^9 units on, which a recording cannot hold (%s)', (venue) => {
    const result = decode([list(SHIB), trade('SHIBUSDT', '0.1', '1000000000'), trade('SHIBUSDT', '0.1', '999999999')], venue);
    const unparseable = numbersOf(result, EventKind.unparseable);
    expect(unparseable).toHaveLength(1);
    expect(result.batches[0]?.code[0]).toBe(UnparseableReason.numberOutOfRange);
    expect(numbersOf(result, EventKind.trade)).toEqual([[10_000_000, 99_999_999_900]]);
  });
});

describe('COIN-M', () => {
  it('keeps sizes in contracts, whatever one is worth', () => {
    const perpetual = {
      symbol: 'BTCUSD_PERP',
      pair: 'BTCUSD',
      contractType: 'PERPETUAL',
      contractStatus: 'TRADING',
      contractSize: 100,
      baseAsset: 'BTC',
      quoteAsset: 'USD',
      marginAsset: 'BTC',
      pricePrecision: 1,
      quantityPrecision: 0,
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: '1000', maxPrice: '4520958', tickSize: '0.1' },
        { filterType: 'LOT_SIZE', minQty: '1', maxQty: '1000000', stepSize: '1' },
        { filterType: 'MARKET_LOT_SIZE', minQty: '1', maxQty: '60000', stepSize: '1' },
      ],
    };
    const result = decode(
      [['https://dapi.binance.com/dapi/v1/exchangeInfo -> ', list(perpetual)], trade('BTCUSD_PERP', '61737.6', '12')],
      'binance-coinm',
    );
    const [instrument] = result.instruments;
    expect(instrument).toMatchObject({ canonicalSymbol: 'BTC/USD', assetClass: 'future', priceScale: 6, sizeScale: 6, tickUnits: 100_000 });
    expect(numbersOf(result, EventKind.trade)).toEqual([[61_737_600_000, 12_000_000]]);
  });
});
