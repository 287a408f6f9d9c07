/** Compiles the C and C++ limit programs with g++ into the bench's data folder, anew when the source changed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** Returns the path of the program compiled from `limits/<file>`. Throws a sentence when no compiler is there. */
export function compileLimit(file: string, dataDir: string): string {
  const source = resolve(import.meta.dirname, '../limits', file);
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const program = join(dataDir, `${basename(file).replace(/\.\w+$/, '')}-${digest}`);
  if (existsSync(program)) return program;
  mkdirSync(dataDir, { recursive: true });
  const run = spawnSync('g++', ['-O3', '-march=native', '-std=c++20', source, '-o', program], { encoding: 'utf8' });
  if (run.error) throw new Error('the limit programs need g++: install the package g++ (Debian: apt-get install g++)');
  if (run.status !== 0) throw new Error(`g++ could not compile ${file}: ${run.stderr.slice(-1500)}`);
  return program;
}
