/** Gaps, resyncs and stale stretches drawn over the map: hatched, bounded and named. Must not know the host or React. */
import type { ChartTheme } from './theme.ts';
import { withAlpha } from './theme.ts';
import { type MapGeometry, xFromNs } from './geometry.ts';

export interface MapBand {
  readonly kind: 'gap' | 'resync' | 'restart' | 'stale' | 'disconnect';
  readonly fromNs: number;
  readonly toNs: number;
  readonly text: string;
}

const HATCH_PX = 9;
const MIN_WIDTH_PX = 3;

/** Draws the bands that lie in view. */
export function drawBands(g: CanvasRenderingContext2D, theme: ChartTheme, geometry: MapGeometry, bands: readonly MapBand[]): void {
  const { view, layout } = geometry;
  let labelEnd = Number.NEGATIVE_INFINITY;
  let labelRow = 0;
  for (const band of bands) {
    const left = xFromNs(view, layout, band.fromNs);
    const right = Math.max(left + MIN_WIDTH_PX, xFromNs(view, layout, band.toNs));
    if (right < 0 || left > layout.mapWidthPx) continue;
    const colour = band.kind === 'gap' || band.kind === 'disconnect' ? theme.ask : theme.warn;
    const from = Math.max(0, left);
    const to = Math.min(layout.mapWidthPx, right);
    hatch(g, { colour, left: from, right: to, height: layout.heightPx, alpha: band.kind === 'stale' ? 0.12 : 0.3 });
    g.font = theme.wordFont;
    const label = band.text || band.kind;
    const width = g.measureText(label).width + 12;
    const x = Math.min(Math.max(from, 2), layout.mapWidthPx - width - 2);
    labelRow = x < labelEnd ? labelRow + 1 : 0;
    labelEnd = x + width;
    drawLabel(g, theme, { colour, label, x, y: 6 + labelRow * 20, width });
  }
}

interface HatchedArea {
  readonly colour: string;
  readonly left: number;
  readonly right: number;
  readonly height: number;
  readonly alpha: number;
}

function hatch(g: CanvasRenderingContext2D, area: HatchedArea): void {
  const { colour, left, right, height, alpha } = area;
  g.save();
  g.beginPath();
  g.rect(left, 0, right - left, height);
  g.clip();
  g.fillStyle = withAlpha(colour, alpha * 0.35);
  g.fillRect(left, 0, right - left, height);
  g.strokeStyle = withAlpha(colour, alpha);
  g.lineWidth = 1;
  g.beginPath();
  for (let x = Math.floor((left - height) / HATCH_PX) * HATCH_PX; x < right; x += HATCH_PX) {
    g.moveTo(x, height);
    g.lineTo(x + height, 0);
  }
  g.moveTo(left + 0.5, 0);
  g.lineTo(left + 0.5, height);
  g.moveTo(right - 0.5, 0);
  g.lineTo(right - 0.5, height);
  g.stroke();
  g.restore();
}

function drawLabel(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  at: { readonly colour: string; readonly label: string; readonly x: number; readonly y: number; readonly width: number },
): void {
  g.fillStyle = withAlpha(theme.bg1, 0.94);
  g.fillRect(at.x, at.y, at.width, 17);
  g.fillStyle = at.colour;
  g.fillRect(at.x, at.y, 2, 17);
  g.fillStyle = theme.text0;
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  g.fillText(at.label, at.x + 7, at.y + 9);
}
