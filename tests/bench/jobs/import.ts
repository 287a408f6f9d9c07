/**
 * The whole import of the real DEEP capture grown to 1 GB (a generated one where the recording is absent): rows a second and
 * the largest memory. Truth first: no gap, no duplicate, nothing unreadable, messages a whole number of copies.
 */
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { realDataPath } from '../../fixtures/real-data.ts';
import { growCapture } from '../gen/grow-capture.ts';
import { writeIexCapture } from '../gen/iex-capture.ts';
import { input } from '../lib/inputs.ts';
import { type BenchContext, demandEqual, type Measure, nodeCandidate, runOnce } from '../lib/measure.ts';

const RECORDING = 'iex/DEEP10_20231002_first5000packets.pcap.gz';
const TARGET_BYTES = 1e9;

export async function bench(context: BenchContext): Promise<Measure[]> {
  const recording = realDataPath(RECORDING);
  const data = await input(context, recording ? 'deep-real-1g.pcap.gz' : 'deep-made-1g.pcap.gz', async (path) => {
    const plain = `${path}.plain`;
    if (recording) growCapture(recording, plain, TARGET_BYTES);
    else writeIexCapture(plain, TARGET_BYTES);
    await pipeline(createReadStream(plain), createGzip({ level: 1 }), createWriteStream(path));
    rmSync(plain);
  });
  context.note('import: measuring one import of 1 GB');
  const found = runOnce(nodeCandidate('product', 'import-product.ts', ['--data', data, '--dir', join(context.dataDir, 'import')]));
  for (const fact of ['gaps', 'duplicates', 'unparseable']) demandEqual(`${fact} of the grown capture`, found[fact], 0);
  const source = recording ? 'real DEEP capture' : 'generated capture (the recording is absent)';
  const common = { spread: null, detail: found };
  return [
    { id: '', name: `whole import of 1 GB, ${source}`, value: found['rowsPerSecond'] ?? Number.NaN, unit: 'rows/s', goal: null, ...common },
    { id: '', name: 'largest memory of that import', value: found['peakMb'] ?? Number.NaN, unit: 'MB', goal: { atMost: 700 }, ...common },
  ];
}
