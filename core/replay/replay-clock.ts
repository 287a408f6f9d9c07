/**
 * The play head of a replay: session time as a function of wall time and speed. It is told the wall time by its caller
 * and must not know frames or books.
 */
import { NS_PER_MS } from '../units/index.ts';

/**
 * A head that runs from `fromNs` to `toNs` and stops there.
 * @invariant fromNs ≤ headNs ≤ toNs
 * @units wall times in ms of any steady clock; session times in ns UTC
 */
export class ReplayClock {
  private readonly fromNs: bigint;
  private readonly toNs: bigint;
  private anchorNs: bigint;
  private anchorWallMs = 0;
  private rate = 1;
  private running = false;

  constructor(fromNs: bigint, toNs: bigint, headNs: bigint) {
    this.fromNs = fromNs;
    this.toNs = toNs;
    this.anchorNs = this.clamp(headNs);
  }

  get playing(): boolean {
    return this.running;
  }

  /** Session seconds per wall second; the last speed asked for while paused. */
  get speed(): number {
    return this.rate;
  }

  /** Head as of the last call that told the wall time. */
  get headNs(): bigint {
    return this.anchorNs;
  }

  /** Runs on from the head at `speed`; at the session's end it begins again at the start. A session of one moment does not run. */
  play(speed: number, wallMs: number): void {
    this.tick(wallMs);
    if (this.anchorNs === this.toNs) this.anchorNs = this.fromNs;
    this.rate = speed;
    this.anchorWallMs = wallMs;
    this.running = this.anchorNs < this.toNs;
  }

  pause(wallMs: number): void {
    this.tick(wallMs);
    this.running = false;
  }

  /** Moves the head; a running clock runs on from there. */
  seek(timeNs: bigint, wallMs: number): void {
    this.anchorNs = this.clamp(timeNs);
    this.anchorWallMs = wallMs;
    if (this.anchorNs === this.toNs) this.running = false;
  }

  /** Leaves the head where it is and forgets the wall time since the last tick: used when the screen was not ready to follow. */
  resumeAt(wallMs: number): void {
    this.anchorWallMs = wallMs;
  }

  /** Returns the head at this wall time; stops at the session's end. A wall time that steps back moves nothing. */
  tick(wallMs: number): bigint {
    if (!this.running || wallMs <= this.anchorWallMs) return this.anchorNs;
    // Below one ns nothing moves, and the anchor stays so that slow speeds do not lose their fractions.
    const advanceNs = Math.floor((wallMs - this.anchorWallMs) * this.rate * NS_PER_MS);
    if (advanceNs < 1) return this.anchorNs;
    this.anchorNs = this.clamp(this.anchorNs + BigInt(advanceNs));
    this.anchorWallMs = wallMs;
    if (this.anchorNs === this.toNs) this.running = false;
    return this.anchorNs;
  }

  private clamp(timeNs: bigint): bigint {
    if (timeNs < this.fromNs) return this.fromNs;
    return timeNs > this.toNs ? this.toNs : timeNs;
  }
}
