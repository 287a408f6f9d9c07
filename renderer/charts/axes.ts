/** The price and time axes of the map, and the tag of the last trade. Must not know the host or React. */
import type { ChartTheme } from './theme.ts';
import { withAlpha } from './theme.ts';
import { type PaneLayout, type Viewport, xFromNs, yFromUnits } from './geometry.ts';
import { priceText } from './number-text.ts';
import { priceStepUnits, timeLabel, timeStepNs, timeTicks } from './ticks.ts';

const LABEL_GAP_PX = 40;
const TIME_GAP_PX = 140;
const TAG_HEIGHT_PX = 17;

export interface AxisInputs {
  readonly view: Viewport;
  readonly layout: PaneLayout;
  readonly originNs: bigint;
  readonly priceScale: number;
  readonly stepUnits: number;
  readonly lastTradeUnits: number;
  /** 1 buy, 2 sell, else unknown. */
  readonly lastTradeSide: number;
}

/** Draws price labels right of the book column and the tag of the last trade. */
export function drawPriceAxis(g: CanvasRenderingContext2D, theme: ChartTheme, input: AxisInputs): void {
  const { view, layout } = input;
  const step = priceStepUnits(view.spanUnits, layout.heightPx / LABEL_GAP_PX, input.stepUnits);
  const x = layout.widthPx - 6;
  const tagY = yFromUnits(view, layout, input.lastTradeUnits);
  g.font = theme.monoFont;
  g.textAlign = 'right';
  g.textBaseline = 'middle';
  g.fillStyle = theme.text1;
  for (let price = Math.ceil(view.lowUnits / step) * step; price < view.lowUnits + view.spanUnits; price += step) {
    const y = yFromUnits(view, layout, price);
    if (y < 8 || y > layout.heightPx - 8 || Math.abs(y - tagY) < TAG_HEIGHT_PX) continue;
    g.fillText(priceText(price, input.priceScale, Math.min(step, Math.max(input.stepUnits, 1))), x, y);
  }
  drawLastTag(g, theme, input);
}

function drawLastTag(g: CanvasRenderingContext2D, theme: ChartTheme, input: AxisInputs): void {
  const { layout } = input;
  if (!Number.isFinite(input.lastTradeUnits)) return;
  const raw = yFromUnits(input.view, layout, input.lastTradeUnits);
  const y = Math.min(layout.heightPx - 10, Math.max(10, raw));
  const text = priceText(input.lastTradeUnits, input.priceScale, input.stepUnits);
  // An arrow when the price lies outside the picture; the colour never stands alone.
  const arrow = raw < 0 ? '▲ ' : raw > layout.heightPx ? '▼ ' : '';
  const width = Math.max(58, g.measureText(arrow + text).width + 10);
  g.fillStyle = input.lastTradeSide === 2 ? theme.ask : input.lastTradeSide === 1 ? theme.bid : theme.text1;
  g.fillRect(layout.widthPx - width, y - TAG_HEIGHT_PX / 2, width, TAG_HEIGHT_PX);
  g.fillStyle = theme.bg0;
  g.fillText(arrow + text, layout.widthPx - 5, y + 0.5);
}

/** Draws the time labels inside the foot of the map. */
export function drawTimeAxis(g: CanvasRenderingContext2D, theme: ChartTheme, input: AxisInputs): void {
  const { view, layout } = input;
  const step = timeStepNs(view.spanNs, layout.mapWidthPx / TIME_GAP_PX);
  g.font = theme.monoFont;
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  for (const t of timeTicks(view.rightNs - view.spanNs, view.rightNs, step, input.originNs)) {
    const x = xFromNs(view, layout, t);
    const text = timeLabel(input.originNs + BigInt(Math.round(t)), step);
    const half = g.measureText(text).width / 2;
    if (x < half + 4 || x > layout.mapWidthPx - half - 4) continue;
    g.fillStyle = withAlpha(theme.bg0, 0.72);
    g.fillRect(x - half - 4, layout.heightPx - 17, half * 2 + 8, 15);
    g.fillStyle = theme.text1;
    g.fillText(text, x, layout.heightPx - 9);
  }
}
