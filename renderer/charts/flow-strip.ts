/** Traded volume per bucket and cumulative volume delta under the map, on the map's own time axis. Must not know React. */
import { RowFlag } from '../../core/frames/index.ts';
import type { FrameStore } from '../frames/index.ts';
import type { ChartTheme } from './theme.ts';
import { withAlpha } from './theme.ts';
import { type PaneLayout, type Viewport, xFromNs } from './geometry.ts';

/** Sums over the rows in view, size units. */
export interface FlowTotals {
  readonly bought: number;
  readonly sold: number;
}

const HEAD_PX = 22;

/** Draws the strip and returns the totals in view. The delta line starts at 0 at the left edge of the view. */
export function drawFlowStrip(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  view: Viewport,
  size: { readonly layout: PaneLayout; readonly heightPx: number; readonly store: FrameStore },
): FlowTotals {
  const { layout, heightPx, store } = size;
  g.clearRect(0, 0, layout.widthPx, heightPx);
  const startNs = store.offsetNsFromRow(store.firstRow);
  const first = Math.max(0, Math.floor((view.rightNs - view.spanNs - startNs) / store.bucketNs));
  const last = Math.min(store.rows - 1, Math.ceil((view.rightNs - startNs) / store.bucketNs));
  const rowPx = (store.bucketNs / view.spanNs) * layout.mapWidthPx;
  const rowsPerBar = Math.max(1, Math.round(3 / rowPx));
  const bars = collectBars(store, first, last, rowsPerBar);
  let cumulative = 0;
  let low = 0;
  let high = 0;
  let largest = 0;
  for (const bar of bars) {
    cumulative += bar.bought - bar.sold;
    low = Math.min(low, cumulative);
    high = Math.max(high, cumulative);
    largest = Math.max(largest, bar.bought, bar.sold);
  }
  const xOf = (row: number): number => xFromNs(view, layout, startNs + row * store.bucketNs);
  const barHeight = (heightPx - HEAD_PX) * 0.42;
  let bought = 0;
  let sold = 0;
  for (const bar of bars) {
    bought += bar.bought;
    sold += bar.sold;
    const width = Math.max(1, (rowPx * rowsPerBar) / 2 - 0.5);
    const x = xOf(bar.row);
    drawBar(g, withAlpha(theme.bid, 0.75), { x, width, height: largest > 0 ? (bar.bought / largest) * barHeight : 0, bottom: heightPx });
    drawBar(g, withAlpha(theme.ask, 0.75), {
      x: x + width,
      width,
      height: largest > 0 ? (bar.sold / largest) * barHeight : 0,
      bottom: heightPx,
    });
  }
  const span = high - low || 1;
  const top = HEAD_PX + 4;
  const lineHeight = (heightPx - HEAD_PX) * 0.5;
  g.strokeStyle = theme.accent;
  g.lineWidth = 1.4;
  g.beginPath();
  cumulative = 0;
  bars.forEach((bar, i) => {
    cumulative += bar.bought - bar.sold;
    const y = top + lineHeight * (1 - (cumulative - low) / span);
    const x = Math.min(layout.mapWidthPx, xOf(bar.row + rowsPerBar));
    if (i === 0) g.moveTo(x, y);
    else g.lineTo(x, y);
  });
  g.stroke();
  return { bought, sold };
}

function collectBars(store: FrameStore, first: number, last: number, rowsPerBar: number): { row: number; bought: number; sold: number }[] {
  const bars: { row: number; bought: number; sold: number }[] = [];
  for (let row = first; row <= last; row++) {
    const absolute = store.firstRow + row;
    const at = store.slotFromRow(absolute);
    const nothingKnown = ((store.rowFlags[at] as number) & RowFlag.empty) !== 0;
    if (nothingKnown && store.volume[at * 2] === 0 && store.volume[at * 2 + 1] === 0) continue;
    let bar = bars.at(-1);
    // Bars are aligned to absolute rows so that they do not flicker while the map moves.
    if (!bar || Math.floor((store.firstRow + bar.row) / rowsPerBar) !== Math.floor(absolute / rowsPerBar)) {
      bar = { row, bought: 0, sold: 0 };
      bars.push(bar);
    }
    bar.bought += store.volume[at * 2] as number;
    bar.sold += store.volume[at * 2 + 1] as number;
  }
  return bars;
}

function drawBar(
  g: CanvasRenderingContext2D,
  colour: string,
  bar: { readonly x: number; readonly width: number; readonly height: number; readonly bottom: number },
): void {
  if (bar.height <= 0) return;
  g.fillStyle = colour;
  g.fillRect(bar.x, bar.bottom - bar.height, bar.width, bar.height);
}
