/**
 * Segments of all timelines of this worker, at most so many bytes of them: the least recently used go first. Must not know
 * how a segment is read.
 */
import type { Segment } from './segment.ts';

/** Bytes of rows that one worker keeps. */
export const TIMELINE_CACHE_BYTES = 256 * 1024 * 1024;

/**
 * Least-recently-used store of segments.
 * @invariant bytes ≤ limit, except that the newest segment is always kept
 */
export class TimelineCache {
  private readonly limit: number;
  private readonly loaded = new Map<string, Segment>();
  private readonly loading = new Map<string, Promise<Segment>>();
  private held = 0;

  constructor(limit: number = TIMELINE_CACHE_BYTES) {
    this.limit = limit;
  }

  get bytes(): number {
    return this.held;
  }

  get size(): number {
    return this.loaded.size;
  }

  /** Resolves with the segment, read by `read` when it is not here; simultaneous requests read once. A failed read is not kept. */
  get(key: string, read: () => Promise<Segment>): Promise<Segment> {
    const here = this.loaded.get(key);
    if (here) {
      this.loaded.delete(key);
      this.loaded.set(key, here);
      return Promise.resolve(here);
    }
    const underway = this.loading.get(key);
    if (underway) return underway;
    const reading = read()
      .then((segment) => {
        this.keep(key, segment);
        return segment;
      })
      .finally(() => this.loading.delete(key));
    this.loading.set(key, reading);
    return reading;
  }

  private keep(key: string, segment: Segment): void {
    this.loaded.set(key, segment);
    this.held += segment.bytes;
    for (const [oldest, old] of this.loaded) {
      if (this.held <= this.limit || oldest === key) break;
      this.loaded.delete(oldest);
      this.held -= old.bytes;
    }
  }
}
