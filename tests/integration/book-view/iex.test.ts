/**
 * IEX captures from file to frame: imported by the real host and its threads, and every cell compared with a book that is
 * kept by the plainest means from the decoder's rows.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ViewInfo } from '../../../core/contract/index.ts';
import { decodeViewFrame, RowFlag, type ViewFrame } from '../../../core/frames/index.ts';
import { BookState, EventFlag, Side } from '../../../core/model/index.ts';
import { DEEP, DEEP_PLUS, frame, message, pcap, segment, START_NS } from '../../fixtures/iex-capture.ts';
import { decodeCapture, type Row, rowsOf } from '../../fixtures/iex-decoding.ts';
import { realDataPath } from '../../fixtures/real-data.ts';
import { type HostHarness, startHost } from '../host/harness.ts';

const SECOND = 1_000_000_000n;

let host: HostHarness;
beforeEach(async () => {
  host = await startHost();
});
afterEach(() => host.end());

async function imported(path: string): Promise<{ sessionId: string; ids: Map<string, number> }> {
  const { report } = await host.host.startImport({ kind: 'files', paths: [path], venue: null }).done;
  const manifest = await host.client.call('sessions.manifest', { sessionId: report.session });
  return { sessionId: report.session, ids: new Map(manifest.instruments.map((one) => [one.symbol, one.id])) };
}

async function opened(
  sessionId: string,
  instrumentId: number,
  wanted: { bucketNs: number; bins: number },
): Promise<{ info: ViewInfo; shown: ViewFrame }> {
  const info = await host.client.call('view.open', { sessionId, instrumentId });
  const { viewId } = info;
  const shown = await new Promise<ViewFrame>((resolve, reject) => {
    const stop = host.client.subscribe(
      'view.frames',
      { viewId },
      {
        onItem: (bytes) => {
          const one = decodeViewFrame(bytes);
          if (one.epoch !== 1) return;
          stop();
          resolve(one);
        },
        onError: reject,
      },
    );
    const rows = Math.ceil(Number(BigInt(info.toNs) - BigInt(info.fromNs)) / wanted.bucketNs / 0.9) + 2;
    host.client.call('view.window', { viewId, epoch: 1, window: { ...info.suggested, ...wanted, rows } }).catch(reject);
  });
  await host.client.call('view.close', { viewId });
  return { info, shown };
}

type Levels = Map<number, number>;
interface Depth {
  readonly bids: Levels;
  readonly asks: Levels;
}

/** The last complete book of a symbol at each of the times, by the plainest means. */
function depthsAt(rows: readonly Row[], symbol: string, times: readonly bigint[]): Depth[] {
  const bids: Levels = new Map();
  const asks: Levels = new Map();
  const orders = new Map<number, { side: number; price: number; size: number }>();
  const sideOf = (side: number): Levels => (side === Side.bid ? bids : asks);
  const add = (side: number, price: number, size: number): void => {
    const sum = (sideOf(side).get(price) ?? 0) + size;
    if (sum === 0) sideOf(side).delete(price);
    else sideOf(side).set(price, sum);
  };
  const change = (id: number, to: { price: number; size: number } | null): void => {
    const order = orders.get(id);
    if (!order) return;
    add(order.side, order.price, -order.size);
    orders.delete(id);
    if (to === null || to.size === 0) return;
    orders.set(id, { side: order.side, ...to });
    add(order.side, to.price, to.size);
  };
  const apply = (row: Row): void => {
    const { kind, side, price, size, ref } = row;
    if (kind === 'level' && size === 0) sideOf(side).delete(price);
    else if (kind === 'level') sideOf(side).set(price, size);
    else if (kind === 'quote') {
      sideOf(side).clear();
      if (size > 0) sideOf(side).set(price, size);
    } else if (kind === 'orderAdd') {
      orders.set(ref, { side, price, size });
      add(side, price, size);
    } else if (kind === 'orderModify') change(ref, { price, size });
    else if (kind === 'orderDelete') change(ref, null);
    else if (kind === 'orderExecute') {
      const order = orders.get(ref);
      if (order) change(ref, { price: order.price, size: order.size - size });
    } else if (kind === 'clear') {
      bids.clear();
      asks.clear();
      orders.clear();
    }
  };
  const out: Depth[] = [];
  let complete: Depth = { bids: new Map(), asks: new Map() };
  let axis = 0n;
  let at = 0;
  for (const time of times) {
    for (; at < rows.length; at++) {
      const row = rows[at];
      axis = row.receiveNs > axis ? row.receiveNs : axis;
      if (axis > time) break;
      if (row.symbol !== symbol && row.symbol !== '*') continue;
      apply(row);
      if ((row.flags & EventFlag.eventEnd) !== 0) complete = { bids: new Map(bids), asks: new Map(asks) };
    }
    out.push(complete);
  }
  return out;
}

/** Compares every row of a frame with the books, and returns how many rows held a level. */
function demandSame(shown: ViewFrame, rows: readonly Row[], symbol: string): { held: number; depths: Depth[] } {
  const ends = Array.from({ length: shown.rows }, (_, i) => BigInt(shown.firstRow + i + 1) * BigInt(shown.bucketNs) - 1n);
  const depths = depthsAt(
    rows,
    symbol,
    ends.map((end) => (end < shown.headNs ? end : shown.headNs)),
  );
  let held = 0;
  for (const [i, end] of ends.entries()) {
    if (end + 1n - BigInt(shown.bucketNs) > shown.headNs) continue;
    const expected = new Array<number>(shown.bins).fill(0);
    const { bids, asks } = depths[i];
    for (const [price, size] of bids) {
      const bin = Math.floor((price - shown.lowUnits) / shown.binUnits);
      if (bin >= 0 && bin < shown.bins) expected[bin] -= size;
    }
    for (const [price, size] of asks) {
      const bin = Math.ceil((price - shown.lowUnits) / shown.binUnits);
      if (bin >= 0 && bin < shown.bins) expected[bin] += size;
    }
    if (expected.some((cell) => cell !== 0)) held++;
    expect([...shown.heat.subarray(i * shown.bins, (i + 1) * shown.bins)].map((cell) => cell || 0)).toEqual(
      expected.map((cell) => cell || 0),
    );
    expect(shown.touch[2 * i]).toBe(bids.size > 0 ? Math.max(...bids.keys()) : Number.NaN);
    expect(shown.touch[2 * i + 1]).toBe(asks.size > 0 ? Math.min(...asks.keys()) : Number.NaN);
  }
  return { held, depths };
}

describe('real captures', () => {
  const deep = realDataPath('iex/DEEP10_20231002_first5000packets.pcap.gz');
  it.runIf(deep)('DEEP: resting levels stay across empty buckets, in every instrument looked at', async () => {
    const { sessionId, ids } = await imported(deep as string);
    const rows = rowsOf(decodeCapture([gunzipSync(readFileSync(deep as string))]));
    for (const symbol of ['VOO', 'TQQQ', 'BOIL', 'TTE']) {
      const { info, shown } = await opened(sessionId, ids.get(symbol) as number, { bucketNs: 5e9, bins: 120 });
      expect(shown.headNs).toBe(BigInt(info.toNs));
      const { held } = demandSame(shown, rows, symbol);
      expect(held).toBeGreaterThan(0);
    }
  });

  const tops = realDataPath('iex/TOPS16_20170710.pcapng.gz');
  it.runIf(tops)('TOPS: a map of the two best levels', async () => {
    const { sessionId, ids } = await imported(tops as string);
    const rows = rowsOf(decodeCapture([gunzipSync(readFileSync(tops as string))]));
    for (const symbol of ['DISH', 'ELLO']) {
      const { shown } = await opened(sessionId, ids.get(symbol) as number, { bucketNs: 1e9, bins: 2048 });
      const { held } = demandSame(shown, rows, symbol);
      expect(held).toBeGreaterThan(0);
      for (let i = 0; i < shown.rows; i++) {
        const filled = shown.heat.subarray(i * shown.bins, (i + 1) * shown.bins).filter((cell) => cell !== 0);
        expect(filled.length).toBeLessThanOrEqual(2);
      }
    }
  });
});

describe('made captures', () => {
  const at = (seconds: number): bigint => START_NS + BigInt(seconds) * SECOND;
  const packet = (seconds: number, first: number, messages: readonly Uint8Array[], protocol: number) => ({
    data: frame(segment(messages, { protocol, first, sendNs: at(seconds) })),
    timeNs: at(seconds),
  });
  const write = (name: string, packets: Parameters<typeof pcap>[0]): { path: string; rows: Row[] } => {
    const capture = pcap(packets);
    const path = join(host.dataDir, name);
    writeFileSync(path, capture);
    return { path, rows: rowsOf(decodeCapture([capture])) };
  };

  it('DEEP+: orders of a price add up, and rest through 26 minutes without a message', async () => {
    const { path, rows } = write('orders.pcap', [
      packet(
        0,
        1,
        [
          message.add('8', at(0), 'QUIET', { id: 1, size: 300, price: 100_0000 }),
          message.add('8', at(0), 'QUIET', { id: 2, size: 200, price: 100_0000 }),
          message.add('5', at(0), 'QUIET', { id: 3, size: 100, price: 100_0500 }),
        ],
        DEEP_PLUS,
      ),
      packet(60, 4, [message.execute(0, at(60), 'QUIET', { id: 1, size: 100, price: 100_0000, tradeId: 9 })], DEEP_PLUS),
      packet(
        1560,
        5,
        [
          message.modify(0, at(1560), 'QUIET', { id: 3, size: 50, price: 100_0600 }),
          message.add('5', at(1560), 'LONE', { id: 8, size: 10, price: 7_0000 }),
          message.status('T', at(1560), 'SILENT'),
        ],
        DEEP_PLUS,
      ),
      packet(1580, 8, [message.remove(at(1580), 'QUIET', 2)], DEEP_PLUS),
    ]);
    const { sessionId, ids } = await imported(path);
    const { shown } = await opened(sessionId, ids.get('QUIET') as number, { bucketNs: 1e9, bins: 200 });
    const { held, depths } = demandSame(shown, rows, 'QUIET');
    expect(held).toBeGreaterThanOrEqual(1580);
    expect(depths.at(-1)?.bids).toEqual(new Map([[100_0000, 200]]));
    expect([...shown.bids, ...shown.asks]).toEqual([100_0000, 200, 100_0600, 50]);
    for (const symbol of ['LONE', 'SILENT']) {
      const other = await opened(sessionId, ids.get(symbol) as number, { bucketNs: 1e9, bins: 120 });
      demandSame(other.shown, rows, symbol);
      expect(other.shown.asks.length).toBe(symbol === 'LONE' ? 2 : 0);
    }
  });

  it('a gap of the whole feed marks its bucket in every instrument, and the book is stale from there', async () => {
    const level = (seconds: number, symbol: string, side: '8' | '5', price: number): Uint8Array =>
      message.level(side, 1, at(seconds), { symbol, price, size: 100 });
    const { path, rows } = write('gap.pcap', [
      packet(0, 1, [level(0, 'AAA', '8', 50_0000), level(0, 'AAA', '5', 50_0100), level(0, 'BBB', '8', 9_0000)], DEEP),
      packet(10, 40, [level(10, 'BBB', '5', 9_0100)], DEEP),
      packet(20, 41, [level(20, 'BBB', '8', 8_9900)], DEEP),
    ]);
    expect(rows.filter(({ kind }) => kind === 'gap')).toMatchObject([{ symbol: '*' }]);
    const { sessionId, ids } = await imported(path);
    const { shown } = await opened(sessionId, ids.get('AAA') as number, { bucketNs: 1e9, bins: 120 });
    demandSame(shown, rows, 'AAA');
    expect(shown.bookState).toBe(BookState.stale);
    const headRow = shown.rowFlags.findLastIndex((flags) => (flags & RowFlag.empty) === 0);
    expect(shown.rowFlags[headRow - 11]).toBe(0);
    expect(shown.rowFlags[headRow - 10]).toBe(RowFlag.gap | RowFlag.stale);
    expect([...shown.rowFlags.subarray(headRow - 9, headRow + 1)]).toEqual(new Array(10).fill(RowFlag.stale));
  });
});
