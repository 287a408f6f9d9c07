/** Best bid and ask over the map with the spread between them darkened. Must not know the host or React. */
import type { FrameStore } from '../frames/index.ts';
import type { ChartTheme } from './theme.ts';
import { withAlpha } from './theme.ts';
import { type MapGeometry, type PaneLayout, type Viewport, xFromNs, yFromUnits } from './geometry.ts';

/** Draws the touch of the rows in view as steps; a bucket without a touch breaks the line. */
export function drawTouch(g: CanvasRenderingContext2D, theme: ChartTheme, geometry: MapGeometry, store: FrameStore): void {
  const { view, layout } = geometry;
  const leftNs = view.rightNs - view.spanNs;
  const startNs = store.offsetNsFromRow(store.firstRow);
  const first = Math.max(0, Math.floor((leftNs - startNs) / store.bucketNs) - 1);
  const last = Math.min(store.rows - 1, Math.ceil((view.rightNs - startNs) / store.bucketNs));
  if (last < first) return;
  const rowPx = (store.bucketNs / view.spanNs) * layout.mapWidthPx;
  const edge = (row: number): number => xFromNs(view, layout, startNs + row * store.bucketNs);
  fillSpread(g, theme, { store, view, layout, first, last, rowPx, edge });
  for (const side of [0, 1] as const) {
    g.strokeStyle = side === 0 ? theme.bid : theme.ask;
    g.lineWidth = 1.4;
    g.lineJoin = 'round';
    g.beginPath();
    let open = false;
    for (let row = first; row <= last; row++) {
      const price = store.touch[store.slotFromRow(store.firstRow + row) * 2 + side] as number;
      if (!Number.isFinite(price)) {
        open = false;
        continue;
      }
      const y = yFromUnits(view, layout, price);
      const x = edge(row);
      if (open) g.lineTo(x, y);
      else g.moveTo(x, y);
      g.lineTo(Math.min(x + rowPx, layout.mapWidthPx), y);
      open = true;
    }
    g.stroke();
  }
}

interface SpreadInputs {
  readonly store: FrameStore;
  readonly view: Viewport;
  readonly layout: PaneLayout;
  readonly first: number;
  readonly last: number;
  readonly rowPx: number;
  readonly edge: (row: number) => number;
}

function fillSpread(g: CanvasRenderingContext2D, theme: ChartTheme, input: SpreadInputs): void {
  const { store, view, layout } = input;
  g.fillStyle = withAlpha(theme.bg0, 0.85);
  g.beginPath();
  for (let row = input.first; row <= input.last; row++) {
    const slot = store.slotFromRow(store.firstRow + row) * 2;
    const bid = store.touch[slot] as number;
    const ask = store.touch[slot + 1] as number;
    if (!Number.isFinite(bid) || !Number.isFinite(ask)) continue;
    const top = yFromUnits(view, layout, ask);
    const height = yFromUnits(view, layout, bid) - top;
    if (height > 0) g.rect(input.edge(row), top, input.rowPx + 0.5, height);
  }
  g.fill();
}
