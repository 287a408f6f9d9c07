/** The current book as bars beside the map, on the map's own price axis. Must not know the host or React. */
import type { ChartTheme } from './theme.ts';
import { withAlpha } from './theme.ts';
import { type PaneLayout, type Viewport, yFromUnits } from './geometry.ts';

/** Price bins of one side's levels, summed; kept between draws so that drawing allocates nothing. */
const sums = new Map<number, number>();
const sizes: number[] = [];
const FULL_SHARE = 0.97;

export interface BookColumnInputs {
  readonly view: Viewport;
  readonly layout: PaneLayout;
  readonly binUnits: number;
  /** @shape n × 2: price units, size units, best first */
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}

/** Draws both sides on one scale: the 97th percentile of the levels in view fills the column, larger ones end in a bright tip. */
export function drawBookColumn(g: CanvasRenderingContext2D, theme: ChartTheme, input: BookColumnInputs): void {
  const { layout } = input;
  g.fillStyle = theme.bg0;
  g.fillRect(layout.mapWidthPx, 0, layout.widthPx - layout.mapWidthPx, layout.heightPx);
  g.fillStyle = theme.line;
  g.fillRect(layout.mapWidthPx, 0, 1, layout.heightPx);
  sizes.length = 0;
  gatherInView(input, input.bids, Math.floor);
  gatherInView(input, input.asks, Math.ceil);
  if (sizes.length === 0) return;
  sizes.sort((a, b) => a - b);
  const full = sizes[Math.floor((sizes.length - 1) * FULL_SHARE)] as number;
  drawSide(g, input, input.bids, { colour: theme.bid, tip: theme.text0, round: Math.floor, full });
  drawSide(g, input, input.asks, { colour: theme.ask, tip: theme.text0, round: Math.ceil, full });
}

function collect(input: BookColumnInputs, levels: Float64Array, round: (x: number) => number): void {
  sums.clear();
  for (let i = 0; i < levels.length; i += 2) {
    // The one rounding rule: bids down, asks up. An ask on the edge of a bin belongs to that bin.
    const bin = round((levels[i] as number) / input.binUnits);
    sums.set(bin, (sums.get(bin) ?? 0) + (levels[i + 1] as number));
  }
}

function gatherInView(input: BookColumnInputs, levels: Float64Array, round: (x: number) => number): void {
  collect(input, levels, round);
  const { view } = input;
  for (const [bin, size] of sums) {
    const price = bin * input.binUnits;
    if (price >= view.lowUnits && price <= view.lowUnits + view.spanUnits) sizes.push(size);
  }
}

function drawSide(
  g: CanvasRenderingContext2D,
  input: BookColumnInputs,
  levels: Float64Array,
  style: { readonly colour: string; readonly tip: string; readonly round: (x: number) => number; readonly full: number },
): void {
  const { view, layout, binUnits } = input;
  collect(input, levels, style.round);
  const barHeight = Math.max(1, (binUnits / view.spanUnits) * layout.heightPx);
  for (const [bin, size] of sums) {
    const top = yFromUnits(view, layout, (bin + 1) * binUnits);
    if (top + barHeight < 0 || top > layout.heightPx) continue;
    const share = Math.min(1, size / style.full);
    g.fillStyle = withAlpha(style.colour, 0.5 + 0.5 * share);
    const gap = barHeight > 3 ? 1 : 0;
    g.fillRect(layout.mapWidthPx + 1, top, Math.max(1, share * (layout.bookWidthPx - 2)), barHeight - gap);
    if (size <= style.full) continue;
    g.fillStyle = style.tip;
    g.fillRect(layout.mapWidthPx + layout.bookWidthPx - 3, top, 2, barHeight - gap);
  }
}
