/**
 * The one animation-frame loop of the map: something marks a level dirty, the next display frame draws that level and
 * all below it, and nothing runs while nothing is dirty. Must not know what is drawn.
 */

/** Dirty levels; a higher one implies the lower ones. */
export const DirtyLevel = { cursor: 1, overlay: 2, data: 3, layout: 4 } as const;
export type DirtyLevel = (typeof DirtyLevel)[keyof typeof DirtyLevel];

/** Timing of the drawn frames. */
export interface LoopStats {
  /** Display frames in which something was drawn. */
  frames: number;
  /** Main-thread milliseconds of the last drawn frame. */
  lastMs: number;
  /** Drawn frames per second over the last second with drawing, 0 when idle. */
  perSecond: number;
}

export interface FrameClock {
  request(callback: () => void): number;
  cancel(handle: number): void;
  nowMs(): number;
}

/** Calls `draw(level)` at most once per display frame, and only when a level is dirty. */
export class Scheduler {
  readonly stats: LoopStats = { frames: 0, lastMs: 0, perSecond: 0 };
  private level = 0;
  private handle: number | null = null;
  private windowStartMs = 0;
  private windowFrames = 0;
  private readonly draw: (level: DirtyLevel) => void;
  private readonly clock: FrameClock;

  constructor(draw: (level: DirtyLevel) => void, clock: FrameClock) {
    this.draw = draw;
    this.clock = clock;
  }

  /** Asks for a draw of `level` in the next display frame. */
  mark(level: DirtyLevel): void {
    if (level > this.level) this.level = level;
    this.handle ??= this.clock.request(() => this.tick());
  }

  /** True when nothing is dirty. */
  get idle(): boolean {
    return this.level === 0;
  }

  stop(): void {
    if (this.handle !== null) this.clock.cancel(this.handle);
    this.handle = null;
    this.level = 0;
  }

  private tick(): void {
    this.handle = null;
    const level = this.level as DirtyLevel | 0;
    this.level = 0;
    if (level === 0) return;
    const startMs = this.clock.nowMs();
    this.draw(level);
    this.count(startMs);
  }

  private count(startMs: number): void {
    this.stats.frames++;
    this.stats.lastMs = this.clock.nowMs() - startMs;
    this.windowFrames++;
    const elapsedMs = startMs - this.windowStartMs;
    if (elapsedMs < 1000) return;
    // After a pause the window is longer than a second and its rate means nothing.
    if (elapsedMs < 2000) this.stats.perSecond = (this.windowFrames * 1000) / elapsedMs;
    this.windowStartMs = startMs;
    this.windowFrames = 0;
  }
}

/** Returns the clock of the browser's display. */
export function displayClock(): FrameClock {
  return {
    request: (callback) => requestAnimationFrame(callback),
    cancel: (handle) => cancelAnimationFrame(handle),
    nowMs: () => performance.now(),
  };
}
