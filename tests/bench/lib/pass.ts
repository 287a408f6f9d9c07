/**
 * One pass of an L2 stream over a book, with a top-20 read every 100 ms of stream time: the workload of the book benches,
 * the same as in limits/book_limit.cpp. Must not know which book it drives.
 */
import type { LevelStream } from '../gen/level-file.ts';

export const DEPTH = 20;
const SNAPSHOT_MS = 100;
/** Messages of the warm-up, which is not measured. */
const WARM_MESSAGES = 12_000;
/** A shorter stream is applied again, each time to a new book, until this many updates were made. */
const MIN_UPDATES = 2_000_000;
/** Messages prepared at once for books that take messages. */
const CHUNK = 4000;

/** A book under test. `top` fills 80 numbers: 20 bids as tick, lots best first, then 20 asks, NaN where there is none. */
export interface BenchBook {
  /** Makes what `apply` takes for the messages [from, to); outside the clock. */
  prepare(from: number, to: number): void;
  /** Applies message m, which was prepared. */
  apply(message: number): void;
  /** Fills ticks and lots of the top levels into `out`. */
  top(out: Float64Array): void;
}

export interface PassResult {
  updates: number;
  /** Wall time. */
  ms: number;
  /** Processor time of the thread: what a busy machine disturbs least. */
  cpuMs: number;
  updatesPerSecond: number;
  updatesPerCpuSecond: number;
  snapshots: number;
  hash: number;
}

export type PassMode = 'apply' | 'snap' | 'check';

/** Returns what a pass took, after a warm-up on a book of its own; in mode `check` with the hash over all snapshots. */
export function runPass(stream: LevelStream, createBook: () => BenchBook, mode: PassMode): PassResult {
  const messages = stream.messageStart.length - 1;
  if (mode !== 'check') pass(stream, createBook(), Math.min(messages, WARM_MESSAGES), 'snap');
  const repeats = mode === 'check' ? 1 : Math.ceil(MIN_UPDATES / stream.tick.length);
  const sum = pass(stream, createBook(), messages, mode);
  for (let i = 1; i < repeats; i++) {
    const { ms, cpuMs } = pass(stream, createBook(), messages, mode);
    sum.ms += ms;
    sum.cpuMs += cpuMs;
  }
  const updates = repeats * stream.tick.length;
  return {
    updates,
    ...sum,
    updatesPerSecond: Math.round((updates / sum.ms) * 1000),
    updatesPerCpuSecond: Math.round((updates / sum.cpuMs) * 1000),
  };
}

type PassTimes = Pick<PassResult, 'ms' | 'cpuMs' | 'snapshots' | 'hash'>;

function pass(stream: LevelStream, book: BenchBook, messages: number, mode: PassMode): PassTimes {
  const { timeMs, messageStart } = stream;
  const out = new Float64Array(4 * DEPTH);
  const reads = mode !== 'apply';
  let ms = 0;
  let cpuMs = 0;
  let snapshots = 0;
  let hash = 0;
  let next = timeMs[0] + SNAPSHOT_MS;
  for (let start = 0; start < messages; start += CHUNK) {
    const end = Math.min(messages, start + CHUNK);
    book.prepare(start, end);
    const cpuAt = process.threadCpuUsage();
    const startedAt = performance.now();
    for (let m = start; m < end; m++) {
      const now = timeMs[messageStart[m]];
      if (reads && now >= next) {
        book.top(out);
        snapshots++;
        if (mode === 'check') hash = hashOf(out, hash);
        next += SNAPSHOT_MS;
        if (next <= now) next = now + SNAPSHOT_MS;
      }
      book.apply(m);
    }
    ms += performance.now() - startedAt;
    const { user, system } = process.threadCpuUsage(cpuAt);
    cpuMs += (user + system) / 1000;
  }
  return { ms, cpuMs, snapshots, hash };
}

function hashOf(out: Float64Array, start: number): number {
  let hash = start;
  for (const value of out) hash = Math.imul(hash ^ (Number.isNaN(value) ? -1 : Math.round(value)), 0x01000193) >>> 0;
  return hash;
}
