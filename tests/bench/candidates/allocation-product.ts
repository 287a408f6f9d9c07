/**
 * Bytes of JavaScript heap allocated per book update in steady state: whole passes of the stream through BookSet after a
 * warm-up, heap before and after without a collection between. usage: --data FILE (node --expose-gc, a large young space)
 */
import { BookSet } from '../../../core/book/index.ts';
import { readLevelFile } from '../gen/level-file.ts';
import { need, readArguments } from '../lib/arguments.ts';
import { BENCH_INSTRUMENT, levelBatches, unitColumns } from '../lib/level-batches.ts';

const PASSES = 3;

const stream = readLevelFile(need(readArguments(), 'data'));
const { batches } = levelBatches(stream, unitColumns(stream));
const books = new BookSet();
books.define(BENCH_INSTRUMENT);
const applyAll = (): void => {
  for (const batch of batches) books.apply(batch, 0, batch.rows);
};

applyAll();
applyAll();
const collect = globalThis.gc;
if (!collect) throw new Error('run with --expose-gc');
collect();
const before = process.memoryUsage();
for (let i = 0; i < PASSES; i++) applyAll();
const after = process.memoryUsage();
const updates = PASSES * stream.tick.length;
collect();
const kept = process.memoryUsage();
const heapBytes = after.heapUsed - before.heapUsed;
const outsideBytes = kept.arrayBuffers - before.arrayBuffers;
process.stdout.write(
  `${JSON.stringify({ updates, heapBytes, bytesPerUpdate: heapBytes / updates, keptHeapBytes: kept.heapUsed - before.heapUsed, keptOutsideBytes: outsideBytes })}\n`,
);
