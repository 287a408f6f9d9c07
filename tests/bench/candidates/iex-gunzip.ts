/**
 * Wall time of a gzip capture: `alone` only inflates, `product` inflates, hashes and decodes into columns with the parts that
 * the import worker is made of (inflating runs on the thread pool while the chunk before is decoded).
 * usage: --data FILE.pcap.gz --mode alone|product
 */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { createIexCaptureDecoder } from '../../../core/formats/iex/index.ts';
import { emptySourceReport, EventWriter } from '../../../core/model/index.ts';
import { decodeCaptures, openSource } from '../../../native-workers/import/index.ts';
import { need, readArguments } from '../lib/arguments.ts';

const CHUNK_BYTES = 4 << 20;

async function alone(path: string): Promise<number> {
  let bytes = 0;
  const inflated = createReadStream(path, { highWaterMark: 1 << 20 }).pipe(createGunzip({ chunkSize: CHUNK_BYTES }));
  for await (const chunk of inflated as AsyncIterable<Buffer>) bytes += chunk.length;
  return bytes;
}

async function product(path: string): Promise<number> {
  const report = emptySourceReport();
  const writer: EventWriter = new EventWriter(0n, (batch) => writer.recycle(batch.buffer));
  const decoder = createIexCaptureDecoder({ writer, report, defineInstrument: () => undefined, deadLetter: () => undefined });
  const { files } = await openSource([path], null);
  await decodeCaptures(files, decoder, () => new Promise((resolve) => setImmediate(resolve)));
  writer.flush();
  for (const { raw } of files) await raw.finish();
  return report.messages;
}

const found = readArguments();
const path = need(found, 'data');
const startedAt = performance.now();
const counted = need(found, 'mode') === 'product' ? { messages: await product(path) } : { bytes: await alone(path) };
process.stdout.write(`${JSON.stringify({ ...counted, ms: performance.now() - startedAt })}\n`);
