// Builds everything into dist/: renderer/ (vite), main/ headless/ cli/ (one module each), preload/ (CommonJS, as Electron's
// sandbox asks) and workers/<name>.js, found by the bundles as ../workers/<name>.js. Native packages and Electron stay
// outside the bundles. `npm run build`; with --if-needed it builds only when a source is newer than the last build.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const ROOT = resolve(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.built');
const SOURCES = ['assets', 'core', 'electron', 'native-workers', 'renderer', 'package-lock.json', 'vite.config.ts', 'scripts/build.mjs'];
const EXTERNAL = ['electron', '@duckdb/node-api', '@duckdb/node-bindings', 'better-sqlite3'];

/** Returns the bundles of the Node side: `{ name, entry, file, format }`, `file` relative to dist/. */
export function nodeBundles(root = ROOT) {
  const bundles = [];
  for (const name of ['main', 'headless', 'cli']) {
    const entry = join(root, 'electron', name, 'index.ts');
    if (existsSync(entry)) bundles.push({ name, entry, file: `${name}/index.js`, format: 'es' });
  }
  const preload = join(root, 'electron/preload/index.ts');
  if (existsSync(preload)) bundles.push({ name: 'preload', entry: preload, file: 'preload/index.cjs', format: 'cjs' });
  const workers = join(root, 'native-workers');
  for (const folder of readdirSync(workers).sort()) {
    const entry = join(workers, folder, 'worker.ts');
    if (existsSync(entry)) bundles.push({ name: `worker ${folder}`, entry, file: `workers/${folder}.js`, format: 'es' });
  }
  return bundles;
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  let latest = stat.mtimeMs;
  for (const name of readdirSync(path)) latest = Math.max(latest, newest(join(path, name)));
  return latest;
}

/** Returns true when dist/ is there and no source is newer. */
export function isBuilt() {
  if (!existsSync(STAMP)) return false;
  const builtAt = statSync(STAMP).mtimeMs;
  return SOURCES.every((source) => !existsSync(join(ROOT, source)) || newest(join(ROOT, source)) <= builtAt);
}

async function buildNode({ entry, file, format }) {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: EXTERNAL, target: 'node' },
    build: {
      ssr: entry,
      outDir: DIST,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        external: EXTERNAL,
        output: { format, entryFileNames: file, chunkFileNames: `${file.replace(/[^/]+$/, '')}[name]-[hash].js`, codeSplitting: false },
      },
    },
  });
}

/** Builds dist/ anew; throws when any bundle fails. */
export async function buildAll() {
  const startedAt = performance.now();
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  const startedMs = Date.now();
  await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'warn' });
  const bundles = nodeBundles();
  for (const bundle of bundles) await buildNode(bundle);
  writeFileSync(STAMP, `${new Date(startedMs).toISOString()}\n`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`build: renderer, ${bundles.map(({ name }) => name).join(', ')} in ${seconds} s\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv.includes('--if-needed') && isBuilt()) process.stdout.write('build: up to date\n');
  else await buildAll();
}
