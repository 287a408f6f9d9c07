/**
 * How far each book can be trusted, decided from the rows alone:
 * - the first row of depth makes an empty book `synced`; an image makes it `buffering` until the image is complete;
 * - a gap voids a book whose venue sends images (it is emptied, state `gap`, `buffering` from the next clear or image);
 *   any other book keeps its levels and is `stale` until its touch is confirmed: since the gap, a row has set the best
 *   price of each side (or removed something from a side that is empty), or a quote of the venue named it;
 * - a clear without images makes a book `empty`.
 * Every stretch without trust becomes a QualityBand. Must not know how books are built.
 */
import { BookState, type EventBatch, EventKind, type QualityBand } from '../model/index.ts';
import { BandRecorder } from './bands.ts';
import type { BookCounters } from './book-counters.ts';
import type { BookEntry } from './instrument-book.ts';

/** Keeps the trust states of one session's books. */
export class TrustKeeper {
  /** Axis time of the row before the present one, ns from the counters' origin; NaN before the first. */
  axisBefore = Number.NaN;
  private readonly counters: BookCounters;
  private readonly bands = new BandRecorder();

  constructor(counters: BookCounters) {
    this.counters = counters;
  }

  /** Returns the stretches without trust, by start; those still open end with the session. */
  list(): QualityBand[] {
    return this.bands.list(this.now());
  }

  /** Empties the book at a `clear` row or before an image. */
  clear(entry: BookEntry): void {
    entry.clear();
    entry.open = true;
    entry.inImage = false;
    entry.touched = null;
    this.close(entry, 'gap');
    this.close(entry, 'stale');
    const waits = entry.fromImage && entry.state !== BookState.empty;
    if (waits) this.open(entry, 'resync', 'waiting for a new image of the book');
    entry.state = waits ? BookState.buffering : BookState.empty;
  }

  /** Messages of this book are missing from here on. */
  lose(entry: BookEntry, text: string): void {
    if (entry.state === BookState.empty || entry.state === BookState.gap) return;
    if (!entry.fromImage) {
      entry.state = BookState.stale;
      entry.touched = [new Set(), new Set()];
      this.open(entry, 'stale', `levels not confirmed since ${text}`);
      return;
    }
    entry.clear();
    entry.open = false;
    entry.inImage = false;
    entry.crossed = false;
    entry.completeBid = Number.NaN;
    entry.completeAsk = Number.NaN;
    entry.state = BookState.gap;
    this.close(entry, 'resync');
    this.open(entry, 'gap', text);
  }

  /** The book is exact again. */
  regain(entry: BookEntry): void {
    entry.state = BookState.synced;
    entry.touched = null;
    this.close(entry, 'gap');
    this.close(entry, 'resync');
    this.close(entry, 'stale');
  }

  /**
   * Records the band of a gap, restart or disconnect row: from the row before it to it. The gap of a single book that
   * is voided has a longer band of its own, so none is added for it here.
   */
  mark(batch: EventBatch, row: number, entry: BookEntry | null): void {
    const kind = batch.kind[row] === EventKind.gap ? 'gap' : batch.kind[row] === EventKind.restart ? 'restart' : 'disconnect';
    if (kind === 'gap' && entry?.fromImage) return;
    const text =
      kind === 'gap' ? gapText(batch, row) : kind === 'restart' ? 'the stream began again' : 'the connection ended and another began';
    this.bands.add({ kind, instrumentId: entry === null ? null : entry.instrument.id, fromNs: this.before(), text }, this.now());
  }

  private open(entry: BookEntry, kind: QualityBand['kind'], text: string): void {
    const fromNs = kind === 'resync' ? this.now() : this.before();
    this.bands.begin({ kind, instrumentId: entry.instrument.id, fromNs, text });
  }

  private close(entry: BookEntry, kind: QualityBand['kind']): void {
    this.bands.end(kind, entry.instrument.id, this.now());
  }

  private now(): bigint {
    return this.counters.timeNs(this.counters.lastReceive) ?? this.counters.originNs;
  }

  private before(): bigint {
    return this.counters.timeNs(this.axisBefore) ?? this.now();
  }
}

/** Returns in words what a gap row says. */
export function gapText(batch: EventBatch, row: number): string {
  const missing = batch.size[row];
  const range = `sequence ${batch.sequence[row]} to ${batch.ref[row] - 1}`;
  return missing > 0 ? `${missing} messages missing (${range})` : `messages missing (${range})`;
}
