/** The open session and what is known about it. Only plain facts: cells and books never come here. */
import { create } from 'zustand';
import type { ActivityStrip, SessionEvent, ViewInfo, WireError } from '../../core/contract/index.ts';
import type { Manifest, SessionSummary } from '../../core/model/index.ts';

/** The most session events that are read: the last ones of the session. */
export const EVENTS_LIMIT = 500;

export interface ViewState {
  readonly phase: 'none' | 'opening' | 'open' | 'failed';
  readonly sessionId: string | null;
  readonly summary: SessionSummary | null;
  readonly info: ViewInfo | null;
  readonly manifest: Manifest | null;
  readonly activity: ActivityStrip | null;
  /** Null while it is being read. */
  readonly events: readonly SessionEvent[] | null;
  readonly error: WireError | null;
}

export const NO_VIEW: ViewState = {
  phase: 'none',
  sessionId: null,
  summary: null,
  info: null,
  manifest: null,
  activity: null,
  events: null,
  error: null,
};

export const useView = create<ViewState>()(() => NO_VIEW);
