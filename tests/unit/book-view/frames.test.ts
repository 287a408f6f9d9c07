import { describe, expect, it } from 'vitest';
import type { ViewWindow } from '../../../core/contract/index.ts';
import { encodeViewFrame, RowFlag, type ViewFrame } from '../../../core/frames/index.ts';
import { type EventBatch, EventFlag, EventKind, Side } from '../../../core/model/index.ts';
import { MARKET_INSTRUMENT, type MarketOptions, marketRows } from '../../fixtures/market-rows.ts';
import { RecordedSession } from '../../fixtures/recorded-session.ts';
import { ViewHarness } from '../../fixtures/view-harness.ts';

const MS = 1_000_000;
const VOIDING: MarketOptions = { seed: 3, events: 6000, paceNs: 4 * MS, images: true, gapEvery: 400 };
const STALING: MarketOptions = { ...VOIDING, seed: 9, images: false };
const WINDOW: ViewWindow = { endNs: null, bucketNs: 100 * MS, rows: 80, lowUnits: 9950, binUnits: 3, bins: 40 };

function open(market: MarketOptions, rowsPerSegment = 700): { session: RecordedSession; harness: ViewHarness; batches: EventBatch[] } {
  const batches = marketRows(market);
  const session = new RecordedSession('s', [MARKET_INSTRUMENT], batches);
  const harness = new ViewHarness(session.connect(), { rowsPerSegment });
  return { session, harness, batches };
}

async function openView(harness: ViewHarness): Promise<{ fromNs: bigint; toNs: bigint }> {
  const info = await harness.open();
  return { fromNs: BigInt(info.fromNs), toNs: BigInt(info.toNs) };
}

interface BruteBook {
  readonly bids: Map<number, number>;
  readonly asks: Map<number, number>;
  readonly shown: boolean;
}

/** The published book after every row with a time ≤ t, by the plainest means; images void and rebuild, gaps void. */
function bruteBooks(batches: readonly EventBatch[], times: readonly bigint[], images: boolean): BruteBook[] {
  const out: BruteBook[] = [];
  let book: BruteBook = { bids: new Map(), asks: new Map(), shown: false };
  let published = book;
  const rows = batches.flatMap((batch) => Array.from({ length: batch.rows }, (_, row) => ({ batch, row })));
  let at = 0;
  for (const time of times) {
    for (; at < rows.length; at++) {
      const { batch, row } = rows[at];
      if (batch.baseNs + BigInt(batch.receiveTime[row]) > time) break;
      const kind = batch.kind[row];
      if (kind === EventKind.snapshotBegin) book = { bids: new Map(), asks: new Map(), shown: true };
      else if (kind === EventKind.gap && images) published = book = { bids: new Map(), asks: new Map(), shown: false };
      else if (kind === EventKind.level) {
        const side = batch.side[row] === Side.bid ? 'bids' : 'asks';
        const levels = new Map(book[side]);
        if (batch.size[row] === 0) levels.delete(batch.price[row]);
        else levels.set(batch.price[row], batch.size[row]);
        book = { ...book, [side]: levels, shown: true };
      } else if (kind !== EventKind.snapshotEnd) continue;
      if ((batch.flags[row] & EventFlag.eventEnd) !== 0) published = book;
    }
    out.push(published);
  }
  return out;
}

function bruteHeat(book: BruteBook, window: ViewWindow): number[] {
  const low = window.lowUnits ?? 0;
  const row = new Array<number>(window.bins).fill(0);
  for (const [price, size] of book.bids) {
    const bin = Math.floor((price - low) / window.binUnits);
    if (bin >= 0 && bin < row.length) row[bin] -= size;
  }
  for (const [price, size] of book.asks) {
    const bin = Math.ceil((price - low) / window.binUnits);
    if (bin >= 0 && bin < row.length) row[bin] += size;
  }
  return row;
}

describe.each([
  ['images void and rebuild', VOIDING],
  ['gaps leave the book stale', STALING],
] as const)('frames when %s', (_, market) => {
  it('show at the end of each bucket exactly the last complete book, and nothing while it is void', async () => {
    const { harness, batches } = open(market);
    const { fromNs, toNs } = await openView(harness);
    let bands = 0;
    let shownRows = 0;
    let epoch = 1;
    for (let head = fromNs; head < toNs; head += 7_000_000_000n, epoch++) {
      void harness.handlers['view.window']({ viewId: 'v', epoch, window: WINDOW });
      void harness.handlers['replay.seek']({ viewId: 'v', epoch, timeNs: head.toString() });
      const frame = await harness.nextFull();
      expect(frame.epoch).toBe(epoch);
      expect(frame.headNs).toBe(head);
      const ends = Array.from({ length: frame.rows }, (_row, i) => BigInt(frame.firstRow + i + 1) * BigInt(frame.bucketNs) - 1n);
      const books = bruteBooks(
        batches,
        ends.map((end) => earlier(end, head)),
        market.images,
      );
      for (let i = 0; i < frame.rows; i++) {
        const startNs = ends[i] + 1n - BigInt(frame.bucketNs);
        const heat = [...frame.heat.subarray(i * frame.bins, (i + 1) * frame.bins)];
        if (startNs > head || ends[i] < fromNs) {
          expect(frame.rowFlags[i]).toBe(RowFlag.empty);
          expect(heat.every((cell) => cell === 0)).toBe(true);
          continue;
        }
        if (!books[i].shown) {
          expect(frame.rowFlags[i]).not.toBe(0);
          expect(heat.every((cell) => cell === 0)).toBe(true);
          expect(frame.touch[2 * i]).toBeNaN();
          bands++;
          continue;
        }
        shownRows++;
        const expected = bruteHeat(books[i], WINDOW);
        for (let bin = 0; bin < heat.length; bin++) expect(heat[bin]).toBe(expected[bin] || 0);
        expect(frame.touch[2 * i]).toBe(books[i].bids.size > 0 ? Math.max(...books[i].bids.keys()) : Number.NaN);
        expect(frame.touch[2 * i + 1]).toBe(books[i].asks.size > 0 ? Math.min(...books[i].asks.keys()) : Number.NaN);
      }
    }
    expect(shownRows).toBeGreaterThan(200);
    if (market.images) expect(bands).toBeGreaterThan(0);
    harness.close();
  });

  it('are byte-equal after a jump, after play and after going back', async () => {
    const { harness } = open(market);
    const { fromNs, toNs } = await openView(harness);
    const goal = fromNs + ((toNs - fromNs) * 6n) / 10n;
    const at = async (epoch: number, timeNs: bigint): Promise<ViewFrame> => {
      void harness.handlers['replay.seek']({ viewId: 'v', epoch, timeNs: timeNs.toString() });
      return harness.nextFull();
    };
    void harness.handlers['view.window']({ viewId: 'v', epoch: 1, window: WINDOW });
    await harness.nextFull();
    const jumped = await at(2, goal);
    const back = await (async () => {
      await at(3, toNs);
      return at(2, goal);
    })();
    expect(bytes(back)).toEqual(bytes(jumped));

    await at(4, goal - 3_000_000_000n);
    void harness.handlers['replay.play']({ viewId: 'v', speed: 1.7 });
    let frame = await harness.next();
    for (let i = 0; i < 80; i++) {
      harness.wall.turn(21);
      frame = await harness.next();
    }
    const played = frame;
    expect(played.headNs - (goal - 3_000_000_000n)).toBeGreaterThan(2_500_000_000n);
    void harness.handlers['replay.pause']({ viewId: 'v' });
    const again = await at(5, played.headNs);
    expect([...again.bids]).toEqual([...played.bids]);
    expect(again.bookState).toBe(played.bookState);
    await at(6, fromNs);
    expect(bytes(await at(5, played.headNs))).toEqual(bytes(again));
    harness.close();
  });

  it('append rows that together are the rows of a full frame', async () => {
    const { harness } = open(market);
    const { fromNs, toNs } = await openView(harness);
    const start = fromNs + (toNs - fromNs) / 3n;
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 1, timeNs: start.toString() });
    void harness.handlers['view.window']({ viewId: 'v', epoch: 1, window: WINDOW });
    const first = await harness.nextFull();
    const rows = new Map<number, string>();
    const keep = (frame: ViewFrame): void => {
      for (let i = 0; i < frame.rows; i++) rows.set(frame.firstRow + i, rowText(frame, i));
    };
    keep(first);
    void harness.handlers['replay.play']({ viewId: 'v', speed: 4 });
    let last = first;
    let appends = 0;
    for (let i = 0; i < 60; i++) {
      harness.wall.turn(31);
      last = await harness.next();
      expect(last.kind).toBe('append');
      expect(last.epoch).toBe(1);
      keep(last);
      appends++;
    }
    void harness.handlers['replay.pause']({ viewId: 'v' });
    while (last.playing) {
      last = await harness.next();
      keep(last);
    }
    void harness.handlers['view.window']({ viewId: 'v', epoch: 2, window: WINDOW });
    const full = await harness.nextFull();
    expect(full.headNs).toBe(last.headNs);
    expect(appends).toBe(60);
    for (let i = 0; i < full.rows; i++) {
      const known = rows.get(full.firstRow + i);
      if (known !== undefined) expect(known).toBe(rowText(full, i));
      else expect(full.rowFlags[i]).toBe(RowFlag.empty);
    }
    harness.close();
  });
});

function bytes(frame: ViewFrame): number[] {
  return [...encodeViewFrame({ ...frame, playing: false, speed: 1 })];
}

function rowText(frame: ViewFrame, row: number): string {
  const heat = [...frame.heat.subarray(row * frame.bins, (row + 1) * frame.bins)];
  const trades: number[] = [];
  for (let at = 0; at < frame.trades.length; at += 4) {
    if (Math.floor(frame.trades[at] / frame.bucketNs) === row)
      trades.push(frame.trades[at] - row * frame.bucketNs, ...frame.trades.subarray(at + 1, at + 4));
  }
  return JSON.stringify([
    heat,
    [...frame.touch.subarray(2 * row, 2 * row + 2)],
    frame.rowFlags[row],
    [...frame.volume.subarray(2 * row, 2 * row + 2)],
    trades,
  ]);
}

function earlier(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
