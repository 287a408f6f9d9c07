import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { DepthscopeError, type ViewWindow } from '../../../core/contract/index.ts';
import { EventKind, type EventBatch } from '../../../core/model/index.ts';
import { TimelineCache, createViewHandlers } from '../../../native-workers/book/view/index.ts';
import { MARKET_INSTRUMENT, type MarketOptions, marketRows } from '../../fixtures/market-rows.ts';
import { RecordedSession } from '../../fixtures/recorded-session.ts';
import { ViewHarness } from '../../fixtures/view-harness.ts';

const MS = 1_000_000;
const MARKET: MarketOptions = { seed: 5, events: 4000, paceNs: 4 * MS, images: false, gapEvery: 0 };
const WINDOW: ViewWindow = { endNs: null, bucketNs: 100 * MS, rows: 50, lowUnits: 9950, binUnits: 3, bins: 40 };

const batches: EventBatch[] = marketRows(MARKET);
const session = (): RecordedSession => new RecordedSession('s', [MARKET_INSTRUMENT], batches);

async function opened(recorded = session(), cache = new TimelineCache()): Promise<{ harness: ViewHarness; fromNs: bigint; toNs: bigint }> {
  const harness = new ViewHarness(recorded.connect(), { rowsPerSegment: 500, cache });
  const info = await harness.open();
  return { harness, fromNs: BigInt(info.fromNs), toNs: BigInt(info.toNs) };
}
const ask = (harness: ViewHarness, epoch: number, window: ViewWindow = WINDOW): void =>
  void harness.handlers['view.window']({ viewId: 'v', epoch, window });

describe('opening a view', () => {
  it('tells the ends, the step and a window that follows, having read only that window', async () => {
    const recorded = session();
    const harness = new ViewHarness(recorded.connect(), { rowsPerSegment: 500 });
    const info = await harness.open();
    expect(info.fromNs).toBe(recorded.manifest.report.firstReceiveNs);
    expect(info.toNs).toBe(recorded.manifest.report.lastReceiveNs);
    expect(info.stepUnits).toBe(1);
    const { bucketNs, rows, bins } = info.suggested;
    expect(info.suggested).toMatchObject({ endNs: null, lowUnits: null, binUnits: 1 });
    expect(bins).toBeGreaterThanOrEqual(120);
    expect(rows).toBeGreaterThanOrEqual(600);
    expect(rows).toBeLessThanOrEqual(800);
    const span = Number(BigInt(info.toNs) - BigInt(info.fromNs));
    expect(bucketNs * rows).toBeGreaterThanOrEqual(span / 3 - 1);
    expect(bucketNs * rows).toBeLessThanOrEqual((1.02 * span) / 3);
    expect(new Set(recorded.reads.map(({ fromNs }) => fromNs)).size).toBe(recorded.reads.length);
    expect(Number(BigInt(recorded.reads.at(-1)?.fromNs ?? 0) - BigInt(info.fromNs))).toBeLessThan(span / 3);
    ask(harness, 1, info.suggested);
    const frame = await harness.nextFull();
    expect(Number(frame.headNs - BigInt(info.fromNs)) / span).toBeCloseTo(1 / 3, 5);
    expect(frame.bids.length).toBeGreaterThan(0);
    expect(frame.heat.some((cell) => cell !== 0)).toBe(true);
    harness.close();
  });

  it('starts a real market at its end, with the session filling the map, and play begins again at the start', async () => {
    const recorded = new RecordedSession('s', [{ ...MARKET_INSTRUMENT, synthetic: false }], batches);
    const harness = new ViewHarness(recorded.connect(), { rowsPerSegment: 500 });
    const { suggested, fromNs, toNs } = await harness.open();
    ask(harness, 1, suggested);
    const frame = await harness.nextFull();
    expect(frame.headNs).toBe(BigInt(toNs));
    const span = Number(BigInt(toNs) - BigInt(fromNs));
    expect(suggested.rows * suggested.bucketNs).toBeGreaterThanOrEqual(span);
    expect(suggested.rows * suggested.bucketNs).toBeLessThanOrEqual(1.02 * span);
    const low = Math.min(...frame.trades.filter((_, i) => i % 4 === 1));
    const high = Math.max(...frame.trades.filter((_, i) => i % 4 === 1));
    expect(low).toBeGreaterThanOrEqual(frame.lowUnits);
    expect(high).toBeLessThan(frame.lowUnits + frame.bins * frame.binUnits);
    void harness.handlers['replay.play']({ viewId: 'v', speed: 1 });
    expect(await harness.next()).toMatchObject({ kind: 'full', epoch: 1, playing: true, headNs: BigInt(fromNs) });
    harness.wall.turn(20);
    expect(await harness.next()).toMatchObject({ kind: 'append', headNs: BigInt(fromNs) + 20_000_000n });
    harness.close();
  });

  it('names an unknown session, instrument, view and a missing store in words', async () => {
    const { harness } = await opened();
    const { handlers } = harness;
    await expect(handlers['view.open']({ viewId: 'x', sessionId: 'other', instrumentId: 0 })).rejects.toMatchObject({
      wire: { code: 'store.no-session' },
    });
    await expect(handlers['view.open']({ viewId: 'x', sessionId: 's', instrumentId: 7 })).rejects.toMatchObject({
      wire: { code: 'view.unknown-instrument' },
    });
    expect(() => handlers['replay.pause']({ viewId: 'x' })).toThrow(/not open/);
    const homeless = createViewHandlers(() => expect.unreachable('nothing to send'));
    await expect(homeless['view.open']({ viewId: 'v', sessionId: 's', instrumentId: 0 })).rejects.toMatchObject({
      wire: { code: 'view.no-store' },
    });
    harness.close();
  });
});

describe('frames of a view', () => {
  it('wait for the acknowledgement, and then show only the newest request', async () => {
    const { harness } = await opened();
    ask(harness, 1);
    await harness.next(false);
    for (let epoch = 2; epoch <= 30; epoch++) ask(harness, epoch, { ...WINDOW, rows: 10 + epoch });
    void harness.handlers['view.ack']({ viewId: 'v' });
    const frame = await harness.next(false);
    expect(harness.frames).toHaveLength(2);
    expect(frame).toMatchObject({ kind: 'full', epoch: 30, rows: 40 });
    harness.close();
  });

  it('carry the epoch last given, also in the frames of play', async () => {
    const { harness, fromNs } = await opened();
    ask(harness, 4);
    expect((await harness.nextFull()).epoch).toBe(4);
    void harness.handlers['replay.play']({ viewId: 'v', speed: 10 });
    expect(await harness.next()).toMatchObject({ kind: 'append', epoch: 4, playing: true, speed: 10 });
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 9, timeNs: (fromNs + 2_000_000_000n).toString() });
    const sought = await harness.nextFull();
    expect(sought).toMatchObject({ epoch: 9, playing: true, headNs: fromNs + 2_000_000_000n });
    harness.wall.turn(20);
    expect(await harness.next()).toMatchObject({ kind: 'append', epoch: 9, headNs: fromNs + 2_200_000_000n });
    harness.close();
  });

  it('go on with one frame for all the time in which the screen was busy, and with a full one when it was very long', async () => {
    const { harness } = await opened();
    ask(harness, 1);
    const first = await harness.nextFull();
    void harness.handlers['replay.play']({ viewId: 'v', speed: 1 });
    await harness.next(false);
    for (let i = 0; i < 10; i++) harness.wall.turn(100);
    void harness.handlers['view.ack']({ viewId: 'v' });
    const late = await harness.next(false);
    expect(late).toMatchObject({ kind: 'append', headNs: first.headNs + 1_000_000_000n, rows: 11 });
    harness.wall.turn(8000);
    void harness.handlers['view.ack']({ viewId: 'v' });
    expect(await harness.next()).toMatchObject({ kind: 'full', headNs: first.headNs + 9_000_000_000n, rows: 50 });
    harness.close();
  });

  it('stop at the end of the session, and say so', async () => {
    const { harness, toNs } = await opened();
    ask(harness, 1);
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 1, timeNs: (toNs - 50_000_000n).toString() });
    await harness.nextFull();
    void harness.handlers['replay.play']({ viewId: 'v', speed: 1000 });
    await harness.next();
    harness.wall.turn(20);
    expect(await harness.next()).toMatchObject({ playing: false, headNs: toNs });
    expect(harness.wall.waiting).toBe(0);
    harness.close();
  });

  it('add no rows beyond the end of a window that does not follow, but move the head and the book', async () => {
    const { harness, fromNs } = await opened();
    const endNs = fromNs + 3_000_000_000n;
    ask(harness, 1, { ...WINDOW, endNs: endNs.toString() });
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 1, timeNs: (endNs - 150_000_000n).toString() });
    const full = await harness.nextFull();
    void harness.handlers['replay.play']({ viewId: 'v', speed: 1 });
    await harness.next();
    harness.wall.turn(500);
    const crossing = await harness.next();
    expect(crossing.firstRow + crossing.rows).toBe(full.firstRow + full.rows);
    harness.wall.turn(500);
    const beyond = await harness.next();
    expect(beyond).toMatchObject({ kind: 'append', rows: 0, headNs: endNs + 850_000_000n });
    expect(beyond.bids.length).toBeGreaterThan(0);
    harness.close();
  });

  it('centre on the touch and stay there until it leaves the middle of the map', async () => {
    const { harness, fromNs } = await opened();
    const narrow: ViewWindow = { ...WINDOW, lowUnits: null, binUnits: 1, bins: 20 };
    ask(harness, 1, narrow);
    const lows = new Set<number>();
    for (let i = 1; i <= 12; i++) {
      void harness.handlers['replay.seek']({ viewId: 'v', epoch: 1, timeNs: (fromNs + BigInt(i) * 1_000_000_000n).toString() });
      const frame = await harness.nextFull();
      const middle = ((frame.bids[0] + frame.asks[0]) / 2 - frame.lowUnits) / 20;
      expect(middle).toBeGreaterThanOrEqual(0.2);
      expect(middle).toBeLessThanOrEqual(0.8);
      lows.add(frame.lowUnits);
    }
    expect(lows.size).toBeGreaterThan(1);
    expect(lows.size).toBeLessThan(12);
    harness.close();
  });
});

describe('steps', () => {
  it('lead to the next and previous event, trade and bucket end, and pause', async () => {
    const { harness, fromNs } = await opened();
    const rows = batches.flatMap((batch) =>
      Array.from({ length: batch.rows }, (_, i) => ({ kind: batch.kind[i], time: batch.baseNs + BigInt(batch.receiveTime[i]) })),
    );
    const eventTimes = [...new Set(rows.map(({ time }) => time))];
    const tradeTimes = [...new Set(rows.filter(({ kind }) => kind === EventKind.trade).map(({ time }) => time))];
    ask(harness, 1);
    let { headNs } = await harness.nextFull();
    const stepTo = async (unit: 'event' | 'trade' | 'bucket', direction: 1 | -1): Promise<bigint> => {
      await harness.handlers['replay.step']({ viewId: 'v', epoch: 2, unit, direction });
      const frame = await harness.nextFull();
      expect(frame.playing).toBe(false);
      headNs = frame.headNs;
      return headNs;
    };
    for (const [unit, times] of [
      ['event', eventTimes],
      ['trade', tradeTimes],
    ] as const) {
      const start = headNs;
      const after = times.filter((time) => time > start).slice(0, 3);
      for (const time of after) expect(await stepTo(unit, 1)).toBe(time);
      expect(await stepTo(unit, -1)).toBe(after[1]);
    }
    const bucketEnd = (headNs / 100_000_000n) * 100_000_000n + 99_999_999n;
    expect(await stepTo('bucket', 1)).toBe(bucketEnd);
    expect(await stepTo('bucket', 1)).toBe(bucketEnd + 100_000_000n);
    expect(await stepTo('bucket', -1)).toBe(bucketEnd);
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 3, timeNs: fromNs.toString() });
    await harness.nextFull();
    expect(await stepTo('trade', -1)).toBe(fromNs);
    harness.close();
  });

  it('all count when they come faster than frames', async () => {
    const { harness } = await opened();
    ask(harness, 1);
    const { headNs } = await harness.nextFull();
    for (let i = 0; i < 7; i++) void harness.handlers['replay.step']({ viewId: 'v', epoch: 2 + i, unit: 'bucket', direction: 1 });
    let frame = await harness.nextFull();
    while (frame.epoch < 8) frame = await harness.nextFull();
    expect((frame.headNs + 1n) / 100_000_000n - headNs / 100_000_000n).toBe(7n);
    harness.close();
  });
});

describe('a window of too many rows', () => {
  it('is refused in words before anything is read, and a shorter one works', async () => {
    const recorded = session();
    const [instrument] = recorded.manifest.instruments;
    Object.assign(recorded.manifest, { instruments: [{ ...instrument, events: 50_000_000 }] });
    const { harness, toNs } = await opened(recorded);
    ask(harness, 1, { ...WINDOW, rows: 5 });
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 2, timeNs: toNs.toString() });
    await harness.nextFull();
    const reads = recorded.reads.length;
    ask(harness, 1, { ...WINDOW, endNs: toNs.toString(), rows: 2000 });
    expect(await harness.nextError()).toMatchObject({ code: 'view.window-too-wide' });
    expect(recorded.reads).toHaveLength(reads);
    harness.errors.length = 0;
    ask(harness, 3, { ...WINDOW, rows: 5 });
    expect(await harness.nextFull()).toMatchObject({ epoch: 3, rows: 5 });
    harness.close();
  });
});

describe('trouble with the store', () => {
  it('is told in words, stops play, and a later seek works again', async () => {
    const recorded = session();
    const { harness, fromNs, toNs } = await opened(recorded);
    ask(harness, 1);
    await harness.nextFull();
    recorded.failure = new DepthscopeError('store.unreadable', 'The recording cannot be read.');
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 2, timeNs: toNs.toString() });
    expect(await harness.nextError()).toMatchObject({ code: 'store.unreadable', userText: 'The recording cannot be read.' });
    recorded.failure = null;
    harness.errors.length = 0;
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 3, timeNs: (fromNs + 5_000_000_000n).toString() });
    expect(await harness.nextFull()).toMatchObject({ epoch: 3, playing: false });
    harness.close();
  });

  it('fails waiting and later calls when the store goes away', async () => {
    const { port1, port2 } = new MessageChannel();
    const handlers = createViewHandlers(() => expect.unreachable('nothing to send'));
    void handlers.connectStore({ store: port2 });
    const waiting = handlers['view.open']({ viewId: 'v', sessionId: 's', instrumentId: 0 });
    port1.close();
    await expect(waiting).rejects.toMatchObject({ wire: { code: 'store.gone' } });
    await expect(handlers['book.at']({ sessionId: 's', instrumentId: 0, timeNs: '1', depth: 1 })).rejects.toMatchObject({
      wire: { code: 'store.gone' },
    });
  });
});

describe('the cache of rows', () => {
  it('keeps its bound, and what is in it is not read again', async () => {
    const recorded = session();
    const limit = 400_000;
    const cache = new TimelineCache(limit);
    const { harness, fromNs, toNs } = await opened(recorded, cache);
    ask(harness, 1, { ...WINDOW, rows: 10 });
    await harness.nextFull();
    for (let i = 1n; i <= 20n; i++) {
      void harness.handlers['replay.seek']({ viewId: 'v', epoch: 1, timeNs: (fromNs + ((toNs - fromNs) * i) / 20n).toString() });
      await harness.nextFull();
      expect(cache.bytes).toBeLessThanOrEqual(limit);
    }
    const { length } = recorded.reads;
    expect(length).toBeGreaterThan(cache.size);
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 1, timeNs: (toNs - 1n).toString() });
    await harness.nextFull();
    expect(recorded.reads).toHaveLength(length);
    harness.close();
  });
});

describe('book.at', () => {
  it('gives the book as decimal text, and the last one after the end', async () => {
    const { harness, fromNs, toNs } = await opened();
    ask(harness, 1);
    void harness.handlers['replay.seek']({ viewId: 'v', epoch: 1, timeNs: toNs.toString() });
    const frame = await harness.nextFull();
    const book = await harness.handlers['book.at']({ sessionId: 's', instrumentId: 0, timeNs: (toNs + 5n).toString(), depth: 3 });
    expect(book).toMatchObject({ state: 'synced' });
    const value = book as { bids: [string, string][]; asks: [string, string][] };
    expect(value.bids.flatMap(([price, size]) => [Number(price) * 100, Number(size)].map(Math.round))).toEqual([
      ...frame.bids.subarray(0, 6),
    ]);
    expect(value.asks).toHaveLength(3);
    await expect(
      harness.handlers['book.at']({ sessionId: 's', instrumentId: 0, timeNs: (fromNs - 1n).toString(), depth: 3 }),
    ).rejects.toMatchObject({
      wire: { code: 'view.before-session' },
    });
    harness.close();
  });
});
