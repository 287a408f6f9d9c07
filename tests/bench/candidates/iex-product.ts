/**
 * The product's IEX decoder on a capture in memory, fed in 4 MB chunks as the import worker does, into EventBatches that are
 * dropped. Prints the sums that limits/iex_limit.cpp prints. usage: --data FILE.pcap --repeats N
 */
import { readFileSync } from 'node:fs';
import { createIexCaptureDecoder } from '../../../core/formats/iex/index.ts';
import { emptySourceReport, type EventBatch, EventKind, EventWriter } from '../../../core/model/index.ts';
import { need, readArguments } from '../lib/arguments.ts';

const CHUNK_BYTES = 4 << 20;

const found = readArguments();
const bytes = readFileSync(need(found, 'data'));

interface Sums {
  kept: number;
  /** Symbols that a kept row names. */
  symbols: number;
  trades: number;
  sizes: number;
  prices: number;
}

function decode(onBatch: (batch: EventBatch) => void): { ms: number; messages: number } {
  const report = emptySourceReport();
  // As in the pipeline, a buffer comes back once its rows are taken.
  const writer: EventWriter = new EventWriter(0n, (batch) => {
    onBatch(batch);
    writer.recycle(batch.buffer);
  });
  const decoder = createIexCaptureDecoder({
    writer,
    report,
    defineInstrument: () => undefined,
    deadLetter: ({ reason, where }) => {
      throw new Error(`unreadable message ${where}: ${reason}`);
    },
  });
  const startedAt = performance.now();
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) decoder.push(bytes.subarray(at, at + CHUNK_BYTES));
  decoder.end();
  writer.flush();
  const ms = performance.now() - startedAt;
  return { ms, messages: report.messages };
}

function sumsOf(): Sums {
  const sums: Sums = { kept: 0, symbols: 0, trades: 0, sizes: 0, prices: 0 };
  const named = new Set<number>();
  decode((batch) => {
    for (let row = 0; row < batch.rows; row++) {
      const kind = batch.kind[row];
      if (kind !== EventKind.level && kind !== EventKind.trade) continue;
      sums.kept++;
      named.add(batch.instrument[row]);
      if (kind === EventKind.trade) sums.trades++;
      sums.sizes += batch.size[row];
      sums.prices += batch.price[row];
    }
  });
  sums.symbols = named.size;
  return sums;
}

const sums = sumsOf();
let best = Number.POSITIVE_INFINITY;
let messages = 0;
for (let i = 0; i < Number(need(found, 'repeats')); i++) {
  const run = decode(() => undefined);
  messages = run.messages;
  best = Math.min(best, run.ms);
}
process.stdout.write(`${JSON.stringify({ messages, ...sums, ms: best, messagesPerSecond: Math.round((messages / best) * 1000) })}\n`);
