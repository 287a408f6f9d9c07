/**
 * What the map asks the host for: the visible part of the market plus a margin, so that a small pan needs no answer.
 * Pure arithmetic on viewports; must not know canvases or the connection.
 */
import type { ViewInfo, ViewWindow } from '../../core/contract/index.ts';
import type { Viewport } from '../charts/index.ts';

const MARGIN = 0.35;
const ROWS_MAX = 4096;
const BINS_MAX = 2048;
const ROWS_COARSER = 1800;
const ROWS_FINER = 40;

/** Bucket widths that the map steps through while zooming, ns. */
export const BUCKETS_NS: readonly number[] = [1e7, 1e8, 1e9, 1e10, 6e10, 6e11];

/** Price groups: multiples of the instrument's step. */
export const GROUPS: readonly number[] = Array.from({ length: 9 }, (_, decade) => [1, 2, 5].map((f) => f * 10 ** decade)).flat();

/** The grid that the user chose or zooming arrived at. */
export interface Grid {
  readonly bucketNs: number;
  /** Multiples of the step of the instrument. */
  readonly group: number;
}

/** Returns the grid that suits a viewport: the present one unless its cells became too small or too large. */
export function gridForView(view: Viewport, grid: Grid, stepUnits: number, heightPx: number): Grid {
  let { bucketNs, group } = grid;
  while (view.spanNs / bucketNs > ROWS_COARSER && bucketNs < (BUCKETS_NS.at(-1) as number))
    bucketNs = BUCKETS_NS.find((b) => b > bucketNs) as number;
  while (view.spanNs / bucketNs < ROWS_FINER && bucketNs > (BUCKETS_NS[0] as number))
    bucketNs = BUCKETS_NS.findLast((b) => b < bucketNs) as number;
  while (view.spanUnits / (stepUnits * group) > Math.max(200, heightPx) && group < (GROUPS.at(-1) as number)) {
    group = GROUPS.find((g) => g > group) as number;
  }
  return { bucketNs, group };
}

/** Returns the window to ask for. `following` = the right edge is the play head. */
export function windowForView(view: Viewport, grid: Grid, info: ViewInfo, following: boolean): ViewWindow {
  const visibleRows = Math.ceil(view.spanNs / grid.bucketNs);
  const marginRows = Math.ceil(visibleRows * MARGIN);
  const rows = Math.min(ROWS_MAX, visibleRows + marginRows * (following ? 1 : 2) + 1);
  const binUnits = Math.max(1, Math.round(info.stepUnits * grid.group));
  const lowUnits = Math.floor((view.lowUnits - view.spanUnits * MARGIN) / binUnits) * binUnits;
  const highUnits = view.lowUnits + view.spanUnits * (1 + MARGIN);
  const endNs = BigInt(info.fromNs) + BigInt(Math.round(view.rightNs + marginRows * grid.bucketNs));
  return {
    endNs: following ? null : endNs.toString(),
    bucketNs: grid.bucketNs,
    rows,
    lowUnits,
    binUnits,
    bins: Math.min(BINS_MAX, Math.max(1, Math.ceil((highUnits - lowUnits) / binUnits))),
  };
}

/** Returns true when the window still covers the view, so that uniforms alone can draw it. */
export function windowCovers(window: ViewWindow, view: Viewport, grid: Grid, info: ViewInfo): boolean {
  if (window.bucketNs !== grid.bucketNs || window.binUnits !== Math.max(1, Math.round(info.stepUnits * grid.group))) return false;
  if (window.lowUnits === null || view.lowUnits < window.lowUnits) return false;
  if (view.lowUnits + view.spanUnits > window.lowUnits + window.bins * window.binUnits) return false;
  if (window.endNs === null) return view.spanNs / grid.bucketNs <= window.rows;
  const rightNs = Number(BigInt(window.endNs) - BigInt(info.fromNs));
  return view.rightNs <= rightNs && view.rightNs - view.spanNs >= rightNs - window.rows * window.bucketNs;
}
