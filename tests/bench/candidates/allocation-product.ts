/**
 * Bytes of JavaScript heap allocated per book update in steady state: whole passes of the stream through BookSet after a
 * warm-up, heap before and after without a collection between. usage: --data FILE (node --expose-gc, a large young space)
 */
import { BookSet } from '../../../core/book/index.ts';
import { readLevelFile } from '../gen/level-file.ts';
import { need, readArguments } from '../lib/arguments.ts';
import { BENCH_INSTRUMENT, levelBatches, unitColumns } from '../lib/level-batches.ts';
import { median } from '../lib/stats.ts';

const WARM_PASSES = 3;
const PASSES = 3;

const stream = readLevelFile(need(readArguments(), 'data'));
const { batches } = levelBatches(stream, unitColumns(stream));
const books = new BookSet();
books.define(BENCH_INSTRUMENT);
const applyAll = (): void => {
  for (const batch of batches) books.apply(batch, 0, batch.rows);
};

for (let i = 0; i < WARM_PASSES; i++) applyAll();
const collect = globalThis.gc;
if (!collect) throw new Error('run with --expose-gc');
collect();
const before = process.memoryUsage();
const growth: number[] = [];
for (let i = 0; i < PASSES; i++) {
  const start = process.memoryUsage().heapUsed;
  applyAll();
  growth.push((process.memoryUsage().heapUsed - start) / stream.tick.length);
}
collect();
const kept = process.memoryUsage();
process.stdout.write(
  `${JSON.stringify({
    updates: PASSES * stream.tick.length,
    // The median: in single passes the compiler still puts something on the heap.
    bytesPerUpdate: median(growth),
    largestBytesPerUpdate: Math.max(...growth),
    keptHeapBytes: kept.heapUsed - before.heapUsed,
    keptOutsideBytes: kept.arrayBuffers - before.arrayBuffers,
  })}\n`,
);
