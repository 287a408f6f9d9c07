// Type-checks the three parts with their own libraries: core (no Node, no DOM), the Node side with tests, the renderer.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const PARTS = [
  ['core', 'core/tsconfig.json'],
  ['Node side and tests', 'tsconfig.json'],
  ['renderer', 'renderer/tsconfig.json'],
];

let failed = 0;
for (const [name, config] of PARTS) {
  const run = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config, '--pretty', 'false'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  process.stdout.write(`types: ${name} ${run.status === 0 ? 'sound' : 'has errors'}\n`);
  if (run.status !== 0) failed++;
}
process.exitCode = failed > 0 ? 1 : 0;
