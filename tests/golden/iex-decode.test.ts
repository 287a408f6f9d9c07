/** Real IEX captures through the decoder alone: every fact that needs no book must be that of the expectation file. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EventFlag, Side, StatusCode } from '../../core/model/index.ts';
import { fixedFromUnits, isoFromNs } from '../../core/units/index.ts';
import { DEEP, frame, pcap, segment, TOPS } from '../fixtures/iex-capture.ts';
import { decodeCapture, type Row, rowsOf } from '../fixtures/iex-decoding.ts';
import { realDataPath } from '../fixtures/real-data.ts';

const FILES = ['DEEP10_20231002_first5000packets.pcap.gz', 'TOPS16_20170710.pcapng.gz', 'TOPS16_20180103_truncated.pcapng'];
const SYSTEM_LETTERS: Record<number, string> = {
  [StatusCode.startOfMessages]: 'O',
  [StatusCode.startOfSystemHours]: 'S',
  [StatusCode.startOfRegularHours]: 'R',
  [StatusCode.endOfRegularHours]: 'M',
  [StatusCode.endOfSystemHours]: 'E',
  [StatusCode.endOfMessages]: 'C',
};

interface Expected {
  readonly bytes: number;
  readonly container: string;
  readonly packets: number;
  readonly heartbeatSegments: number;
  readonly trailingTruncatedBytes: number;
  readonly sequenceGapCount: number;
  readonly replayedOrOutOfOrderSegments: number;
  readonly sessionRestarts: number;
  readonly messages: number;
  readonly messagesByType: Record<string, number>;
  readonly firstCaptureTime: string;
  readonly lastCaptureTime: string;
  readonly firstMessageTimeNs: string;
  readonly lastMessageTimeNs: string;
  readonly messageTimestampDecreases: number;
  readonly systemEventString: string;
  readonly systemEvents: readonly { readonly timestampNs: string }[];
  readonly checkpoints: readonly { readonly afterMessages: number; readonly quotesSha256?: string }[];
  readonly trades: {
    count: number;
    symbols: number;
    sumSize: number;
    sumSizeTimesPriceE4: string;
    breaks: number;
    saleConditionFlags: Record<string, number>;
  };
  readonly tradesBySymbolTop: Record<string, { readonly count: number; readonly sumSize: number }>;
  readonly eventFlags?: { readonly eventComplete: number };
  readonly quoteSymbols?: number;
  readonly allFinalQuotesSha256?: string;
  readonly tradingStatusFinal: Record<string, number>;
}

function load(path: string): Uint8Array {
  const raw = readFileSync(path);
  return raw[0] === 0x1f ? gunzipSync(raw) : raw;
}

function saleByte(flags: number): number {
  const bits: readonly (readonly [number, number])[] = [
    [EventFlag.intermarketSweep, 0x80],
    [EventFlag.extendedHours, 0x40],
    [EventFlag.oddLot, 0x20],
    [EventFlag.tradeThroughExempt, 0x10],
    [EventFlag.singlePriceCross, 0x08],
  ];
  return bits.reduce((sum, [flag, bit]) => sum + ((flags & flag) === 0 ? 0 : bit), 0);
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

/** The hash of all quotes after the message with this sequence number. */
function quotesSha256(rows: readonly Row[], afterMessages: number): string {
  const quotes = new Map<string, { bid: Row; ask: Row | null }>();
  for (const row of rows) {
    if (row.kind !== 'quote' || row.sequence > afterMessages) continue;
    if (row.side === Side.bid) quotes.set(row.symbol, { bid: row, ask: null });
    else (quotes.get(row.symbol) as { ask: Row | null }).ask = row;
  }
  const lines = [...quotes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, { bid, ask }]) => {
      const askRow = ask as Row;
      return `${symbol},${bid.size},${fixedFromUnits(bid.price, 4)},${fixedFromUnits(askRow.price, 4)},${askRow.size}`;
    });
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

for (const name of FILES) {
  const path = realDataPath(`iex/${name}`);
  describe.runIf(path)(name, () => {
    const expected = path ? (JSON.parse(readFileSync(`${path}.expect.json`, 'utf8')) as Expected) : ({} as Expected);
    const decoded = path ? decodeCapture([load(path)], 65_536) : null;
    const { report } = decoded ?? { report: null };
    const rows = decoded ? rowsOf(decoded) : [];

    it('has the counts', () => {
      expect(report).toEqual({
        container: expected.container,
        protocol: name.startsWith('DEEP') ? 'DEEP 1.0' : 'TOPS 1.6',
        packets: expected.packets,
        heartbeats: expected.heartbeatSegments,
        messages: expected.messages,
        messagesByType: expected.messagesByType,
        gaps: expected.sequenceGapCount,
        restarts: expected.sessionRestarts,
        duplicates: expected.replayedOrOutOfOrderSegments,
        truncatedBytes: expected.trailingTruncatedBytes,
        unparseable: 0,
        foreignPackets: 0,
        staleDropped: 0,
        timeSteps: expected.messageTimestampDecreases,
        // The captures were taken after the events: a row earlier than its event would be a wrong time.
        negativeLatencies: rows.filter((row) => row.exchangeNs > row.receiveNs).length,
      });
      expect(decoded?.letters).toEqual([]);
    });

    it('has the times', () => {
      const told = rows.filter((row) => row.kind !== 'truncated');
      expect(told[0]?.exchangeNs.toString()).toBe(expected.firstMessageTimeNs);
      expect(told.at(-1)?.exchangeNs.toString()).toBe(expected.lastMessageTimeNs);
      const receive = rows.map((row) => row.receiveNs);
      // The first and last packets may be heartbeats, which make no row: the rows lie between.
      expect(isoFromNs(receive[0] as bigint) >= expected.firstCaptureTime).toBe(true);
      expect(isoFromNs(receive.at(-1) as bigint) <= expected.lastCaptureTime).toBe(true);
      expect(receive.every((time, i) => i === 0 || time >= (receive[i - 1] as bigint))).toBe(true);
    });

    it('has the system events and final statuses', () => {
      const events = rows.filter((row) => row.kind === 'status' && row.symbol === '*');
      expect(events.map((row) => SYSTEM_LETTERS[row.code]).join('')).toBe(expected.systemEventString);
      expect(events.map((row) => row.exchangeNs.toString())).toEqual(expected.systemEvents.map((event) => event.timestampNs));
      const last = new Map(
        rows.filter((row) => row.kind === 'status' && row.code <= StatusCode.paused).map((row) => [row.symbol, row.code]),
      );
      const letters: Record<number, string> = { [StatusCode.trading]: 'T', [StatusCode.halted]: 'H' };
      expect(countBy([...last.values()], (code) => letters[code] ?? '?')).toEqual(expected.tradingStatusFinal);
    });

    it('has the trades', () => {
      const trades = rows.filter((row) => row.kind === 'trade');
      const flags = countBy(trades, (row) => `0x${saleByte(row.flags).toString(16).padStart(2, '0')}`);
      expect({
        count: trades.length,
        symbols: new Set(trades.map((row) => row.symbol)).size,
        sumSize: trades.reduce((sum, row) => sum + row.size, 0),
        sumSizeTimesPriceE4: trades.reduce((sum, row) => sum + BigInt(row.size) * BigInt(row.price), 0n).toString(),
        breaks: rows.filter((row) => row.kind === 'tradeCancel').length,
        saleConditionFlags: flags,
      }).toEqual(expected.trades);
      for (const [symbol, facts] of Object.entries(expected.tradesBySymbolTop)) {
        const own = trades.filter((row) => row.symbol === symbol);
        expect([own.length, own.reduce((sum, row) => sum + row.size, 0)]).toEqual([facts.count, facts.sumSize]);
      }
    });

    if (expected.eventFlags)
      it('has the marked ends of events', () => {
        const levels = rows.filter((row) => row.kind === 'level');
        expect(levels.filter((row) => (row.flags & EventFlag.eventEnd) !== 0).length).toBe(expected.eventFlags?.eventComplete);
      });

    if (expected.allFinalQuotesSha256)
      it('has the quotes at every checkpoint and at the end', () => {
        expect(new Set(rows.filter((row) => row.kind === 'quote').map((row) => row.symbol)).size).toBe(expected.quoteSymbols);
        for (const { afterMessages, quotesSha256: sha } of expected.checkpoints) expect(quotesSha256(rows, afterMessages)).toBe(sha);
        expect(quotesSha256(rows, Number.POSITIVE_INFINITY)).toBe(expected.allFinalQuotesSha256);
      });
  });
}

interface ExpectedMessage {
  readonly type: string;
  readonly flagsOrCode: number;
  readonly timestampNs: string;
  readonly symbol?: string;
  readonly size?: number;
  readonly price?: string;
  readonly tradeId?: number;
  readonly bidSize?: number;
  readonly roundLot?: number;
  readonly adjustedPocPrice?: string;
  readonly luldTier?: number;
}

const dumps = realDataPath('iex/messages/expect.json');
describe.runIf(dumps)('single messages', () => {
  const expected = dumps
    ? (JSON.parse(readFileSync(dumps, 'utf8')) as Record<string, ExpectedMessage & { messages?: readonly ExpectedMessage[] }>)
    : {};
  const dumpRows = (name: string, protocol: number): Row[] => {
    const raw = new Uint8Array(readFileSync(realDataPath(`iex/messages/${name}`) as string));
    const told = expected[name] as ExpectedMessage & { messages?: readonly ExpectedMessage[] };
    const of = told.messages?.[0] ?? told;
    const payload = told.messages ? raw : segment([raw], { protocol });
    const rows = rowsOf(decodeCapture([pcap([{ data: frame(payload), timeNs: BigInt(of.timestampNs) }], { nanoseconds: true })]));
    for (const row of rows.filter((one) => one.kind !== 'gap')) {
      expect(row.exchangeNs.toString()).toBe(of.timestampNs);
      expect(row.symbol).toBe(of.symbol ?? '*');
    }
    return rows.filter((one) => one.kind !== 'gap');
  };

  it.each([
    ['DEEPSegment.dump', DEEP],
    ['TOPS16Segment.dump', TOPS],
  ])('%s', (name, protocol) => {
    const of = expected[name]?.messages?.[0] as ExpectedMessage;
    const row = dumpRows(name, protocol)[0] as Row;
    expect(row).toMatchObject({ kind: 'trade', size: of.size, sequence: of.tradeId });
    expect(fixedFromUnits(row.price, 4)).toBe(of.price);
    expect(saleByte(row.flags)).toBe(of.flagsOrCode);
  });

  it('price level', () => {
    const of = expected['IEXPriceLevelUpdateMessage.dump'] as ExpectedMessage;
    const row = dumpRows('IEXPriceLevelUpdateMessage.dump', DEEP)[0] as Row;
    expect(row).toMatchObject({ kind: 'level', side: Side.bid, size: of.size, flags: of.flagsOrCode });
    expect(fixedFromUnits(row.price, 4)).toBe(of.price);
  });

  it('quote', () => {
    const rows = dumpRows('IEXQuoteUpdateMessage.dump', TOPS);
    expect(rows.map((row) => [row.kind, row.price, row.size, row.ref])).toEqual([
      ['quote', 0, 0, 64],
      ['quote', 0, 0, 64],
    ]);
  });

  it('security directory', () => {
    const of = expected['IEXSecurityDirectoryMessage.dump'] as ExpectedMessage;
    const row = dumpRows('IEXSecurityDirectoryMessage.dump', TOPS)[0] as Row;
    expect(row).toMatchObject({
      kind: 'status',
      code: StatusCode.securityDirectory,
      size: of.roundLot,
      ref: of.flagsOrCode * 256 + (of.luldTier as number),
    });
    expect(fixedFromUnits(row.price, 4)).toBe(of.adjustedPocPrice);
  });

  it('system event and trading status', () => {
    expect(dumpRows('IEXSystemEventMessage.dump', TOPS)).toMatchObject([{ code: StatusCode.startOfSystemHours }]);
    expect(dumpRows('IEXTradingStatusMessage.dump', TOPS)).toMatchObject([{ code: StatusCode.halted, ref: 0x4e412020 }]);
  });
});
