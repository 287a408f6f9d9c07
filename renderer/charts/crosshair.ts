/** The crosshair and its read-out box; the box's lines come ready made. Must not know the host or React. */
import type { ChartTheme } from './theme.ts';
import { withAlpha } from './theme.ts';
import type { PaneLayout } from './geometry.ts';

export interface ReadOut {
  readonly title: string;
  readonly lines: readonly (readonly [label: string, value: string, colour: string | null])[];
  /** Price at the cursor, for the tag on the price axis. */
  readonly priceTag: string;
  readonly timeTag: string;
}

const BOX_WIDTH_PX = 236;
const LINE_PX = 17;
const PAD_PX = 9;

/** Draws the cross through (x, y), tags on both axes and the box beside the cursor, kept inside the map. */
export function drawCrosshair(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  layout: PaneLayout,
  at: { x: number; y: number; readOut: ReadOut | null },
): void {
  const { x, y, readOut } = at;
  g.strokeStyle = withAlpha(theme.text1, 0.8);
  g.lineWidth = 1;
  g.setLineDash([3, 3]);
  g.beginPath();
  g.moveTo(Math.round(x) + 0.5, 0);
  g.lineTo(Math.round(x) + 0.5, layout.heightPx);
  g.moveTo(0, Math.round(y) + 0.5);
  g.lineTo(layout.widthPx, Math.round(y) + 0.5);
  g.stroke();
  g.setLineDash([]);
  if (!readOut) return;
  g.font = theme.monoFont;
  tag(g, theme, readOut.priceTag, { right: layout.widthPx, y });
  const half = g.measureText(readOut.timeTag).width / 2 + 6;
  tag(g, theme, readOut.timeTag, { right: Math.min(layout.mapWidthPx, Math.max(half * 2, x + half)), y: layout.heightPx - 9 });
  drawBox(g, theme, layout, { x, y, readOut });
}

function tag(g: CanvasRenderingContext2D, theme: ChartTheme, text: string, at: { readonly right: number; readonly y: number }): void {
  const width = g.measureText(text).width + 12;
  g.fillStyle = theme.line;
  g.fillRect(at.right - width, at.y - 8.5, width, 17);
  g.fillStyle = theme.text0;
  g.textAlign = 'right';
  g.textBaseline = 'middle';
  g.fillText(text, at.right - 6, at.y + 0.5);
}

function drawBox(g: CanvasRenderingContext2D, theme: ChartTheme, layout: PaneLayout, at: { x: number; y: number; readOut: ReadOut }): void {
  const { readOut } = at;
  const height = PAD_PX * 2 + LINE_PX * (readOut.lines.length + 1) - 3;
  const left = at.x + 14 + BOX_WIDTH_PX < layout.mapWidthPx ? at.x + 14 : at.x - 14 - BOX_WIDTH_PX;
  const top = Math.min(layout.heightPx - height - 24, Math.max(4, at.y + 14));
  g.fillStyle = withAlpha(theme.bg1, 0.96);
  g.strokeStyle = theme.line;
  g.beginPath();
  g.roundRect(left + 0.5, top + 0.5, BOX_WIDTH_PX, height, 6);
  g.fill();
  g.stroke();
  g.textBaseline = 'middle';
  let y = top + PAD_PX + LINE_PX / 2 - 1;
  g.textAlign = 'left';
  g.fillStyle = theme.text0;
  g.fillText(readOut.title, left + PAD_PX + 1, y);
  for (const [label, value, colour] of readOut.lines) {
    y += LINE_PX;
    g.textAlign = 'left';
    g.fillStyle = theme.text1;
    g.fillText(label, left + PAD_PX + 1, y);
    g.textAlign = 'right';
    g.fillStyle = colour ?? theme.text0;
    g.fillText(value, left + BOX_WIDTH_PX - PAD_PX, y);
  }
}
