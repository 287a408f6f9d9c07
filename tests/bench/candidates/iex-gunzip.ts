/**
 * Wall time of a gzip capture: `alone` only inflates, `product` inflates and decodes into columns as the import worker does
 * (inflating runs on the thread pool while the chunk before is decoded). usage: --data FILE.pcap.gz --mode alone|product
 */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { createIexCaptureDecoder } from '../../../core/formats/iex/index.ts';
import { emptySourceReport, EventWriter } from '../../../core/model/index.ts';
import { need, readArguments } from '../lib/arguments.ts';

const CHUNK_BYTES = 4 << 20;

const found = readArguments();
const report = emptySourceReport();
const writer: EventWriter = new EventWriter(0n, (batch) => writer.recycle(batch.buffer));
const decoder =
  need(found, 'mode') === 'product'
    ? createIexCaptureDecoder({ writer, report, defineInstrument: () => undefined, deadLetter: () => undefined })
    : null;

const startedAt = performance.now();
let bytes = 0;
const inflated = createReadStream(need(found, 'data'), { highWaterMark: 1 << 20 }).pipe(createGunzip({ chunkSize: CHUNK_BYTES }));
for await (const chunk of inflated as AsyncIterable<Buffer>) {
  bytes += chunk.length;
  decoder?.push(chunk);
}
decoder?.end();
writer.flush();
process.stdout.write(`${JSON.stringify({ bytes, ms: performance.now() - startedAt, messages: report.messages })}\n`);
