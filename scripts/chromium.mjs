// Finds Chromium for the browser tests, installs Debian's package when that is possible, and otherwise says exactly what
// to install. Tests that need a browser are never skipped for the lack of one.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function runnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns the path of a Chromium: `DEPTHSCOPE_CHROMIUM`, else the first on PATH or at a usual place; null when there is none. */
export function findChromium(env = process.env) {
  if (env.DEPTHSCOPE_CHROMIUM) return runnable(env.DEPTHSCOPE_CHROMIUM) ? env.DEPTHSCOPE_CHROMIUM : null;
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) if (folder && runnable(join(folder, name))) return join(folder, name);
  }
  return PLACES.find(runnable) ?? null;
}

/** Returns true on Debian itself, where the package `chromium` is the browser (on Ubuntu it is a stub). */
export function isDebian(osRelease) {
  return /^ID="?debian"?$/m.test(osRelease);
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

/** Returns the path of a Chromium, installing it on Debian as root; throws a sentence that says what to install. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.env.DEPTHSCOPE_CHROMIUM)
    throw new Error(`DEPTHSCOPE_CHROMIUM names ${process.env.DEPTHSCOPE_CHROMIUM}, which cannot be run.`);
  const root = process.getuid?.() === 0;
  const debian = isDebian(readOsRelease());
  if (debian && root) {
    process.stdout.write("Chromium is missing: installing Debian's package (apt-get install chromium)\n");
    const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
    const installed = findChromium();
    if (installed) return installed;
    throw new Error(
      'apt-get could not install the package chromium: install it by hand, or set DEPTHSCOPE_CHROMIUM to a Chromium or Chrome.',
    );
  }
  const how = debian ? 'run "apt-get install chromium" as root' : 'install Chromium or Google Chrome';
  throw new Error(`The browser tests need Chromium 120 or newer: ${how}, or set DEPTHSCOPE_CHROMIUM to its path.`);
}
