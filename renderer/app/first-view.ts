/**
 * Which session is opened first, and the first look at a session: what the host suggests, the user's remembered choices, and then, once the head is known, a
 * span that the data fills. Pure arithmetic; must not know canvases or the connection.
 */
import type { ViewInfo } from '../../core/contract/index.ts';
import type { SessionSummary } from '../../core/model/index.ts';
import type { Viewport } from '../charts/index.ts';
import type { SettingsState } from '../state/index.ts';
import { BUCKETS_NS, type Grid } from './view-window.ts';

const MIN_ROWS = 60;
const GOOD_ROWS = 240;
const FITTING_SHARE = 0.6;
const SHORTEST_FIT_NS = 20e9;

/** Returns the session to open at start: the one of last time while it exists, else the newest, undefined when there is none. */
export function firstSession(sessions: readonly SessionSummary[], lastSessionId: string | null): SessionSummary | undefined {
  const last = sessions.find((session) => session.sessionId === lastSessionId);
  return last ?? sessions.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}

/** Returns the key under which choices for an instrument are remembered. */
export function instrumentKey(info: ViewInfo): string {
  return `${info.instrument.venue}:${info.instrument.symbol}`;
}

/** Returns the first grid and viewport of a view; its right edge is set by the first frame. */
export function firstView(info: ViewInfo, settings: Pick<SettingsState, 'bucketNs' | 'groups'>): { grid: Grid; view: Viewport } {
  const { suggested } = info;
  const lengthNs = Number(BigInt(info.toNs) - BigInt(info.fromNs));
  const remembered = settings.bucketNs !== null && lengthNs / settings.bucketNs >= MIN_ROWS ? settings.bucketNs : null;
  const bucketNs = remembered ?? suggested.bucketNs;
  const group = settings.groups[instrumentKey(info)] ?? Math.max(1, suggested.binUnits / info.stepUnits);
  const spanNs = suggested.rows * bucketNs;
  const spanUnits = suggested.bins * info.stepUnits * group;
  return { grid: { bucketNs, group }, view: { rightNs: spanNs, spanNs, lowUnits: suggested.lowUnits ?? 0, spanUnits } };
}

/** Returns a shorter span and finer bucket when the head is still near the session's start, null when all is well. */
export function fitToHead(view: Viewport, grid: Grid, headOffsetNs: number): { bucketNs: number; spanNs: number } | null {
  if (headOffsetNs >= view.spanNs * FITTING_SHARE) return null;
  const spanNs = Math.max(headOffsetNs, SHORTEST_FIT_NS);
  if (spanNs >= view.spanNs) return null;
  const bucketNs = BUCKETS_NS.findLast((bucket) => bucket <= grid.bucketNs && spanNs / bucket >= GOOD_ROWS) ?? grid.bucketNs;
  return { bucketNs, spanNs };
}
