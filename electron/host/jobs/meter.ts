/**
 * Turns counts into rates: messages a second over the last second, and seconds left from the bytes of the whole run so
 * far. Must not read a clock: times are given.
 */
const WINDOW_MS = 1000;

interface Sample {
  readonly atMs: number;
  readonly count: number;
}

export class Meter {
  private readonly startMs: number;
  private samples: Sample[] = [];

  constructor(startMs: number) {
    this.startMs = startMs;
    this.samples.push({ atMs: startMs, count: 0 });
  }

  /** Takes the count at a time and returns the rate per second over the last second. */
  rate(atMs: number, count: number): number {
    this.samples.push({ atMs, count });
    while (this.samples.length > 2 && this.samples[1].atMs <= atMs - WINDOW_MS) this.samples.shift();
    const first = this.samples[0];
    return atMs <= first.atMs ? 0 : ((count - first.count) * 1000) / (atMs - first.atMs);
  }

  /** Returns the seconds left at the mean speed so far; null when it cannot be told. */
  secondsLeft(atMs: number, done: number, total: number): number | null {
    if (done <= 0 || total <= 0 || atMs <= this.startMs) return null;
    return Math.max(0, ((total - done) * (atMs - this.startMs)) / (done * 1000));
  }
}
