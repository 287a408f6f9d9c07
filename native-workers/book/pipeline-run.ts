/**
 * What happens to the rows of one session on their way through the book worker: numbered, applied to the books, hashed,
 * and turned into messages for the store. Must not know ports or credits.
 */
import { BookSet, finalBooksSha256, finalQuotesSha256, KeyframeBuilder, StateHasher } from '../../core/book/index.ts';
import { EventBatch, type Instrument } from '../../core/model/index.ts';
import type { PipelineOutcome, StoreMessage } from '../protocol/index.ts';
import { DerivedRows } from './derived-rows.ts';
import { sha256Hasher } from './node-hasher.ts';

/** Messages that carry a buffer: each costs its sender a credit. */
export type BufferMessage = Extract<StoreMessage, { type: 'batch' | 'derived' | 'keyframe' }>;

/** One session passing through. */
export class PipelineRun {
  private readonly hasher = new StateHasher(sha256Hasher);
  private readonly derived: DerivedRows;
  private readonly keyframes: KeyframeBuilder | null;
  private readonly books: BookSet;
  private made: BufferMessage[] = [];
  private nextOrdinal = 0;

  /** `images`: whether keyframes are wanted (not when verifying). */
  constructor(images: boolean) {
    this.derived = new DerivedRows((batch, ordinals) => this.made.push({ type: 'derived', buffer: batch.buffer, ordinals }));
    const keyframes = images
      ? new KeyframeBuilder(({ batch, ordinals }) => this.made.push({ type: 'keyframe', buffer: batch.buffer, ordinals }))
      : null;
    this.keyframes = keyframes;
    this.books = new BookSet({
      onDerived: (event) => this.derived.add(event),
      ...(keyframes === null ? {} : { onPublish: (book, batch, row) => keyframes.published(book, batch, row) }),
    });
  }

  /** Source rows so far. */
  get events(): number {
    return this.nextOrdinal;
  }

  define(instruments: readonly Instrument[]): void {
    for (const instrument of instruments) this.books.define(instrument);
  }

  /** Takes a batch of source rows; returns the messages for the store, the batch itself first. */
  take(buffer: ArrayBuffer): readonly BufferMessage[] {
    const batch = new EventBatch(buffer);
    const rows = batch.rows;
    batch.firstOrdinal = this.nextOrdinal;
    this.nextOrdinal += rows;
    this.books.apply(batch, 0, rows);
    this.hasher.update(batch, 0, rows);
    return [{ type: 'batch', buffer }, ...this.collect()];
  }

  /** Returns the last messages for the store. */
  finish(): readonly BufferMessage[] {
    this.derived.flush();
    this.keyframes?.flush();
    return this.collect();
  }

  /** Returns what the session was; once, after `finish`. */
  outcome(): PipelineOutcome {
    const { counters } = this.books;
    const finalBooks = finalBooksSha256(this.books, sha256Hasher);
    const finalQuotes = finalQuotesSha256(this.books, sha256Hasher);
    const time = (offsetNs: number): string | null => counters.timeNs(offsetNs)?.toString() ?? null;
    return {
      report: {
        trades: counters.trades,
        levelUpdates: counters.levelUpdates,
        unknownLevelRemovals: counters.unknownLevelRemovals,
        unknownOrders: counters.unknownOrders,
        crossed: counters.crossed,
        events: counters.events,
        firstTimeNs: time(counters.firstExchange),
        lastTimeNs: time(counters.lastExchange),
        firstReceiveNs: time(counters.firstReceive),
        lastReceiveNs: time(counters.lastReceive),
        finalBooksSha256: finalBooks,
        finalQuotesSha256: finalQuotes,
        stateHash: this.hasher.digestHex(finalBooks, finalQuotes),
      },
      instruments: this.books.activity().sort((a, b) => b.events - a.events || a.id - b.id),
      bands: this.books.qualityBands(),
    };
  }

  private collect(): BufferMessage[] {
    const made = this.made;
    this.made = [];
    return made;
  }
}
