// `npm start`: builds what is missing, opens the workstation in Electron where its runtime is there or can be had, and
// otherwise says why in one line and serves the same workstation to the browser.
// Options: --browser (never Electron), --data-dir DIR, --port N, --no-open, --no-sample.
import { spawn, spawnSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = resolve(import.meta.dirname, '..');
const ELECTRON = join(ROOT, 'node_modules/electron');
const DOWNLOAD_HOST = 'github.com';
const LOOKUP_MS = 3000;
const DOWNLOAD_MS = 180_000;
/** Electron that ends with an error this soon could not show its window. */
const STARTUP_MS = 10_000;

/** Returns Electron's executable when it lies on this machine, else null. */
export function installedElectron(env = process.env, folder = ELECTRON) {
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : null;
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!override && name === null) return null;
  const path = join(override || join(folder, 'dist'), name ?? (process.platform === 'win32' ? 'electron.exe' : 'electron'));
  return existsSync(path) ? path : null;
}

function within(promise, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Returns `{ path }` of a usable Electron or `{ reason }` why there is none. Never takes longer than the download limit. */
async function findElectron() {
  if (!hasDisplay()) return { reason: 'there is no display to open a window on' };
  const installed = installedElectron();
  if (installed) return { path: installed };
  if (!existsSync(join(ELECTRON, 'install.js'))) return { reason: 'the package electron is not installed' };
  try {
    await within(lookup(DOWNLOAD_HOST), LOOKUP_MS);
  } catch {
    return { reason: `its runtime is not on this machine and ${DOWNLOAD_HOST} cannot be reached` };
  }
  process.stdout.write('Fetching the runtime of Electron, once …\n');
  spawnSync(process.execPath, [join(ELECTRON, 'install.js')], { stdio: 'ignore', timeout: DOWNLOAD_MS });
  const path = installedElectron();
  return path ? { path } : { reason: 'its runtime could not be downloaded' };
}

function run(program, args) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    // Ctrl-C reaches the child by itself; this process only waits for it to finish.
    const wait = () => undefined;
    process.on('SIGINT', wait);
    process.on('SIGTERM', pass);
    child.on('error', () => done(1));
    child.on('exit', (code) => {
      process.off('SIGINT', wait);
      process.off('SIGTERM', pass);
      done(code ?? 1);
    });
  });
}

async function openElectron(path, values) {
  const args = [ROOT];
  if (values['data-dir']) args.push(`--data-dir=${resolve(values['data-dir'])}`);
  if (values['no-sample']) args.push('--no-sample');
  const startedAt = performance.now();
  const code = await run(path, args);
  return { code, failedEarly: code !== 0 && performance.now() - startedAt < STARTUP_MS };
}

function serve(values) {
  const args = [join(ROOT, 'dist/cli/index.js'), 'serve'];
  for (const name of ['data-dir', 'port']) if (values[name]) args.push(`--${name}`, values[name]);
  for (const name of ['no-open', 'no-sample']) if (values[name]) args.push(`--${name}`);
  return run(process.execPath, args);
}

async function main() {
  const options = { 'data-dir': { type: 'string' }, port: { type: 'string' } };
  for (const name of ['browser', 'no-open', 'no-sample']) options[name] = { type: 'boolean' };
  const { values } = parseArgs({ options });
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-needed'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (built.status !== 0) return 1;
  const electron = values.browser ? { reason: 'the browser was asked for' } : await findElectron();
  let { reason } = electron;
  if (electron.path) {
    const { code, failedEarly } = await openElectron(electron.path, values);
    if (!failedEarly) return code;
    reason = `it ended at once with code ${code}`;
  }
  process.stdout.write(`Electron is not used: ${reason}. The workstation is served to the browser instead.\n`);
  return serve(values);
}

if (process.argv[1] && resolve(process.argv[1]) === resolve(import.meta.filename)) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
