/**
 * P1, P2, P3: the product's L2 book against a C++ flat window, tardis-dev and a C++ std::map on the same generated stream.
 * Truth first: every candidate must reach the same hash over 14,060 top-20 snapshots.
 */
import { compileLimit } from '../lib/compile.ts';
import { levelStreamFile } from '../lib/inputs.ts';
import { type BenchContext, type Candidate, demandEqual, interleave, type Measure, nodeCandidate, ratio, runOnce } from '../lib/measure.ts';

const TRUE_HASH = 2812094638;

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
  context.note('book: measuring apply');
  const applied = interleave(candidates('apply'), 'updatesPerSecond', context.rounds);
  context.note('book: measuring apply with snapshots');
  const read = interleave(candidates('snap'), 'updatesPerSecond', context.rounds);
  const flat = ratio(applied, 'product', 'C++ flat');
  const tardis = ratio(applied, 'product', 'tardis-dev');
  const map = ratio(read, 'product', 'C++ map');
  const set = ratio(applied, 'product, book set', 'tardis-dev');
  const setFlat = ratio(applied, 'product, book set', 'C++ flat');
  return [
    { id: 'P1', name: 'book apply ÷ C++ flat window', ...flat, unit: '×', goal: { atLeast: 0.4 } },
    { id: 'P2', name: 'book apply ÷ tardis-dev 13.35', ...tardis, unit: '×', goal: { atLeast: 20 } },
    { id: 'P3', name: 'book with snapshots ÷ C++ std::map', ...map, unit: '×', goal: { atLeast: 2.5 } },
    { id: '', name: 'whole book set (trust, integrity, counters) ÷ C++ flat window', ...setFlat, unit: '×', goal: null },
    { id: '', name: 'whole book set ÷ tardis-dev 13.35', ...set, unit: '×', goal: null },
  ];
}
