import { describe, expect, it } from 'vitest';
import { EventFlag, FormatError, kindName, LateCode, Side, TradeCode, UnparseableReason } from '../../../core/model/index.ts';
import { BinanceMessage, type BinanceVenue, scaleOf, symbolOfUrl, WaitingRoom } from '../../../core/venues/binance/index.ts';
import { type Collected, decodeJournal } from '../../fixtures/decoding.ts';

const SECOND = 1_723_161_253_000_000_000n;

function decode(messages: readonly (object | string)[], venue: BinanceVenue = 'binance'): ReturnType<typeof decodeJournal> {
  const lines = messages.map((m, i) => `${SECOND + BigInt(i) * 1_000_000n} ${typeof m === 'string' ? m : JSON.stringify(m)}\n`);
  return decodeJournal([new TextEncoder().encode(lines.join(''))], venue);
}

interface Row {
  kind: string;
  side: number;
  price: number;
  size: number;
  sequence: number;
  ref: number;
  code: number;
  end: boolean;
  receiveNs: bigint;
  exchangeNs: bigint;
}

function rowsOf({ batches }: Collected): Row[] {
  return batches.flatMap((b) =>
    Array.from({ length: b.rows }, (_, r) => ({
      kind: kindName(b.kind[r]),
      side: b.side[r],
      price: b.price[r],
      size: b.size[r],
      sequence: b.sequence[r],
      ref: b.ref[r],
      code: b.code[r],
      end: (b.flags[r] & EventFlag.eventEnd) !== 0,
      receiveNs: b.baseNs + BigInt(b.receiveTime[r]),
      exchangeNs: b.baseNs + BigInt(b.exchangeTime[r]),
    })),
  );
}

const kinds = (collected: Collected): string =>
  rowsOf(collected)
    .map((row) => row.kind)
    .join(' ');

const diff = (U: number, u: number, bids: string[][] = [['100', '1']], asks: string[][] = []): object => ({
  stream: 'x@depth',
  data: { e: 'depthUpdate', E: 1_723_161_252_900, s: 'X', U, u, b: bids, a: asks },
});
const futuresDiff = (U: number, u: number, pu: number): object => ({
  e: 'depthUpdate',
  E: 1_723_161_252_900,
  T: 1,
  s: 'X',
  U,
  u,
  pu,
  b: [['100', '1']],
  a: [],
});
const image = (lastUpdateId: number): object => ({ lastUpdateId, bids: [['99', '5']], asks: [['101', '6']] });

describe('the spot gate', () => {
  it('holds updates until the image, drops the stale ones and applies the rest after it', () => {
    const result = decode([diff(1, 5), diff(6, 9), image(7), diff(10, 11)]);
    expect(kinds(result)).toBe('snapshotBegin level level snapshotEnd late level level');
    const rows = rowsOf(result);
    expect(rows[4]).toMatchObject({ size: 1, code: LateCode.olderThanImage });
    expect(rows.map((row) => row.end)).toEqual([false, false, false, true, true, true, true]);
    // A held update keeps the time at which it was received.
    expect(rows[5]).toMatchObject({ sequence: 9, receiveNs: SECOND + 1_000_000n });
    expect(result.report).toMatchObject({ staleDropped: 1, gaps: 0, duplicates: 0, timeSteps: 0 });
  });

  it('voids the book at a hole and waits for the next image', () => {
    const result = decode([diff(5, 6), image(6), diff(7, 8), diff(12, 13), diff(14, 15), image(12), diff(16, 16)]);
    expect(kinds(result)).toBe(
      'snapshotBegin level level snapshotEnd late level gap clear snapshotBegin level level snapshotEnd level level level',
    );
    expect(rowsOf(result)[6]).toMatchObject({ kind: 'gap', sequence: 9, ref: 12, size: 3 });
    expect(result.report.gaps).toBe(1);
  });

  it('takes an image that is too old to reach the waiting updates as of no use', () => {
    const result = decode([diff(20, 21), image(10), image(20)]);
    const rows = rowsOf(result);
    expect(rows[0]).toMatchObject({ kind: 'late', sequence: 10, code: LateCode.unusableImage });
    expect(kinds(result)).toBe('late snapshotBegin level level snapshotEnd level');
  });

  it('takes a newer image while synced, and leaves an older one', () => {
    const result = decode([image(5), diff(1, 5), image(5), diff(6, 8), image(7), image(20), diff(9, 20), diff(21, 22)]);
    expect(result.mapper.syncFacts().get('X')).toMatchObject({ images: 2, applied: 2, staleDropped: 2, gaps: 0, imageId: 20, lastId: 22 });
    expect(rowsOf(result).filter((row) => row.kind === 'late' && row.code === LateCode.unusableImage)).toHaveLength(1);
    // The very first image came before anything told its symbol.
    expect(result.letters.map((letter) => letter.reason)[0]).toContain('symbol');
  });

  it('counts updates that the book already holds', () => {
    const result = decode([diff(5, 6), image(6), diff(7, 8), diff(7, 8), diff(9, 9)]);
    expect(result.report).toMatchObject({ duplicates: 1, gaps: 0 });
    expect(kinds(result)).toBe('snapshotBegin level level snapshotEnd late level duplicate level');
  });

  it('says at the end what never got an image', () => {
    const result = decode([diff(5, 6), diff(7, 8)]);
    expect(rowsOf(result)).toMatchObject([{ kind: 'late', size: 2, code: LateCode.noImage }]);
  });

  it('moves on with an update without levels', () => {
    const result = decode([diff(5, 6), image(6), diff(7, 8, [], []), diff(9, 9)]);
    expect(kinds(result)).toBe('snapshotBegin level level snapshotEnd late boundary level');
  });
});

describe('the futures gate', () => {
  it('chains by pu, whatever U is', () => {
    const result = decode(
      [futuresDiff(1, 4, 0), futuresDiff(6, 12, 4), image(10), futuresDiff(17, 20, 12), futuresDiff(30, 31, 20)],
      'binance-usdm',
    );
    expect(result.mapper.syncFacts().get('X')).toMatchObject({ applied: 3, staleDropped: 1, gaps: 0, lastId: 31 });
  });

  it('sees a hole where pu differs', () => {
    const result = decode([futuresDiff(6, 12, 4), image(10), futuresDiff(13, 20, 13)], 'binance-usdm');
    expect(rowsOf(result).find((row) => row.kind === 'gap')).toMatchObject({ sequence: 13, ref: 13, size: 0 });
  });

  it('accepts a first update whose pu is the image', () => {
    const result = decode([image(10), futuresDiff(12, 20, 10)].reverse(), 'binance-usdm');
    expect(result.mapper.syncFacts().get('X')).toMatchObject({ applied: 1, gaps: 0 });
  });
});

describe('a recording of another market', () => {
  const update = (symbol: string, pu: number | null): object => {
    const { s: _, pu: __, ...rest } = futuresDiff(6, 12, 4) as Record<string, unknown>;
    return { ...rest, s: symbol, ...(pu === null ? {} : { pu }) };
  };
  // The byte scanner knows one order of keys; any other goes through JSON.parse.
  const scanned = (symbol: string, pu: number | null): string => {
    const head = `{"e":"depthUpdate","E":1723161252900,"s":"${symbol}","U":6,"u":12`;
    return `${head}${pu === null ? '' : `,"pu":${pu}`},"b":[["100","1"]],"a":[]}`;
  };
  const refusal = (message: object | string, venue: BinanceVenue): unknown => {
    try {
      decode([message], venue);
      return null;
    } catch (thrown) {
      return thrown;
    }
  };

  it.each<[string, number | null, BinanceVenue, string]>([
    ['BTCUSDT', 4, 'binance', 'its depth updates carry pu), not of Binance spot: choose binance-usdm or binance-coinm.'],
    ['BTCUSDT', null, 'binance-usdm', 'of Binance spot (its depth updates carry no pu), not of Binance USD-M futures: choose binance.'],
    ['BTCUSD_PERP', null, 'binance-coinm', 'not of Binance COIN-M futures: choose binance.'],
    ['BTCUSD_PERP', 4, 'binance-usdm', 'it has the symbol BTCUSD_PERP), not of Binance USD-M futures: choose binance-coinm.'],
    ['BTCUSD_240927', 4, 'binance-usdm', 'choose binance-coinm.'],
    ['BTCUSDT', 4, 'binance-coinm', 'choose binance-usdm.'],
    ['BTCUSDT_240927', 4, 'binance-coinm', 'choose binance-usdm.'],
  ])('is refused in words: %s, pu %s, read as %s', (symbol, pu, venue, words) => {
    for (const message of [update(symbol, pu), scanned(symbol, pu)]) {
      const error = refusal(message, venue);
      expect(error).toBeInstanceOf(FormatError);
      expect(error).toMatchObject({ code: 'format.wrong-venue', message: expect.stringContaining(words) });
    }
  });

  it.each<[string, number | null, BinanceVenue]>([
    ['BTCUSDT', null, 'binance'],
    ['BTCUSDT_240927', 4, 'binance-usdm'],
    ['BTCBUSD_210129', 4, 'binance-usdm'],
    ['ETHBTC', 4, 'binance-usdm'],
    ['BNBUSD_PERP', 4, 'binance-coinm'],
    ['BNBUSD_240927', 4, 'binance-coinm'],
    ['BNBUSD_240927', 4, 'binance-usdm'],
  ])('is not seen in its own, nor where it cannot be told: %s, pu %s, read as %s', (symbol, pu, venue) => {
    expect(refusal(update(symbol, pu), venue)).toBeNull();
    expect(refusal(scanned(symbol, pu), venue)).toBeNull();
  });

  it('is not what a damaged later update makes of it', () => {
    const result = decode([update('BTCUSDT', 4), update('BTCUSDT', null)], 'binance-usdm');
    expect(result.report.messages).toBe(2);
  });

  it('takes the scanned form by the byte scanner', () => {
    expect(decode([scanned('BTCUSDT', 4)], 'binance-usdm').mapper.fallbacks).toBe(0);
    expect(decode([update('BTCUSDT', 4)], 'binance-usdm').mapper.fallbacks).toBe(1);
  });
});

describe('trades and quotes', () => {
  const trade = (m: boolean, extra: object = {}): object => ({
    e: 'trade',
    E: 1_723_161_252_905,
    s: 'X',
    t: 77,
    p: '100.5',
    q: '0.25',
    T: 1_723_161_252_904,
    m,
    ...extra,
  });
  const aggTrade = { e: 'aggTrade', E: 1_723_161_252_905, s: 'X', a: 5, p: '100.5', q: '1', f: 1, l: 2, T: 1_723_161_252_904, m: false };

  it('reads m as: the buyer was the maker, so the taker sold', () => {
    const rows = rowsOf(decode([trade(true), trade(false)]));
    expect(rows.map((row) => row.side)).toEqual([Side.ask, Side.bid]);
    expect(rows[0]).toMatchObject({ price: 10_050_000_000, size: 25_000_000, sequence: 77, exchangeNs: 1_723_161_252_904_000_000n });
  });

  it('takes aggregate trades only while a symbol has shown no single ones', () => {
    const result = decode([aggTrade, trade(true), aggTrade]);
    expect(rowsOf(result).map((row) => row.code)).toEqual([TradeCode.aggregate, TradeCode.single]);
    expect(result.report.messagesByType).toEqual({ aggTrade: 2, trade: 1 });
  });

  it('counts futures trades outside the book, and makes no trade of them', () => {
    const result = decode([trade(true, { X: 'INSURANCE_FUND' }), trade(true, { X: 'MARKET' })], 'binance-usdm');
    expect(result.report.messagesByType).toEqual({ tradeOutsideBook: 1, trade: 1 });
    expect(rowsOf(result)).toHaveLength(1);
  });

  it('marks a quote without a venue time instead of inventing a latency', () => {
    const rows = rowsOf(decode([{ u: 4, s: 'X', b: '1', B: '2', a: '3', A: '4' }]));
    expect(rows).toMatchObject([
      { kind: 'quote', side: Side.bid, code: 1, end: false },
      { kind: 'quote', side: Side.ask, code: 1, end: true },
    ]);
    expect(rows[0].exchangeNs).toBe(rows[0].receiveNs);
  });

  it('tells microseconds from milliseconds by the number of digits', () => {
    const rows = rowsOf(decode([trade(true, { E: 1_723_161_252_905_123, T: 1_723_161_252_904_123 })]));
    expect(rows[0].exchangeNs).toBe(1_723_161_252_904_123_000n);
  });
});

describe('bad input', () => {
  it.each([
    ['not json', '{"e":', UnparseableReason.notJson],
    [
      'a number that does not fit',
      { e: 'trade', E: 1, s: 'X', t: 1, p: '99999999999', q: '1', T: 1, m: true },
      UnparseableReason.numberOutOfRange,
    ],
    ['a missing field', { e: 'trade', E: 1, s: 'X', t: 1, p: '1', T: 1, m: true }, UnparseableReason.badField],
    [
      'one bad level',
      diff(7, 8, [
        ['100', '1'],
        ['1e5', '1'],
      ]),
      UnparseableReason.badField,
    ],
    ['an unknown object', { hello: 1 }, UnparseableReason.unknownMessage],
    ['an array', [1, 2], UnparseableReason.unknownMessage],
    ['a type that is not a name', { e: '__proto__' }, UnparseableReason.unknownMessage],
  ])('refuses %s as a whole, and goes on', (_, message, reason) => {
    const result = decode([diff(5, 6), image(6), message, diff(7, 8)]);
    expect(kinds(result)).toBe('snapshotBegin level level snapshotEnd late unparseable level');
    expect(rowsOf(result)[5].code).toBe(reason);
    expect(result.letters).toHaveLength(1);
    expect(result.report.unparseable).toBe(1);
  });

  it('reports receive times that step back, lines without one, and a cut tail', () => {
    const text = `${SECOND} {"result":null,"id":1}\n${SECOND - 5n} {"result":null,"id":2}\nno time here\n${SECOND} {"e":"tra`;
    const result = decodeJournal([new TextEncoder().encode(text)], 'binance');
    expect(kinds(result)).toBe('timeStep unparseable truncated');
    expect(rowsOf(result)[0].size).toBe(5);
    expect(result.report).toMatchObject({
      timeSteps: 1,
      unparseable: 1,
      truncatedBytes: 29,
      messages: 2,
      messagesByType: { reply: 2 },
      packets: 4,
    });
  });

  it('gives what comes before the first receive time that time', () => {
    const result = decodeJournal([new TextEncoder().encode(`no time here\n${SECOND} {"result":null,"id":1}\n`)], 'binance');
    expect(rowsOf(result)).toMatchObject([{ kind: 'unparseable', code: UnparseableReason.noReceiveTime, receiveNs: SECOND }]);
  });

  it.each([5_000_000_000_000, 999_999_999_999_999, Number.MAX_SAFE_INTEGER])(
    'refuses an event time of %d, which no column can hold',
    (E) => {
      const result = decode([{ e: 'trade', E, s: 'X', t: 1, p: '1', q: '1', T: 1_723_161_252_904, m: true }]);
      expect(rowsOf(result)).toMatchObject([{ kind: 'unparseable', code: UnparseableReason.badField }]);
    },
  );

  it('cannot place an image when two symbols wait for one', () => {
    const other = { e: 'depthUpdate', E: 1, s: 'Y', U: 1, u: 2, b: [], a: [] };
    const result = decode([diff(5, 6), other, image(6)]);
    expect(result.report.unparseable).toBe(1);
  });
});

describe('an image without a symbol', () => {
  const ticker = (s: string): object => ({ u: 4, s, b: '1', B: '2', a: '3', A: '4' });

  it('belongs to the only symbol shown', () => {
    expect(
      decode([ticker('X'), image(6), diff(7, 8)])
        .mapper.syncFacts()
        .get('X'),
    ).toMatchObject({ images: 1, applied: 1 });
  });

  it('is not given to an exact book when another symbol was shown', () => {
    const result = decode([ticker('Y'), diff(5, 6), image(6), diff(7, 8), image(900), diff(9, 9)]);
    expect(result.mapper.syncFacts().get('X')).toMatchObject({ images: 1, applied: 2, gaps: 0 });
    expect(result.report.unparseable).toBe(1);
  });
});

describe('helpers', () => {
  it('finds the symbol in a REST address', () => {
    expect(symbolOfUrl('https://api.example/api/v3/depth?limit=1000&symbol=nknusdt')).toBe('NKNUSDT');
    expect(symbolOfUrl('https://api.example/api/v3/depth?limit=1000')).toBeNull();
    expect(symbolOfUrl(null)).toBeNull();
  });

  it('keeps the waiting room bounded and counts what gives way', () => {
    const room = new WaitingRoom(3, 100);
    const message = new BinanceMessage(() => ({ price: scaleOf(8), size: scaleOf(8) }));
    for (let i = 0; i < 5; i++) {
      message.lastId = i;
      room.hold(message, 0, 0);
    }
    expect(room.dropped).toBe(2);
    expect(room.takeAll().map((update) => update.lastId)).toEqual([2, 3, 4]);
  });
});
