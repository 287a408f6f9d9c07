/**
 * P10, P11: rows into the DuckDB file through the store worker against a bare raw-chunk loop, and the size of the sealed
 * Parquet depth stream. Truth first: the store must hold exactly the rows that were sent.
 */
import { join } from 'node:path';
import { levelStreamFile } from '../lib/inputs.ts';
import { type BenchContext, demandEqual, interleave, type Measure, nodeCandidate, ratio, runOnce } from '../lib/measure.ts';
import { median } from '../lib/stats.ts';

const ROWS = 4_000_000;

export async function bench(context: BenchContext): Promise<Measure[]> {
  const data = await levelStreamFile(context);
  const args = (name: string): string[] => ['--data', data, '--rows', String(ROWS), '--dir', join(context.dataDir, `store-${name}`)];
  const product = nodeCandidate('product', 'store-product.ts', args('product'));
  const raw = nodeCandidate('raw chunks', 'store-raw.ts', args('raw'));
  context.note('store: checking truth');
  const sealed = runOnce(product);
  demandEqual('rows of the store', sealed['rows'], runOnce(raw)['rows']);
  context.note('store: measuring ingest');
  const rates = interleave([raw, product], 'rowsPerSecond', context.rounds);
  const bytesPerRow = sealed['bytesPerRow'] ?? Number.NaN;
  return [
    {
      id: 'P10',
      name: 'ingest to a DuckDB file ÷ bare raw-chunk loop',
      ...ratio(rates, 'product', 'raw chunks'),
      unit: '×',
      goal: { atLeast: 0.85 },
    },
    {
      id: 'P11',
      name: 'Parquet depth stream, generated',
      value: bytesPerRow,
      unit: 'bytes/row',
      goal: { atMost: 3.7 },
      spread: null,
      detail: { rows: sealed['rows'] },
    },
    {
      id: '',
      name: 'rows into the DuckDB file',
      value: median(rates.get('product') ?? []),
      unit: 'rows/s',
      goal: null,
      spread: null,
      detail: {},
    },
    {
      id: '',
      name: 'seal 4,000,000 rows to Parquet',
      value: (sealed['sealMs'] ?? Number.NaN) / 1000,
      unit: 's',
      goal: null,
      spread: null,
      detail: {},
    },
  ];
}
