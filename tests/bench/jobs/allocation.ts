/** P19: what the book set allocates per update once warm, and what it keeps after 15,000,000 updates. */
import { levelStreamFile } from '../lib/inputs.ts';
import { type BenchContext, type Measure, nodeCandidate, runOnce } from '../lib/measure.ts';

/** Young space so large that no collection hides an allocation, MB. */
const YOUNG_MB = 512;

export async function bench(context: BenchContext): Promise<Measure[]> {
  const data = await levelStreamFile(context);
  const flags = ['--expose-gc', `--max-semi-space-size=${YOUNG_MB}`, `--min-semi-space-size=${YOUNG_MB}`];
  context.note('allocation: measuring');
  const found = runOnce(nodeCandidate('product', 'allocation-product.ts', ['--data', data], flags));
  const single = { unit: 'bytes', spread: null, detail: found };
  return [
    {
      id: 'P19',
      name: 'heap allocated per book update, warm',
      value: found['bytesPerUpdate'] ?? Number.NaN,
      goal: { atMost: 0.05 },
      ...single,
    },
    {
      id: 'P19',
      name: 'heap kept after 15,000,000 updates',
      value: found['keptHeapBytes'] ?? Number.NaN,
      goal: { atMost: 200_000 },
      ...single,
    },
    {
      id: 'P19',
      name: 'array memory kept after 15,000,000 updates',
      value: found['keptOutsideBytes'] ?? Number.NaN,
      goal: { atMost: 1_000_000 },
      ...single,
    },
  ];
}
