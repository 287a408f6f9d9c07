/**
 * Merges several journal files into one stream in order of receive time, as when REST answers and the socket were
 * recorded apart or a day was cut in two. Within a file the order of lines is kept even where its clock steps back; at
 * equal times the file named first comes first. Must not know any venue's messages or how files are read.
 */
import { type JournalLine, JournalLines } from './lines.ts';

/** What `next` returns: a line with the index of its file, the index of a file whose bytes are needed, or the end. */
export type MergeStep =
  | { readonly kind: 'line'; readonly input: number; readonly line: JournalLine }
  | { readonly kind: 'needs'; readonly input: number }
  | { readonly kind: 'done' };

interface Input {
  readonly lines: JournalLines;
  head: JournalLine | null;
  ended: boolean;
}

/**
 * A pull merger: call `next`; on `needs` push more bytes of that file (or `end` it) and call again. A line's bytes are valid
 * until the next call on the merger.
 */
export class JournalMerger {
  private readonly inputs: readonly Input[];

  constructor(files: number) {
    this.inputs = Array.from({ length: files }, () => ({ lines: new JournalLines(), head: null, ended: false }));
  }

  /** Takes the next bytes of a file; only when `next` asked for them. */
  push(input: number, bytes: Uint8Array): void {
    this.at(input).lines.push(bytes);
  }

  /** A file has no more bytes. */
  end(input: number): void {
    const one = this.at(input);
    one.ended = true;
    one.lines.end();
  }

  /** Returns the next line in order, or which file must be fed first. */
  next(): MergeStep {
    let best = -1;
    for (let i = 0; i < this.inputs.length; i++) {
      const one = this.at(i);
      one.head ??= one.lines.next();
      if (one.head === null) {
        if (!one.ended) return { kind: 'needs', input: i };
        continue;
      }
      // A line without a time keeps its place in its own file and goes out as soon as it is at the head.
      if (one.head.kind !== 'message') return this.take(i, one, one.head);
      if (best < 0 || isEarlier(one.head, this.at(best).head)) best = i;
    }
    if (best < 0) return { kind: 'done' };
    const one = this.at(best);
    return one.head === null ? { kind: 'done' } : this.take(best, one, one.head);
  }

  private take(input: number, one: Input, line: JournalLine): MergeStep {
    one.head = null;
    return { kind: 'line', input, line };
  }

  private at(input: number): Input {
    const one = this.inputs[input];
    if (one === undefined) throw new RangeError(`no journal input ${input}`);
    return one;
  }
}

function isEarlier(a: JournalLine, b: JournalLine | null): boolean {
  if (b === null) return true;
  return a.timeHi < b.timeHi || (a.timeHi === b.timeHi && a.timeLo < b.timeLo);
}
