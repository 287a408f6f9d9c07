// Completes package-lock.json: a registry may lack optional packages of foreign platforms; npm install then leaves them
// out of the lock and npm ci refuses to run. For every optional dependency that resolves nowhere this adds
// { version, os, cpu, libc, optional, dev }, read from its name. Run it after each change of dependencies: npm run lock.
// Must not touch entries that npm wrote, except to drop `resolved` addresses, which name one registry.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const SYSTEMS = new Map([
  ['darwin', 'darwin'],
  ['macos', 'darwin'],
  ['linux', 'linux'],
  ['win32', 'win32'],
  ['windows', 'win32'],
  ['android', 'android'],
  ['freebsd', 'freebsd'],
  ['openbsd', 'openbsd'],
  ['netbsd', 'netbsd'],
  ['sunos', 'sunos'],
  ['aix', 'aix'],
  ['openharmony', 'openharmony'],
]);
const PROCESSORS = new Map([
  ['x64', 'x64'],
  ['arm64', 'arm64'],
  ['aarch64', 'arm64'],
  ['arm', 'arm'],
  ['ia32', 'ia32'],
  ['ppc64', 'ppc64'],
  ['riscv64', 'riscv64'],
  ['s390x', 's390x'],
  ['loong64', 'loong64'],
  ['mips64el', 'mips64el'],
  ['wasm32', 'wasm32'],
]);

/** Returns the { os, cpu, libc } that a platform package's name tells, without the keys that it does not tell. */
export function platformFromName(name) {
  const words = name.replace(/^@[^/]+\//, '').split(/[-_.]/);
  const found = {};
  for (const word of words) {
    if (SYSTEMS.has(word)) found.os = [SYSTEMS.get(word)];
    if (PROCESSORS.has(word)) found.cpu = [PROCESSORS.get(word)];
  }
  if (found.os?.[0] === 'linux') {
    if (words.some((word) => word.startsWith('musl'))) found.libc = ['musl'];
    else if (words.some((word) => word === 'gnu' || word.startsWith('gnueabi'))) found.libc = ['glibc'];
  }
  return found;
}

/** Returns true when `name` resolves from the package at lock path `from`, the way Node looks for modules. */
function resolves(packages, from, name) {
  let folder = from;
  for (;;) {
    if (`${folder ? `${folder}/` : ''}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
    const at = folder.lastIndexOf('node_modules/');
    folder = at > 0 ? folder.slice(0, at - 1) : '';
  }
}

/** Returns a completed copy of a lock and the names that were added; running it again adds nothing. */
export function completeLock(lock) {
  const packages = { ...lock.packages };
  const added = [];
  for (const [from, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (resolves(packages, from, name)) continue;
      const platform = platformFromName(name);
      if (!platform.os && !platform.cpu) {
        throw new Error(`${name}, an optional dependency of ${from || 'the project'}, is not locked and its name tells no platform`);
      }
      packages[`node_modules/${name}`] = { version, ...platform, ...(entry.dev ? { dev: true } : {}), optional: true };
      added.push(`${name}@${version}`);
    }
  }
  const sorted = {};
  for (const path of Object.keys(packages).sort((a, b) => (a < b ? -1 : 1))) {
    const { resolved, ...rest } = packages[path];
    sorted[path] = rest;
  }
  return { lock: { ...lock, packages: sorted }, added };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const locks = process.argv.slice(2);
  for (const name of locks.length > 0 ? locks : ['package-lock.json']) {
    const path = resolve(name);
    const result = completeLock(JSON.parse(readFileSync(path, 'utf8')));
    writeFileSync(path, `${JSON.stringify(result.lock, null, 2)}\n`);
    process.stdout.write(`${name}: ${result.added.length === 0 ? 'complete' : `added ${result.added.join(', ')}`}\n`);
  }
}
