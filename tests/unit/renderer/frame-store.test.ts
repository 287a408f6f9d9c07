/** FrameStore: epochs, the ring, appended rows and trades. */
import { describe, expect, it } from 'vitest';
import type { ViewFrame } from '../../../core/frames/index.ts';
import { FrameStore, SizeSample, TRADE_STRIDE } from '../../../renderer/frames/index.ts';

const BINS = 3;

function frame(change: Partial<ViewFrame> & { rows: number; firstRow: number }): ViewFrame {
  const { rows } = change;
  return {
    kind: 'full',
    epoch: 1,
    playing: false,
    speed: 1,
    headNs: 0n,
    bucketNs: 100,
    lowUnits: 10,
    binUnits: 5,
    bins: BINS,
    bookState: 2,
    lastTradeUnits: Number.NaN,
    lastTradeSide: 0,
    heat: Float32Array.from({ length: rows * BINS }, (_, i) => change.firstRow * BINS + i + 1),
    touch: new Float64Array(rows * 2).fill(12),
    rowFlags: new Uint8Array(rows),
    volume: new Float64Array(rows * 2),
    trades: new Float64Array(0),
    bids: new Float64Array(0),
    asks: new Float64Array(0),
    ...change,
  };
}

describe('FrameStore', () => {
  it('takes a full frame and finds cells by row and price', () => {
    const store = new FrameStore();
    expect(store.apply(frame({ firstRow: 7, rows: 2 }))).toEqual({ kind: 'reset' });
    expect(store.sizeAt(7, 10)).toBe(22);
    expect(store.sizeAt(8, 19.9)).toBe(26);
    expect(store.sizeAt(8, 25)).toBe(0);
    expect(store.sizeAt(6, 10)).toBe(0);
  });

  it('appends rows, and grows the last one when it is sent again', () => {
    const store = new FrameStore();
    store.apply(frame({ firstRow: 7, rows: 2 }));
    const change = store.apply(frame({ kind: 'append', firstRow: 8, rows: 2, heat: new Float32Array([90, 0, 0, 91, 0, 0]) }));
    expect(change).toEqual({ kind: 'rows', firstRow: 8, rows: 2 });
    expect([store.firstRow, store.rows, store.sizeAt(7, 10), store.sizeAt(8, 10), store.sizeAt(9, 10)]).toEqual([7, 3, 22, 90, 91]);
  });

  it('drops an append that leaves a hole, comes from another grid or from another epoch', () => {
    const store = new FrameStore();
    store.apply(frame({ firstRow: 7, rows: 2 }));
    expect(store.apply(frame({ kind: 'append', firstRow: 10, rows: 1 }))).toBeNull();
    expect(store.apply(frame({ kind: 'append', firstRow: 9, rows: 1, lowUnits: 15 }))).toBeNull();
    expect(store.apply(frame({ kind: 'append', firstRow: 9, rows: 1, epoch: 2 }))).toBeNull();
    expect(store.framesDropped).toBe(3);
    expect(store.rows).toBe(2);
  });

  it('drops frames from before a seek', () => {
    const store = new FrameStore();
    store.expectEpoch(5);
    expect(store.apply(frame({ firstRow: 7, rows: 2, epoch: 4 }))).toBeNull();
    expect(store.apply(frame({ firstRow: 7, rows: 2, epoch: 5 }))).toEqual({ kind: 'reset' });
    expect(store.apply(frame({ firstRow: 7, rows: 2, epoch: 4 }))).toBeNull();
  });

  it('goes round the ring: the oldest rows leave, the newest stay, memory stays', () => {
    const store = new FrameStore();
    store.apply(frame({ firstRow: 0, rows: 1 }));
    const { heat, capacity } = store;
    for (let row = 1; row < capacity * 2 + 17; row++) store.apply(frame({ kind: 'append', firstRow: row, rows: 1 }));
    expect(store.rows).toBe(capacity);
    expect(store.firstRow).toBe(capacity + 17);
    expect(store.heat).toBe(heat);
    expect(store.sizeAt(store.firstRow, 10)).toBe(store.firstRow * BINS + 1);
    expect(store.sizeAt(store.firstRow + store.rows - 1, 10)).toBe((store.firstRow + store.rows - 1) * BINS + 1);
  });

  it('keeps each trade once when its row is sent again, with times after the origin', () => {
    const store = new FrameStore();
    store.clear(500n);
    store.apply(frame({ firstRow: 7, rows: 2, trades: new Float64Array([10, 12, 1, 1, 150, 12, 2, 2]) }));
    store.apply(frame({ kind: 'append', firstRow: 8, rows: 1, trades: new Float64Array([50, 12, 2, 2, 80, 13, 3, 1]) }));
    const { values, first, end } = store.trades;
    const trades = Array.from({ length: end - first }, (_, i) => [
      ...values.subarray((first + i) * TRADE_STRIDE, (first + i + 1) * TRADE_STRIDE),
    ]);
    expect(trades).toEqual([
      [210, 12, 1, 1],
      [350, 12, 2, 2],
      [380, 13, 3, 1],
    ]);
    expect(store.trades.indexFrom(350)).toBe(first + 1);
  });
});

describe('SizeSample', () => {
  it('gives percentiles of the sizes that rest, whatever their side', () => {
    const store = new FrameStore();
    store.apply(frame({ firstRow: 0, rows: 2, heat: new Float32Array([-1, 0, 2, -3, 0, 4]) }));
    const sample = new SizeSample();
    sample.take(store);
    expect([0, 50, 100].map((p) => sample.sizeAtPercentile(p))).toEqual([1, 3, 4]);
    expect(sample.percentileOfSize(2)).toBe(50);
    expect(sample.percentileOfSize(9)).toBe(100);
  });

  it.each([
    { sizes: 'one size', heat: [-100, 100, 100, 100, 100, 100], ramp: [25, 400] },
    { sizes: 'two sizes, 1 : 4', heat: [100, 100, 100, 100, 400, 400], ramp: [50, 800] },
    { sizes: 'sizes further apart than 1 : 16', heat: [1, 2, 4, 8, 16, 32], ramp: [1, 32] },
  ])('runs the ramp over at least 1 : 16, evenly widened ($sizes)', ({ heat, ramp }) => {
    const store = new FrameStore();
    store.apply(frame({ firstRow: 0, rows: 2, heat: new Float32Array(heat) }));
    const sample = new SizeSample();
    sample.take(store);
    const { logLow, logHigh } = sample.rampFromPercentiles(0, 100);
    expect(Math.exp(logLow)).toBeCloseTo(ramp[0] as number, 6);
    expect(Math.exp(logHigh)).toBeCloseTo(ramp[1] as number, 6);
  });

  it('knows nothing of an empty map', () => {
    const sample = new SizeSample();
    sample.take(new FrameStore());
    expect(sample.rampFromPercentiles(50, 99.5)).toEqual({ logLow: 0, logHigh: 1 });
    expect(sample.sizeAtPercentile(50)).toBeNaN();
    expect(sample.percentileOfSize(1)).toBeNaN();
  });
});
