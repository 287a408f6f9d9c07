import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type EventBatch, EventFlag, EventKind, Side } from '../../../core/model/index.ts';
import { createSyntheticMarket } from '../../../core/venues/synthetic/index.ts';
import { collect, type Collected } from '../../fixtures/decoding.ts';

const START = 1_795_000_000_000_000_000n;

function run(seed: number, seconds: number, stepRows = 5_000): Collected {
  const collected = collect(4_096);
  const market = createSyntheticMarket(collected.context, { seed, seconds, startNs: START });
  while (!market.done) market.step(stepRows);
  collected.context.writer.flush();
  return collected;
}

function digest(batches: readonly EventBatch[]): string {
  const hash = createHash('sha256');
  for (const batch of batches) hash.update(new Uint8Array(batch.buffer));
  return hash.digest('hex');
}

describe('the synthetic market', () => {
  it('gives the same bytes for the same seed, however it is stepped, and others for another seed', () => {
    const first = digest(run(7, 20).batches);
    expect(digest(run(7, 20, 100).batches)).toBe(first);
    expect(digest(run(8, 20).batches)).not.toBe(first);
    // The bytes are a promise to every machine: a new value here means that every sample session changes.
    expect(first).toBe('51df1d05f6c60752aa5cdfc4463e9896427c56a8b1743be352d73de59993c7f5');
  });

  it('is labelled synthetic', () => {
    const { instruments, report } = run(1, 1);
    expect(instruments).toHaveLength(1);
    expect(instruments[0]).toMatchObject({ venue: 'synthetic', synthetic: true, symbol: 'SYN-BTC/USD' });
    expect(report.container).toBe('synthetic');
  });

  it('keeps sizes, times and sides in order, and is never crossed at the end of an event', () => {
    const { batches } = run(7, 300);
    const bids = new Map<number, number>();
    const asks = new Map<number, number>();
    let bestBid = Number.NEGATIVE_INFINITY;
    let bestAsk = Number.POSITIVE_INFINITY;
    let lastReceive = 0;
    let wrong = 0;
    let crossed = 0;
    let events = 0;
    for (const batch of batches) {
      for (let row = 0; row < batch.rows; row++) {
        const price = batch.price[row];
        const size = batch.size[row];
        const latency = batch.receiveTime[row] - batch.exchangeTime[row];
        // Receive times are held back to stay in order, so a message may be late by more than its own 40 ms.
        if (latency < 5_000_000 || batch.receiveTime[row] < lastReceive) wrong++;
        lastReceive = batch.receiveTime[row];
        if (batch.kind[row] === EventKind.trade) {
          if (size <= 0 || !Number.isInteger(size) || price % 5 !== 0) wrong++;
          const resting = batch.side[row] === Side.bid ? asks : bids;
          if ((resting.get(price) ?? 0) < size) wrong++;
        }
        if (batch.kind[row] === EventKind.level) {
          if (size < 0 || !Number.isInteger(size) || price % 5 !== 0) wrong++;
          const side = batch.side[row] === Side.bid ? bids : asks;
          if (size === 0) side.delete(price);
          else side.set(price, size);
          if (batch.side[row] === Side.bid)
            bestBid = size > 0 ? Math.max(bestBid, price) : price === bestBid ? Math.max(...bids.keys()) : bestBid;
          else bestAsk = size > 0 ? Math.min(bestAsk, price) : price === bestAsk ? Math.min(...asks.keys()) : bestAsk;
        }
        if ((batch.flags[row] & EventFlag.eventEnd) === 0) continue;
        events++;
        if (bestBid >= bestAsk) crossed++;
      }
    }
    expect({ wrong, crossed }).toEqual({ wrong: 0, crossed: 0 });
    expect(events).toBeGreaterThan(100_000);
  });

  it('has a quarter of an hour that looks like a market', () => {
    const { batches, report } = run(7, 900, 50_000);
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    let volume = 0;
    let biggestLevel = 0;
    for (const batch of batches) {
      for (let row = 0; row < batch.rows; row++) {
        if (batch.kind[row] === EventKind.level) biggestLevel = Math.max(biggestLevel, batch.size[row]);
        if (batch.kind[row] !== EventKind.trade) continue;
        low = Math.min(low, batch.price[row]);
        high = Math.max(high, batch.price[row]);
        volume += batch.size[row];
      }
    }
    const eventsPerSecond = report.messages / 900;
    expect(eventsPerSecond).toBeGreaterThan(300);
    expect(eventsPerSecond).toBeLessThan(600);
    const ticks = (high - low) / 5;
    expect(ticks).toBeGreaterThan(90);
    expect(ticks).toBeLessThan(260);
    expect(volume).toBeGreaterThan(1_000_000);
    expect(biggestLevel).toBeGreaterThan(40_000);
    expect(report.messagesByType['sweep']).toBeGreaterThan(20);
    expect(report.messagesByType['wall']).toBeGreaterThan(1_000);
  });
});
