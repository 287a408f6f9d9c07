/** The whole session as a strip of activity with the visible window, the play head and losses. Must not know React. */
import type { ChartTheme } from './theme.ts';
import { withAlpha } from './theme.ts';
import { timeLabel, timeStepNs, timeTicks } from './ticks.ts';

export interface ActivityStripInputs {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly originNs: bigint;
  /** Length of the session; times below are ns after its start. */
  readonly spanNs: number;
  readonly counts: readonly number[];
  readonly losses: readonly { readonly fromNs: number; readonly toNs: number; readonly serious: boolean }[];
  readonly headNs: number;
  readonly windowFromNs: number;
  readonly windowToNs: number;
}

const FOOT_PX = 20;

/** Draws the strip; the part after the head is dimmed. */
export function drawActivityStrip(g: CanvasRenderingContext2D, theme: ChartTheme, input: ActivityStripInputs): void {
  const { widthPx, heightPx } = input;
  const bottom = heightPx - FOOT_PX;
  const xOf = (ns: number): number => (input.spanNs > 0 ? (ns / input.spanNs) * widthPx : 0);
  g.clearRect(0, 0, widthPx, heightPx);
  const left = Math.max(0, xOf(input.windowFromNs));
  const right = Math.min(widthPx, xOf(input.windowToNs));
  g.fillStyle = withAlpha(theme.accent, 0.14);
  g.fillRect(left, 0, Math.max(2, right - left), bottom);
  drawCounts(g, theme, input, { bottom, headX: xOf(input.headNs) });
  g.fillStyle = theme.line;
  g.fillRect(0, bottom, widthPx, 1);
  for (const loss of input.losses) {
    g.fillStyle = loss.serious ? theme.ask : theme.warn;
    g.fillRect(Math.round(xOf(loss.fromNs)), bottom, Math.max(2, xOf(loss.toNs) - xOf(loss.fromNs)), 5);
  }
  drawLabels(g, theme, input, xOf);
  const x = Math.round(Math.min(widthPx - 2, Math.max(0, xOf(input.headNs) - 1)));
  g.fillStyle = theme.accent;
  g.fillRect(x, 0, 2, bottom + 7);
}

function drawCounts(
  g: CanvasRenderingContext2D,
  theme: ChartTheme,
  input: ActivityStripInputs,
  at: { readonly bottom: number; readonly headX: number },
): void {
  const { counts, widthPx } = input;
  let largest = 0;
  for (const count of counts) largest = Math.max(largest, count);
  if (largest === 0) return;
  const barPx = widthPx / counts.length;
  for (let i = 0; i < counts.length; i++) {
    const x = i * barPx;
    // The square root keeps quiet stretches visible beside bursts.
    const height = Math.sqrt((counts[i] as number) / largest) * (at.bottom - 4);
    g.fillStyle = x <= at.headX ? withAlpha(theme.accent, 0.55) : withAlpha(theme.text2, 0.4);
    g.fillRect(x, at.bottom - height, Math.max(1, barPx - 1), height);
  }
}

function drawLabels(g: CanvasRenderingContext2D, theme: ChartTheme, input: ActivityStripInputs, xOf: (ns: number) => number): void {
  const step = timeStepNs(input.spanNs, Math.max(2, input.widthPx / 120));
  g.font = theme.monoFont;
  g.fillStyle = theme.text1;
  g.textAlign = 'center';
  g.textBaseline = 'bottom';
  for (const t of timeTicks(0, input.spanNs, step, input.originNs)) {
    const text = timeLabel(input.originNs + BigInt(Math.round(t)), step);
    const half = g.measureText(text).width / 2;
    const x = xOf(t);
    if (x - half >= 0 && x + half <= input.widthPx) g.fillText(text, x, input.heightPx - 1);
  }
}
