/**
 * One instrument's book at a place in its timeline. Within a segment it moves forward by applying rows; into any other
 * segment, and backward, it starts from that segment's image. So the book at a place does not depend on the way there,
 * not even where an image tells less than the rows did. Must not know frames.
 */
import { BookSet, type InstrumentBook } from '../../../core/book/index.ts';
import type { BookState } from '../../../core/model/index.ts';
import { invariant } from '../../../core/util/index.ts';
import { changesBook, type Segment } from './segment.ts';
import type { SegmentRun, Timeline } from './timeline.ts';

/** Moves one book through a timeline. @units offsets: ns from the timeline's origin */
export class BookCursor {
  private readonly timeline: Timeline;
  private books: BookSet;
  private segment: Segment | null = null;
  private row = 0;
  private offset = Number.NEGATIVE_INFINITY;
  private touched = true;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
    this.books = this.freshBooks();
  }

  get book(): InstrumentBook {
    const book = this.books.book(this.timeline.instrument.id);
    invariant(book, 'the cursor defined its instrument');
    return book;
  }

  get state(): BookState {
    return this.book.state;
  }

  /** Returns whether the book may have changed since the last call. */
  takeChanged(): boolean {
    const changed = this.touched;
    this.touched = false;
    return changed;
  }

  /** Brings the book to its state at `offset`, complete events only. `run` must hold that offset's segment. */
  moveTo(offset: number, run: SegmentRun): void {
    const segment = run.get(this.timeline.segmentOf(offset));
    invariant(segment, 'the segment of the offset is loaded');
    if (this.segment?.index !== segment.index || offset < this.offset) this.start(segment);
    const end = segment.cutAt(offset);
    if (end > this.row) {
      this.apply(segment, this.row, end);
      this.row = end;
    }
    this.offset = offset;
  }

  private start(segment: Segment): void {
    this.books = this.freshBooks();
    if (segment.before) this.books.apply(segment.before, 0, segment.before.rows);
    this.segment = segment;
    this.row = 0;
    this.touched = true;
  }

  private apply(segment: Segment, from: number, to: number): void {
    const { bookKind } = this.timeline.instrument;
    segment.eachPart(from, to, (batch, first, end) => {
      this.books.apply(batch, first, end);
      for (let row = first; row < end && !this.touched; row++) this.touched = changesBook(batch.kind[row], bookKind);
    });
  }

  private freshBooks(): BookSet {
    const books = new BookSet();
    books.define(this.timeline.instrument);
    return books;
  }
}
