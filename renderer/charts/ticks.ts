/** Where labels stand on the axes: round steps, never crowded. Must not know canvases. */
import { clockFromNs, isoFromNs } from '../../core/units/index.ts';

const DAY_NS = 8.64e13;

const TIME_STEPS_NS: readonly number[] = [
  1e6,
  2e6,
  5e6,
  1e7,
  2e7,
  5e7,
  1e8,
  2e8,
  5e8,
  1e9,
  2e9,
  5e9,
  1e10,
  1.5e10,
  3e10,
  6e10,
  1.2e11,
  3e11,
  6e11,
  9e11,
  1.8e12,
  3.6e12,
  7.2e12,
  1.44e13,
  2.16e13,
  4.32e13,
  DAY_NS,
];

/** Returns the smallest step 1, 2 or 5 × 10ⁿ (in units, at least `minStep`) that gives at most `count` labels over `span`. */
export function priceStepUnits(spanUnits: number, count: number, minStep: number): number {
  const raw = Math.max(spanUnits / Math.max(1, count), minStep, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const factor of [1, 2, 5, 10]) if (factor * power >= raw * 0.999999) return factor * power;
  return 10 * power;
}

/** Returns a round time step that gives at most `count` labels over the span. */
export function timeStepNs(spanNs: number, count: number): number {
  const raw = spanNs / Math.max(1, count);
  return TIME_STEPS_NS.find((step) => step >= raw) ?? DAY_NS;
}

/** Returns the label of a time at a step: `14:32:07`, with as many fraction digits as the step needs; a date at midnight. */
export function timeLabel(timeNs: bigint, stepNs: number): string {
  if (timeNs % 86_400_000_000_000n === 0n) return isoFromNs(timeNs).slice(0, 10);
  if (stepNs >= 60e9) return clockFromNs(timeNs, 0).slice(0, 5);
  if (stepNs >= 1e9) return clockFromNs(timeNs, 0);
  return clockFromNs(timeNs, stepNs >= 1e8 ? 1 : stepNs >= 1e7 ? 2 : 3);
}

/** Returns the times (ns after the origin) of the labels between two offsets, aligned to UTC. */
export function timeTicks(fromNs: number, toNs: number, stepNs: number, originNs: bigint): number[] {
  const step = BigInt(stepNs);
  const phase = Number(((originNs % step) + step) % step);
  const out: number[] = [];
  for (let t = Math.ceil((fromNs + phase) / stepNs) * stepNs - phase; t <= toNs; t += stepNs) out.push(t);
  return out;
}

/** Returns the clock at a time, with its date before it when the window shown reaches over a midnight (UTC). */
export function cursorTimeText(
  timeNs: bigint,
  window: { readonly fromNs: number; readonly toNs: number; readonly originNs: bigint },
): string {
  const overMidnight = timeTicks(window.fromNs, window.toNs, DAY_NS, window.originNs).length > 0;
  const clock = `${clockFromNs(timeNs, 3)} UTC`;
  return overMidnight ? `${isoFromNs(timeNs).slice(0, 10)} ${clock}` : clock;
}
