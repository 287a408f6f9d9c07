/**
 * `npm run bench [-- NAME…] [-- --rounds N]`: runs the benches named, or all, and writes bench-results/<time>.json with
 * machine, Node and commit, and a table on standard output. Truth is checked before speed; a bench whose truth fails, or
 * that lacks what it needs, is reported as failed and the exit status says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { readArguments } from './lib/arguments.ts';
import type { Bench, BenchContext, Measure } from './lib/measure.ts';
import { textTable } from './lib/stats.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const BENCHES: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  book: () => import('./jobs/book.ts'),
  iex: () => import('./jobs/iex.ts'),
  store: () => import('./jobs/store.ts'),
  heatmap: () => import('./jobs/heatmap.ts'),
  allocation: () => import('./jobs/allocation.ts'),
  import: () => import('./jobs/import.ts'),
  seek: () => import('./jobs/seek.ts'),
};

function commitId(): string {
  const head = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
  const changed = spawnSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' }).stdout.trim() !== '';
  return changed ? `${head} with local changes` : head;
}

function installPeers(): void {
  if (existsSync(join(import.meta.dirname, 'node_modules/tardis-dev'))) return;
  process.stderr.write('installing the peers of the benches (tests/bench)\n');
  const run = spawnSync('npm', ['ci'], { cwd: import.meta.dirname, stdio: 'inherit', shell: process.platform === 'win32' });
  if (run.status !== 0) throw new Error('the peers of the benches could not be installed');
}

function meets({ value, goal }: Measure): boolean | null {
  if (goal === null) return null;
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}

function rowOf(measure: Measure): Record<string, string> {
  const { id, name, value, unit, goal, spread } = measure;
  const met = meets(measure);
  return {
    id,
    measure: name,
    value: `${Number(value.toPrecision(4))} ${unit}`,
    goal: goal === null ? '' : 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`,
    met: met === null ? '' : met ? 'yes' : 'NO',
    spread: spread === null ? '' : `${(100 * spread).toFixed(0)} %`,
  };
}

const words = process.argv.slice(2);
const names = words.filter((word, i) => !word.startsWith('--') && !(words[i - 1] ?? '').startsWith('--'));
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`there is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const context: BenchContext = {
  rounds: Number(readArguments(words).get('rounds') ?? 5),
  dataDir: process.env['DEPTHSCOPE_BENCH_DATA'] ?? join(tmpdir(), 'depthscope-bench'),
  note: (text) => process.stderr.write(`${text}\n`),
};

installPeers();
const measures: (Measure & { bench: string; met: boolean | null })[] = [];
const failures: { bench: string; error: string }[] = [];
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
  try {
    const { bench } = await (BENCHES[name] as () => Promise<{ bench: Bench }>)();
    for (const measure of await bench(context)) measures.push({ bench: name, ...measure, met: meets(measure) });
  } catch (error) {
    failures.push({ bench: name, error: error instanceof Error ? error.message : String(error) });
    process.stderr.write(`${name} failed: ${failures.at(-1)?.error}\n`);
  }
}

const at = new Date().toISOString();
const machine = {
  platform: platform(),
  release: release(),
  processor: cpus()[0]?.model ?? '',
  cores: cpus().length,
  memoryBytes: totalmem(),
};
const folder = join(ROOT, 'bench-results');
mkdirSync(folder, { recursive: true });
const path = join(folder, `${at.replace(/[:.]/g, '-')}.json`);
writeFileSync(
  path,
  `${JSON.stringify({ at, commit: commitId(), node: process.version, machine, rounds: context.rounds, measures, failures }, null, 2)}\n`,
);
if (measures.length > 0) process.stdout.write(`${textTable(measures.map(rowOf))}\n`);
for (const { bench, error } of failures) process.stdout.write(`FAILED ${bench}: ${error.split('\n')[0]}\n`);
process.stdout.write(`results: ${path}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
