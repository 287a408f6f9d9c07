/**
 * From real bytes to the numbers that others computed: every recording with an expect.json goes through the command line's
 * import, and each fact that the report carries must be exactly the expected one; then `verify` proves the recording.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../core/model/index.ts';
import { realDataPath } from '../fixtures/real-data.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, '../../electron/cli/index.ts');

interface GoldenCase {
  readonly title: string;
  readonly files: readonly string[];
  readonly expectFile: string;
  readonly venue: string | null;
}

const IEX_CASES: readonly GoldenCase[] = [
  'DEEP10_20231002_first5000packets.pcap.gz',
  'TOPS16_20170710.pcapng.gz',
  'TOPS16_20180103_truncated.pcapng',
].map((name) => ({ title: name, files: [`iex/${name}`], expectFile: `iex/${name}.expect.json`, venue: null }));

const BINANCE_CASES: readonly GoldenCase[] = [
  { title: 'spot, one day', files: ['spot_btcusdt_20240808.gz'], expectFile: 'spot_btcusdt_20240808.gz.expect.json', venue: 'binance' },
  {
    title: 'spot, two files as one stream',
    files: ['spot_btcusdt_20240808.gz', 'spot_btcusdt_20240809.gz'],
    expectFile: 'spot_btcusdt_20240809.gz.expect.json',
    venue: 'binance',
  },
  { title: 'USD-M', files: ['usdm_btcusdt_20240808.gz'], expectFile: 'usdm_btcusdt_20240808.gz.expect.json', venue: 'binance-usdm' },
  { title: 'COIN-M', files: ['cm_btcusd_perp_20240808.gz'], expectFile: 'cm_btcusd_perp_20240808.gz.expect.json', venue: 'binance-coinm' },
  {
    title: 'spot, several symbols, images in a second file',
    files: ['cryptofeed_BINANCE.http.gz', 'cryptofeed_BINANCE.ws.gz'],
    expectFile: 'cryptofeed_BINANCE.expect.json',
    venue: 'binance',
  },
  {
    title: 'USD-M, several symbols, images in a second file',
    files: ['cryptofeed_BINANCE_FUTURES.http.gz', 'cryptofeed_BINANCE_FUTURES.ws.gz'],
    expectFile: 'cryptofeed_BINANCE_FUTURES.expect.json',
    venue: 'binance-usdm',
  },
].map((c) => ({ ...c, files: c.files.map((f) => `binance/${f}`), expectFile: `binance/${c.expectFile}` }));

let dataDir = '';
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'depthscope-golden-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

async function cli(...args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, [CLI, ...args, '--json', '--data-dir', dataDir], { maxBuffer: 64 << 20 });
  return JSON.parse(stdout);
}

async function importCase(golden: GoldenCase): Promise<ImportReport> {
  const paths = golden.files.map((file) => realDataPath(file) ?? '');
  return (await cli('import', ...paths, ...(golden.venue ? ['--venue', golden.venue] : []))) as ImportReport;
}

function facts(golden: GoldenCase): Record<string, never> {
  return JSON.parse(readFileSync(realDataPath(golden.expectFile) ?? '', 'utf8')) as Record<string, never>;
}

describe('IEX captures', () => {
  for (const golden of IEX_CASES) {
    it.runIf(realDataPath(golden.files[0] ?? ''))(golden.title, { timeout: 120_000 }, async () => {
      const expected = facts(golden) as unknown as IexFacts;
      const report = await importCase(golden);
      expect(report).toMatchObject({
        container: expected.container,
        packets: expected.packets,
        heartbeats: expected.heartbeatSegments,
        messages: expected.messages,
        messagesByType: expected.messagesByType,
        gaps: expected.sequenceGapCount,
        restarts: expected.sessionRestarts,
        duplicates: expected.replayedOrOutOfOrderSegments,
        truncatedBytes: expected.trailingTruncatedBytes,
        unparseable: 0,
        trades: expected.trades.count,
        crossed: expected.crossedBooksAfterCompleteEvent ?? 0,
        firstTimeNs: expected.firstMessageTimeNs,
        lastTimeNs: expected.lastMessageTimeNs,
        levelUpdates: (expected.messagesByType['5'] ?? 0) + (expected.messagesByType['8'] ?? 0),
        finalBooksSha256: expected.allFinalBooksSha256 ?? null,
        finalQuotesSha256: expected.allFinalQuotesSha256 ?? null,
      });
      expect(await cli('verify', report.session)).toMatchObject({ verified: true, stateHash: report.stateHash });
    });
  }
});

describe('Binance recordings', () => {
  for (const golden of BINANCE_CASES) {
    it.runIf(golden.files.every((file) => realDataPath(file)))(golden.title, { timeout: 240_000 }, async () => {
      const expected = facts(golden) as unknown as BinanceFacts;
      const report = await importCase(golden);
      const syncs = Object.values(expected.bookSync);
      const sum = (pick: (sync: BookSyncFacts) => number): number => syncs.reduce((total, sync) => total + pick(sync), 0);
      const tradeCount = (table: Record<string, { count: number }>): number =>
        Object.values(table).reduce((total, t) => total + t.count, 0);
      expect(report).toMatchObject({
        messagesByType: expected.messages,
        messages: Object.values(expected.messages).reduce((total, n) => total + n, 0),
        gaps: sum((sync) => sync.gaps),
        staleDropped: sum((sync) => sync.staleDropped),
        levelUpdates: sum((sync) => sync.levelUpdates),
        unknownLevelRemovals: sum((sync) => sync.removalsOfUnknownLevel),
        crossed: sum((sync) => sync.crossed),
        trades: tradeCount(expected.trades) + tradeCount(expected.aggTrades),
        negativeLatencies: expected.localMinusEventTime.negative,
        timeSteps: expected.localClockSteppedBack,
        unparseable: 0,
        truncatedBytes: 0,
        finalBooksSha256: expected.finalBooksSha256,
      });
      expect(await cli('verify', report.session)).toMatchObject({ verified: true, stateHash: report.stateHash });
      const end = report.lastReceiveNs ?? '';
      for (const [symbol, top] of Object.entries(expected.finalTop)) {
        const book = (await cli('book', report.session, '--symbol', symbol, '--at', end, '--depth', '1')) as {
          bids: string[][];
          asks: string[][];
        };
        expect({ bid: book.bids[0], ask: book.asks[0] }).toEqual({ bid: [top.bid, top.bidSize], ask: [top.ask, top.askSize] });
      }
    });
  }
});

it.runIf(realDataPath('iex/TOPS16_20170710.pcapng.gz'))(
  'the same content under another name is recognised',
  { timeout: 120_000 },
  async () => {
    const source = realDataPath('iex/TOPS16_20170710.pcapng.gz') ?? '';
    const first = (await cli('import', source)) as ImportReport;
    const copy = join(dataDir, 'renamed.bin');
    const { copyFileSync } = await import('node:fs');
    copyFileSync(source, copy);
    const second = (await cli('import', copy)) as ImportReport;
    expect(second).toMatchObject({ session: first.session, alreadyImported: true, stateHash: first.stateHash });
  },
);

interface IexFacts {
  container: string;
  packets: number;
  heartbeatSegments: number;
  messages: number;
  messagesByType: Record<string, number>;
  sequenceGapCount: number;
  sessionRestarts: number;
  replayedOrOutOfOrderSegments: number;
  trailingTruncatedBytes: number;
  trades: { count: number };
  crossedBooksAfterCompleteEvent?: number;
  firstMessageTimeNs: string;
  lastMessageTimeNs: string;
  allFinalBooksSha256?: string;
  allFinalQuotesSha256?: string;
}

interface BookSyncFacts {
  gaps: number;
  staleDropped: number;
  levelUpdates: number;
  removalsOfUnknownLevel: number;
  crossed: number;
}

interface BinanceFacts {
  messages: Record<string, number>;
  bookSync: Record<string, BookSyncFacts>;
  trades: Record<string, { count: number }>;
  aggTrades: Record<string, { count: number }>;
  localMinusEventTime: { negative: number };
  localClockSteppedBack: number;
  finalBooksSha256: string;
  finalTop: Record<string, { bid: string; bidSize: string; ask: string; askSize: string }>;
}
