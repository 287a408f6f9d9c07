/**
 * Trades as dots: one dot per narrow time slice at the slice's volume-weighted price, area by size, colour by the side
 * that was more aggressive. Slices are fixed in time, so dots keep still while the map pans. Must not know React.
 */
import { TRADE_STRIDE, type TradeRing } from '../frames/index.ts';
import type { ChartTheme } from './theme.ts';
import { withAlpha } from './theme.ts';
import { type MapGeometry, type PaneLayout, type Viewport, xFromNs, yFromUnits } from './geometry.ts';

const SLICE_PX = 7;
const MAX_RADIUS_PX = 14;
const MIN_RADIUS_PX = 1.6;
/** Radius of the dot whose size equals the reference size. */
const REFERENCE_RADIUS_PX = 9;

/** Values of a dot in `values`. */
export const DOT_STRIDE = 5;

/** Dots of the trades in view: time ns, price units, size, share bought by the aggressor (0–1), trades. */
export class DotClusters {
  values = new Float64Array(512 * DOT_STRIDE);
  count = 0;
  /** The 95th percentile of dot sizes: the size drawn with the reference radius. */
  referenceSize = 1;

  /** Clusters the trades in view into slices of `sliceNs`. */
  build(trades: TradeRing, fromNs: number, toNs: number, sliceNs: number): void {
    this.count = 0;
    let slice = Number.NaN;
    const first = trades.indexFrom(fromNs);
    for (let i = first; i < trades.end; i++) {
      const at = i * TRADE_STRIDE;
      const time = trades.values[at] as number;
      if (time > toNs) break;
      const mine = Math.floor(time / sliceNs);
      if (mine !== slice) {
        slice = mine;
        this.open();
      }
      this.add(time, trades.values[at + 1] as number, trades.values[at + 2] as number, trades.values[at + 3] as number);
    }
    this.finish();
  }

  private open(): void {
    if ((this.count + 1) * DOT_STRIDE > this.values.length) {
      const next = new Float64Array(this.values.length * 2);
      next.set(this.values);
      this.values = next;
    }
    this.values.fill(0, this.count * DOT_STRIDE, (this.count + 1) * DOT_STRIDE);
    this.count++;
  }

  private add(time: number, price: number, size: number, side: number): void {
    const at = (this.count - 1) * DOT_STRIDE;
    const v = this.values;
    v[at] = (v[at] as number) + time * size;
    v[at + 1] = (v[at + 1] as number) + price * size;
    v[at + 2] = (v[at + 2] as number) + size;
    v[at + 3] = (v[at + 3] as number) + (side === 1 ? size : side === 2 ? 0 : size / 2);
    v[at + 4] = (v[at + 4] as number) + 1;
  }

  private finish(): void {
    const sizes: number[] = [];
    for (let i = 0; i < this.count; i++) {
      const at = i * DOT_STRIDE;
      const v = this.values;
      const size = v[at + 2] as number;
      const divisor = size > 0 ? size : 1;
      v[at] = (v[at] as number) / divisor;
      v[at + 1] = (v[at + 1] as number) / divisor;
      v[at + 3] = (v[at + 3] as number) / divisor;
      sizes.push(size);
    }
    sizes.sort((a, b) => a - b);
    this.referenceSize = Math.max(1e-9, sizes[Math.floor(sizes.length * 0.95)] ?? 1);
  }
}

/** Returns the width of a dot's time slice for a view. */
export function sliceNsOf(view: Viewport, layout: PaneLayout): number {
  return (SLICE_PX * view.spanNs) / layout.mapWidthPx;
}

/** Draws the dots; a slice bought and sold alike is grey. The read-out tells the sides in words. */
export function drawDots(g: CanvasRenderingContext2D, theme: ChartTheme, geometry: MapGeometry, dots: DotClusters): void {
  const { view, layout } = geometry;
  g.lineWidth = 1;
  for (let i = 0; i < dots.count; i++) {
    const at = i * DOT_STRIDE;
    const x = xFromNs(view, layout, dots.values[at] as number);
    const y = yFromUnits(view, layout, dots.values[at + 1] as number);
    const size = dots.values[at + 2] as number;
    if (x < -MAX_RADIUS_PX || x > layout.mapWidthPx || size <= 0) continue;
    const radius = Math.min(MAX_RADIUS_PX, Math.max(MIN_RADIUS_PX, REFERENCE_RADIUS_PX * Math.sqrt(size / dots.referenceSize)));
    const bought = dots.values[at + 3] as number;
    const colour = bought > 0.5 ? theme.bid : bought < 0.5 ? theme.ask : theme.text1;
    g.fillStyle = withAlpha(colour, 0.62);
    g.strokeStyle = radius > 4 ? withAlpha(theme.text0, 0.55) : withAlpha(theme.bg0, 0.6);
    g.beginPath();
    g.arc(x, y, radius, 0, Math.PI * 2);
    g.fill();
    g.stroke();
  }
}
