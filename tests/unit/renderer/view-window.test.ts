/** What the map asks the host for, and the first look at a session. */
import { describe, expect, it } from 'vitest';
import type { ViewInfo } from '../../../core/contract/index.ts';
import { fitToHead } from '../../../renderer/app/first-view.ts';
import { gridForView, windowCovers, windowForView } from '../../../renderer/app/view-window.ts';

const INFO = { fromNs: '1000000000000', toNs: '5000000000000', stepUnits: 2 } as ViewInfo;
const VIEW = { rightNs: 600e9, spanNs: 300e9, lowUnits: 1000, spanUnits: 400 };
const GRID = { bucketNs: 1e9, group: 5 };

describe('windowForView', () => {
  it('asks for the view and a margin on the price grid, and covers what it asked for', () => {
    const window = windowForView(VIEW, GRID, INFO, false);
    expect(window).toMatchObject({ bucketNs: 1e9, binUnits: 10, lowUnits: 860, rows: 511 });
    expect(BigInt(window.endNs as string)).toBe(1_000_000_000_000n + 705_000_000_000n);
    expect((window.lowUnits as number) + window.bins * 10).toBeGreaterThanOrEqual(1540);
    expect(windowCovers(window, VIEW, GRID, INFO)).toBe(true);
  });

  it('follows the head with an open end', () => {
    expect(windowForView(VIEW, GRID, INFO, true).endNs).toBeNull();
  });

  it('stays within the limits of the contract', () => {
    const window = windowForView({ ...VIEW, spanNs: 1e15, spanUnits: 1e9 }, GRID, INFO, false);
    expect([window.rows, window.bins]).toEqual([4096, 2048]);
  });
});

describe('windowCovers', () => {
  it('lets a small pan be and asks again after a large one, another bucket or another group', () => {
    const window = windowForView(VIEW, GRID, INFO, false);
    expect(windowCovers(window, { ...VIEW, rightNs: 660e9, lowUnits: 1080 }, GRID, INFO)).toBe(true);
    expect(windowCovers(window, { ...VIEW, rightNs: 750e9 }, GRID, INFO)).toBe(false);
    expect(windowCovers(window, { ...VIEW, rightNs: 400e9 }, GRID, INFO)).toBe(false);
    expect(windowCovers(window, { ...VIEW, lowUnits: 700 }, GRID, INFO)).toBe(false);
    expect(windowCovers(window, VIEW, { ...GRID, bucketNs: 1e8 }, INFO)).toBe(false);
    expect(windowCovers(window, VIEW, { ...GRID, group: 10 }, INFO)).toBe(false);
  });
});

describe('gridForView', () => {
  it('takes coarser cells when zoomed out, finer buckets when zoomed in, and keeps a fitting grid', () => {
    expect(gridForView(VIEW, GRID, 2, 690)).toEqual(GRID);
    expect(gridForView({ ...VIEW, spanNs: 7200e9 }, GRID, 2, 690).bucketNs).toBe(1e10);
    expect(gridForView({ ...VIEW, spanNs: 20e9 }, GRID, 2, 690).bucketNs).toBe(1e8);
    expect(gridForView({ ...VIEW, spanUnits: 14_000 }, GRID, 2, 690).group).toBe(20);
  });
});

describe('fitToHead', () => {
  it('shortens the span near the start of a session and leaves it alone later', () => {
    expect(fitToHead({ ...VIEW, spanNs: 600e9 }, GRID, 96e9)).toEqual({ bucketNs: 1e8, spanNs: 96e9 });
    expect(fitToHead({ ...VIEW, spanNs: 600e9 }, GRID, 500e9)).toBeNull();
  });
});
