/**
 * Splits a raw venue recording into lines with their receive time, over chunks cut anywhere. Three line forms:
 * `<ns> <json>` (also our own raw journal), `<seconds.fraction>: <json>`, `<url> -> <seconds.fraction>: <json>` (REST answers);
 * lines that begin with `wss://` or `ws://` record a connect or a sent message and are control lines. Pull: push a chunk,
 * take lines with `next` until it returns null, push again. Must not know any venue's messages.
 */
import { readNanoseconds, readSeconds, type TimeWords } from './receive-time.ts';

/** Longest line that is kept; a longer one is skipped as `tooLong`. Bytes. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * message: a timed JSON text; control: connect or send line; noReceiveTime: no line form fits; truncated: the file ends
 * inside this line; tooLong: more than MAX_LINE_BYTES without a line end.
 */
export type JournalLineKind = 'message' | 'control' | 'noReceiveTime' | 'truncated' | 'tooLong';

/**
 * One line. `bytes[start, end)` is the JSON of a message and the whole line otherwise (empty for tooLong).
 * The bytes are valid until the next call on the JournalLines that it came from.
 */
export interface JournalLine {
  readonly kind: JournalLineKind;
  /** Receive time, ns since the epoch, two u32 words; 0 unless kind is message. */
  readonly timeHi: number;
  readonly timeLo: number;
  /** Address of the REST request that this is the answer to. */
  readonly url: string | null;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** 1-based line number in its file. */
  readonly number: number;
  /** Bytes of the line without its end; what was skipped for tooLong. */
  readonly length: number;
}

const NEWLINE = 10;
const EMPTY = new Uint8Array(0);

/** Splits one file. */
export class JournalLines {
  private readonly maxLineBytes: number;
  private buffer: Uint8Array = EMPTY;
  private from = 0;
  private scanned = 0;
  private to = 0;
  private lineNumber = 0;
  private skipped = 0;
  private ended = false;
  private readonly time: TimeWords = { hi: 0, lo: 0 };

  constructor(maxLineBytes: number = MAX_LINE_BYTES) {
    this.maxLineBytes = maxLineBytes;
  }

  /** Takes a copy of the next bytes of the file. */
  push(bytes: Uint8Array): void {
    const kept = this.to - this.from;
    if (kept + bytes.length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(65_536, (kept + bytes.length) * 2));
      grown.set(this.buffer.subarray(this.from, this.to));
      this.buffer = grown;
    } else {
      this.buffer.copyWithin(0, this.from, this.to);
    }
    this.buffer.set(bytes, kept);
    this.scanned -= this.from;
    this.from = 0;
    this.to = kept + bytes.length;
  }

  /** The file has ended: `next` also returns a last line that has no line end. */
  end(): void {
    this.ended = true;
  }

  /** Returns the next line that is not empty, or null when more bytes are needed or, after `end`, when there are none. */
  next(): JournalLine | null {
    for (;;) {
      const at = this.scanned < this.to ? this.buffer.subarray(0, this.to).indexOf(NEWLINE, this.scanned) : -1;
      if (at < 0) return this.withoutNewline();
      const start = this.from;
      this.from = at + 1;
      this.scanned = at + 1;
      this.lineNumber++;
      if (this.skipped > 0) return this.finishSkipped(at - start);
      const end = at > start && this.buffer[at - 1] === 13 ? at - 1 : at;
      if (end - start > this.maxLineBytes) return this.finishSkipped(end - start);
      if (!isBlank(this.buffer, start, end)) return this.parse(start, end);
    }
  }

  private withoutNewline(): JournalLine | null {
    this.scanned = this.to;
    if (this.skipped > 0 || this.to - this.from > this.maxLineBytes) {
      this.skipped += this.to - this.from;
      this.from = this.to;
      if (!this.ended) return null;
      this.lineNumber++;
      return this.finishSkipped(0);
    }
    if (!this.ended || this.from === this.to) return null;
    const start = this.from;
    const end = this.to;
    this.from = end;
    this.lineNumber++;
    if (isBlank(this.buffer, start, end)) return null;
    const line = this.parse(start, end);
    const whole = line.kind === 'control' || (line.kind === 'message' && isBalanced(this.buffer, line.start, line.end));
    return whole ? line : this.line('truncated', start, end);
  }

  private finishSkipped(more: number): JournalLine {
    const length = this.skipped + more;
    this.skipped = 0;
    return { kind: 'tooLong', timeHi: 0, timeLo: 0, url: null, bytes: EMPTY, start: 0, end: 0, number: this.lineNumber, length };
  }

  private parse(start: number, end: number): JournalLine {
    const bytes = this.buffer;
    const first = bytes[start];
    if (first === 119 && (startsWith(bytes, start, end, 'wss://') || startsWith(bytes, start, end, 'ws://'))) {
      return this.line('control', start, end);
    }
    let url: string | null = null;
    let at = start;
    if (first === 104 && startsWith(bytes, start, end, 'http')) {
      const arrow = indexOfArrow(bytes, start, end);
      if (arrow < 0) return this.line('noReceiveTime', start, end);
      url = latin1(bytes, start, arrow);
      at = arrow + 4;
    }
    let stop = url === null ? readNanoseconds(bytes, at, end, this.time) : -1;
    if (stop > 0 && bytes[stop] === 32 && stop < end) {
      stop++;
    } else {
      stop = readSeconds(bytes, at, end, this.time);
      if (stop < 0 || stop + 1 >= end || bytes[stop] !== 58 || bytes[stop + 1] !== 32) return this.line('noReceiveTime', start, end);
      stop += 2;
    }
    const { hi, lo } = this.time;
    return { kind: 'message', timeHi: hi, timeLo: lo, url, bytes, start: stop, end, number: this.lineNumber, length: end - start };
  }

  private line(kind: JournalLineKind, start: number, end: number): JournalLine {
    const length = end - start;
    return { kind, timeHi: 0, timeLo: 0, url: null, bytes: this.buffer, start, end, number: this.lineNumber, length };
  }
}

function startsWith(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

function indexOfArrow(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i + 4 <= end; i++) if (bytes[i] === 32 && startsWith(bytes, i, end, ' -> ')) return i;
  return -1;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 32 && bytes[i] !== 9 && bytes[i] !== 13) return false;
  return true;
}

/** Whether every bracket and string of a JSON text is closed: false for one that was cut. */
function isBalanced(bytes: Uint8Array, start: number, end: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 92) i++;
      else if (byte === 34) inString = false;
    } else if (byte === 34) inString = true;
    else if (byte === 123 || byte === 91) depth++;
    else if (byte === 125 || byte === 93) depth--;
  }
  return end > start && depth === 0 && !inString;
}
