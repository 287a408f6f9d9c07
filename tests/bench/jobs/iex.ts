/**
 * P7, P9: the product's IEX decoder against a C++ loop over the same bytes, and a gzip capture to columns against inflating
 * alone. Truth first: counts and sums must equal those of the C++ loop.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { writeIexCapture } from '../gen/iex-capture.ts';
import { compileLimit } from '../lib/compile.ts';
import { input } from '../lib/inputs.ts';
import { type BenchContext, type Candidate, demandEqual, interleave, type Measure, nodeCandidate, ratio, runOnce } from '../lib/measure.ts';

const CAPTURE_BYTES = 220e6;

export async function bench(context: BenchContext): Promise<Measure[]> {
  const capture = await input(context, 'deep-220m-seed3.pcap', (path) => {
    writeIexCapture(path, CAPTURE_BYTES);
  });
  const zipped = await input(context, 'deep-220m-seed3.pcap.gz', (path) =>
    pipeline(createReadStream(capture), createGzip(), createWriteStream(path)),
  );
  const limit: Candidate = { name: 'C++ loop', command: compileLimit('iex_limit.cpp', context.dataDir), args: [capture, '3'] };
  const product = nodeCandidate('product', 'iex-product.ts', ['--data', capture, '--repeats', '3']);
  context.note('iex: checking truth');
  const truth = runOnce(limit);
  const facts = runOnce(product);
  for (const fact of ['messages', 'kept', 'symbols', 'trades', 'sizes', 'prices']) demandEqual(`IEX ${fact}`, facts[fact], truth[fact]);
  context.note('iex: measuring decode in memory');
  const decoded = interleave([limit, product], 'messagesPerSecond', context.rounds);
  context.note('iex: measuring gzip to columns');
  const alone = nodeCandidate('gunzip alone', 'iex-gunzip.ts', ['--data', zipped, '--mode', 'alone']);
  const columns = nodeCandidate('product', 'iex-gunzip.ts', ['--data', zipped, '--mode', 'product']);
  demandEqual('messages of the gzip capture', runOnce(columns)['messages'], truth['messages']);
  const walls = interleave([alone, columns], 'ms', context.rounds);
  return [
    { id: 'P7', name: 'IEX decode in memory ÷ C++ loop', ...ratio(decoded, 'product', 'C++ loop'), unit: '×', goal: { atLeast: 0.3 } },
    {
      id: 'P9',
      name: '.pcap.gz → columns ÷ gunzip alone, wall',
      ...ratio(walls, 'product', 'gunzip alone'),
      unit: '×',
      goal: { atMost: 1.2 },
    },
  ];
}
