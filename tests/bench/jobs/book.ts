/**
 * P1, P2, P3: the product's L2 book against a C++ flat window, tardis-dev and a C++ std::map on the same generated stream,
 * and against tardis-dev on the depth messages of real recordings where they are there.
 * Truth first: every candidate must reach the same hash over 14,060 top-20 snapshots.
 */
import { compileLimit } from '../lib/compile.ts';
import { levelStreamFile, recordedStreamFiles } from '../lib/inputs.ts';
import {
  type BenchContext,
  type Candidate,
  demandEqual,
  interleaveAll,
  type Measure,
  nodeCandidate,
  ratio,
  runOnce,
} from '../lib/measure.ts';

const TRUE_HASH = 2812094638;
/** Wall time is the measure; the thread's processor time stands beside it, because other programs disturb it less. */
const METRICS = ['updatesPerSecond', 'updatesPerCpuSecond'] as const;

export async function bench(context: BenchContext): Promise<Measure[]> {
  const data = await levelStreamFile(context);
  const program = compileLimit('book_limit.cpp', context.dataDir);
  const candidates = (mode: string): Candidate[] => [
    nodeCandidate('product', 'book-product.ts', ['--data', data, '--mode', mode]),
    nodeCandidate('product, book set', 'book-product.ts', ['--data', data, '--mode', mode, '--through', 'set']),
    nodeCandidate('tardis-dev', 'book-tardis.ts', ['--data', data, '--mode', mode]),
    { name: 'C++ flat', command: program, args: ['flat', data, mode] },
    { name: 'C++ map', command: program, args: ['map', data, mode] },
  ];
  context.note('book: checking truth');
  for (const candidate of candidates('check')) demandEqual(`hash of ${candidate.name}`, runOnce(candidate)['hash'], TRUE_HASH);
  const measures: Measure[] = [];
  context.note('book: measuring apply');
  const applied = interleaveAll(candidates('apply'), METRICS, context.rounds);
  context.note('book: measuring apply with snapshots');
  const read = interleaveAll(candidates('snap'), METRICS, context.rounds);
  const recorded: { name: string; values: Map<string, number[]>[] }[] = [];
  for (const { name, file } of await recordedStreamFiles(context)) {
    context.note(`book: measuring the recording ${name}`);
    const pair = (mode: string): Candidate[] => [
      nodeCandidate('product', 'book-product.ts', ['--data', file, '--mode', mode]),
      nodeCandidate('tardis-dev', 'book-tardis.ts', ['--data', file, '--mode', mode]),
    ];
    const [product, peer] = pair('check').map((candidate) => runOnce(candidate)['hash']);
    demandEqual(`hash of product on ${name}`, product, peer);
    recorded.push({ name, values: interleaveAll(pair('apply'), METRICS, context.rounds) });
  }
  METRICS.forEach((_, m) => {
    const clock = m === 0 ? '' : ', processor time';
    const add = (id: string, name: string, found: ReturnType<typeof ratio>, goal: Measure['goal']): void => {
      measures.push({ id, name: `${name}${clock}`, ...found, unit: '×', goal });
    };
    add('P1', 'book apply ÷ C++ flat window', ratio(applied[m], 'product', 'C++ flat'), { atLeast: 0.4 });
    add('P2', 'book apply ÷ tardis-dev 13.35', ratio(applied[m], 'product', 'tardis-dev'), { atLeast: 20 });
    for (const { name, values } of recorded) {
      add('P2', `book apply ÷ tardis-dev 13.35, recording ${name}`, ratio(values[m], 'product', 'tardis-dev'), { atLeast: 10 });
    }
    add('P3', 'book with snapshots ÷ C++ std::map', ratio(read[m], 'product', 'C++ map'), { atLeast: 2.5 });
    const set = 'product, book set';
    add('', 'whole book set (trust, integrity, counters) ÷ C++ flat window', ratio(applied[m], set, 'C++ flat'), null);
    add('', 'whole book set ÷ tardis-dev 13.35', ratio(applied[m], set, 'tardis-dev'), null);
  });
  return measures;
}
