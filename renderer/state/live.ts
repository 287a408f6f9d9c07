/** What moves while playing, as text and plain numbers, written at most ten times a second. */
import { create } from 'zustand';

export interface LiveState {
  /** Decimal ns; null before the first frame. */
  readonly headNs: string | null;
  readonly playing: boolean;
  readonly speed: number;
  /** False when the user has scrolled away from the head. */
  readonly following: boolean;
  /** True once a frame of this view has been drawn. */
  readonly drawn: boolean;
  /** BookState of core/model. */
  readonly bookState: number;
  /** True when the book at the head has no level. */
  readonly bookEmpty: boolean;
  readonly bucketNs: number;
  readonly group: number;
  /** Visible window as ns after the session's start. */
  readonly windowFromNs: number;
  readonly windowToNs: number;
  readonly cumulativeDelta: string;
  readonly volume: string;
  readonly imbalance: string;
  readonly frameMs: number;
  readonly framesPerSecond: number;
  readonly renderer: 'starting' | 'webgl' | 'canvas2d' | 'lost' | 'failed';
  readonly rendererDetail: string;
  readonly droppedFrames: number;
}

export const useLive = create<LiveState>()(() => ({
  headNs: null,
  playing: false,
  speed: 1,
  following: true,
  drawn: false,
  bookState: 0,
  bookEmpty: true,
  bucketNs: 1_000_000_000,
  group: 1,
  windowFromNs: 0,
  windowToNs: 0,
  cumulativeDelta: '–',
  volume: '–',
  imbalance: '–',
  frameMs: 0,
  framesPerSecond: 0,
  renderer: 'starting',
  rendererDetail: '',
  droppedFrames: 0,
}));
