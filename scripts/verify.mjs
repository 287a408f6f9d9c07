// Everything that must hold before a commit, each step named: format, lint, types, boundaries, dead code, tests, build.
// Goes on after a failing step, so that one run shows all that is wrong. --static leaves the tests out.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const STEPS = [
  ['format', 'format:check'],
  ['lint', 'lint'],
  ['types', 'types'],
  ['boundaries', 'boundaries'],
  ['dead code', 'deadcode'],
  ['tests', 'test'],
  ['build', 'build'],
];

const chosen = process.argv.includes('--static') ? STEPS.filter(([name]) => name !== 'tests') : STEPS;
const results = [];
for (const [name, script] of chosen) {
  process.stdout.write(`\n== ${name}\n`);
  const startedAt = performance.now();
  const run = spawnSync('npm', ['run', '--silent', script], { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  results.push({ name, passed: run.status === 0, seconds: (performance.now() - startedAt) / 1000 });
}
process.stdout.write('\n');
for (const { name, passed, seconds } of results)
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)\n`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
