/** Axes, texts and dot clusters of the charts. */
import { describe, expect, it } from 'vitest';
import {
  bytesText,
  buildLookup,
  COLOUR_MAPS,
  cursorTimeText,
  DOT_STRIDE,
  DotClusters,
  durationText,
  LUT_WIDTH,
  priceStepUnits,
  priceText,
  shortNumber,
  sizeText,
  timeLabel,
  timeStepNs,
  timeTicks,
} from '../../../renderer/charts/index.ts';
import { TradeRing } from '../../../renderer/frames/index.ts';

describe('ticks', () => {
  it('chooses 1, 2 or 5 times a power of ten, never finer than the step', () => {
    expect(priceStepUnits(1000, 10, 1)).toBe(100);
    expect(priceStepUnits(1100, 10, 1)).toBe(200);
    expect(priceStepUnits(4, 10, 25)).toBe(50);
  });

  it('aligns times to UTC whatever the origin', () => {
    expect(timeStepNs(300e9, 6)).toBe(60e9);
    const origin = 1_795_095_000_123_000_000n;
    const ticks = timeTicks(0, 200e9, 60e9, origin);
    expect(ticks.map((t) => timeLabel(origin + BigInt(t), 60e9))).toEqual(['13:31', '13:32', '13:33']);
  });

  it('shows the fraction that the step needs, and the date at midnight', () => {
    expect(timeLabel(1_795_095_000_250_000_000n, 2e8)).toBe('13:30:00.2');
    expect(timeLabel(1_795_095_000_250_000_000n, 5e6)).toBe('13:30:00.250');
    expect(timeLabel(1_795_046_400_000_000_000n, 60e9)).toBe('2026-11-19');
  });

  it('adds the date to the time at the cursor when the window reaches over midnight', () => {
    const midnight = 1_795_046_400_000_000_000n;
    const originNs = midnight - 60_000_000_000n;
    const before = midnight - 1_000_000_000n;
    expect(cursorTimeText(before, { fromNs: 0, toNs: 120e9, originNs })).toBe('2026-11-18 23:59:59.000 UTC');
    expect(cursorTimeText(before, { fromNs: 0, toNs: 59.5e9, originNs })).toBe('23:59:59.000 UTC');
  });
});

describe('texts', () => {
  it('writes prices with the decimals of the step', () => {
    expect(priceText(642_181, 1, 1)).toBe('64,218.1');
    expect(priceText(6_161_432_000_000, 8, 1_000_000)).toBe('61,614.32');
    expect(priceText(1_230_000, 4, 10_000)).toBe('123');
    expect(priceText(-5, 1, 1)).toBe('-0.5');
    expect(priceText(Number.NaN, 4, 1)).toBe('–');
  });

  it('writes sizes, counts, bytes and durations', () => {
    expect(sizeText(1_284_000, 5)).toBe('12.84');
    expect([0, 950, 2100, 41_200_000, 0.25, 0.002].map(shortNumber)).toEqual(['0', '950', '2.1 k', '41.2 M', '0.25', '0.002']);
    expect([0, 999, 1_200_000_000].map(bytesText)).toEqual(['0 B', '999 B', '1.2 GB']);
    expect([72, 3725].map(durationText)).toEqual(['01:12', '1:02:05']);
  });
});

describe('dots', () => {
  it('makes one dot a slice at the volume-weighted price, and keeps slices where they are when the view moves', () => {
    const ring = new TradeRing();
    ring.replaceFrom(0, new Float64Array([10, 100, 1, 1, 20, 104, 3, 2, 120, 90, 5, 3]));
    const dots = new DotClusters();
    dots.build(ring, 0, 1000, 100);
    expect(dots.count).toBe(2);
    expect([...dots.values.subarray(0, DOT_STRIDE)]).toEqual([17.5, 103, 4, 0.25, 2]);
    expect(dots.values[DOT_STRIDE + 3]).toBe(0.5);
    dots.build(ring, 5, 1005, 100);
    expect(dots.values[0]).toBe(17.5);
  });
});

describe('colour maps', () => {
  it('start at the background and end bright, one row a side', () => {
    const lookup = buildLookup();
    expect(lookup.length).toBe(COLOUR_MAPS.length * 2 * LUT_WIDTH * 4);
    for (let row = 0; row < COLOUR_MAPS.length * 2; row++) {
      const first = row * LUT_WIDTH * 4;
      expect([...lookup.subarray(first, first + 4)]).toEqual([10, 13, 18, 255]);
      expect(lookup[first + (LUT_WIDTH - 1) * 4] as number).toBeGreaterThan(200);
    }
  });
});
