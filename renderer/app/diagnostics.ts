/**
 * `window.__depthscope`: read-only counters for support and tests, documented in docs/testing.md. Nothing in the product
 * reads it.
 */
import type { SurfaceCounters } from '../gl/index.ts';
import { useLive } from '../state/index.ts';
import type { MapEngine } from './map-engine.ts';

export interface Diagnostics {
  /** Counts of the drawing thread: uploads, draws, context losses, milliseconds of the last of each. */
  readonly surface: () => SurfaceCounters;
  readonly renderer: () => string;
  /** Frames taken and dropped, and the epoch of the picture. */
  readonly frames: () => {
    readonly taken: number;
    readonly dropped: number;
    readonly epoch: number;
    readonly headNs: string;
    readonly rows: number;
  };
  /** Display frames in which the page drew, and the milliseconds of the last one. */
  readonly loop: () => { readonly frames: number; readonly lastMs: number };
  readonly view: () => { readonly rightNs: number; readonly spanNs: number; readonly lowUnits: number; readonly spanUnits: number };
  /** True when the picture shows all that has arrived and no draw is under way. */
  readonly idle: () => boolean;
  /** Colour of the heatmap at a device pixel from the top left. */
  readonly readPixel: (x: number, y: number) => Promise<readonly number[]>;
  /** Loses the graphics context on purpose. */
  readonly loseContext: () => void;
}

declare global {
  interface Window {
    __depthscope?: Diagnostics;
  }
}

/** Puts the diagnostics of the engine on the window. */
export function installDiagnostics(engine: MapEngine): void {
  const { store, surface, scheduler } = engine;
  window.__depthscope = Object.freeze({
    surface: () => surface.counters,
    renderer: () => useLive.getState().renderer,
    frames: () => ({
      taken: store.framesTaken,
      dropped: store.framesDropped,
      epoch: store.epoch,
      headNs: store.headNs.toString(),
      rows: store.rows,
    }),
    loop: () => ({ frames: scheduler.stats.frames, lastMs: scheduler.stats.lastMs }),
    view: () => ({ ...engine.view }),
    idle: () => surface.idle && scheduler.idle,
    readPixel: (x: number, y: number) => surface.readPixel(x, y),
    loseContext: () => surface.loseContext(),
  });
}
