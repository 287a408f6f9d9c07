// The test command, with all of its own set-up: Chromium, the bundles that the browser tests open, then vitest with every
// project. Arguments go to vitest (npm test -- tests/unit/book); with file names only what those files need is set up.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureChromium } from './chromium.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const PROJECTS_WITH_BROWSER = /(^|\/)(e2e|graphics)(\/|$)/;

/** Returns true when a selection of test files (none = all) can contain browser tests. */
function wantsBrowser(selection) {
  const paths = selection.filter((word) => !word.startsWith('-'));
  return paths.length === 0 || paths.some((path) => PROJECTS_WITH_BROWSER.test(path));
}

/** Installs the packaging tools, a package of its own, whose schema a test reads; returns whether they are there. */
function installPackagingTools() {
  const folder = join(ROOT, 'scripts/packaging');
  if (existsSync(join(folder, 'node_modules/app-builder-lib'))) return true;
  process.stdout.write('test: installing the packaging tools (scripts/packaging)\n');
  const installed = spawnSync('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  return installed.status === 0;
}

function main() {
  const selection = process.argv.slice(2);
  const env = { ...process.env };
  if (selection.length === 0 && !installPackagingTools()) {
    process.stderr.write('The packaging tools could not be installed: npm ci in scripts/packaging failed, see above.\n');
    return 1;
  }
  if (wantsBrowser(selection)) {
    try {
      env.DEPTHSCOPE_CHROMIUM = ensureChromium();
    } catch (error) {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-needed'], { cwd: ROOT, stdio: 'inherit', env });
    if (built.status !== 0) return 1;
  }
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  if (!existsSync(vitest)) {
    process.stderr.write('vitest is not installed: run "npm ci" first.\n');
    return 1;
  }
  const run = spawnSync(process.execPath, [vitest, 'run', ...selection], { cwd: ROOT, stdio: 'inherit', env });
  return run.status ?? 1;
}

process.exitCode = main();
