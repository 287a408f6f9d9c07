// Packages the application with electron-builder: `npm run package -- --linux --dir`. Installs the packaging tools from
// their own lock on first use and builds dist/ first. Arguments go to electron-builder.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const TOOLS = join(ROOT, 'scripts/packaging');

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(TOOLS, 'node_modules/electron-builder'))) run('npm', ['ci'], TOOLS);
run(process.execPath, [join(ROOT, 'scripts/build.mjs')], ROOT);
run(process.execPath, [join(TOOLS, 'node_modules/electron-builder/cli.js'), '--projectDir', ROOT, ...process.argv.slice(2)], ROOT);
