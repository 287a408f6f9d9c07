/** The import rules find what they forbid: each case plants one violation in an empty tree, beside what is allowed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBoundaries } from '../../../scripts/boundaries.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'depthscope-boundaries-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Returns the names of the rules broken when `from` imports `to` (a project file or a package). */
async function broken(
  from: string,
  to: string,
  statement = (target: string) => `import { x } from '${target}';\nexport const y = x;\n`,
): Promise<string[]> {
  const isFile = /\.tsx?$/.test(to);
  if (isFile) plant(to, 'export const x = 1;\nexport type x = number;\n');
  else if (!to.startsWith('node:')) {
    plant(`node_modules/${to}/package.json`, `{"name":"${to}","version":"1.0.0","main":"index.js"}`);
    plant(`node_modules/${to}/index.js`, 'exports.x = 1;\n');
  }
  const target = isFile ? `${'../'.repeat(from.split('/').length - 1)}${to}` : to;
  plant(from, statement(target));
  const { modules, violations } = await checkBoundaries(root, false);
  expect(modules).toBeGreaterThan(0);
  return violations.map(({ rule }: { rule: string }) => rule);
}

describe('import rules', () => {
  it.each([
    ['core/util/a.ts', 'core/units/index.ts', 'core-util-imports'],
    ['core/units/a.ts', 'core/model/index.ts', 'core-units-imports'],
    ['core/model/a.ts', 'core/book/index.ts', 'core-model-clock-imports'],
    ['core/venues/binance/a.ts', 'core/venues/okx/index.ts', 'core-venues-formats-venues-formats-book-view-frames-replay-imports'],
    ['core/formats/iex/a.ts', 'core/formats/dbn/index.ts', 'core-venues-formats-venues-formats-book-view-frames-replay-imports'],
    ['core/book/a.ts', 'core/view/index.ts', 'core-venues-formats-venues-formats-book-view-frames-replay-imports'],
    ['core/flow/a.ts', 'core/view/index.ts', 'core-flow-metrics-imports'],
    ['core/contract/a.ts', 'core/book/index.ts', 'core-contract-imports'],
    ['core/contract/a.ts', 'core/model/index.ts', 'core-contract-types-only'],
    ['core/rpc/a.ts', 'core/model/index.ts', 'core-rpc-imports'],
    ['core/book/a.ts', 'node:fs', 'core-venues-formats-venues-formats-book-view-frames-replay-node'],
    ['core/book/a.ts', 'zod', 'core-venues-formats-venues-formats-book-view-frames-replay-packages'],
    ['native-workers/protocol/a.ts', 'native-workers/host/index.ts', 'native-workers-protocol-imports'],
    ['native-workers/book/a.ts', 'native-workers/store/index.ts', 'native-workers-book-import-imports'],
    ['native-workers/import/a.ts', 'better-sqlite3', 'native-workers-book-import-packages'],
    ['electron/host/a.ts', 'native-workers/store/index.ts', 'electron-host-imports'],
    ['electron/host/a.ts', 'electron', 'electron-only-in-main-and-preload'],
    ['electron/main/a.ts', 'core/book/index.ts', 'electron-main-imports'],
    ['electron/cli/a.ts', 'native-workers/host/index.ts', 'electron-headless-cli-imports'],
    ['electron/preload/a.ts', 'core/rpc/index.ts', 'electron-preload-imports'],
    ['renderer/gl/a.ts', 'react', 'renderer-gl-packages'],
    ['renderer/loop/a.ts', 'regl', 'renderer-charts-loop-frames-packages'],
    ['renderer/panels/a.ts', 'renderer/gl/index.ts', 'renderer-panels-imports'],
    ['renderer/state/a.ts', 'core/book/index.ts', 'renderer-state-client-imports'],
    ['renderer/app/a.ts', 'core/venues/binance/index.ts', 'renderer-components-app-imports'],
    ['renderer/app/a.ts', 'renderer/gl/draw.ts', 'one-door'],
    ['core/flow/a.ts', 'core/book/side.ts', 'one-door'],
    ['core/book/a.ts', 'tests/fixtures/x.ts', 'production-never-imports-tests'],
  ])('%s must not import %s', async (from, to, rule) => {
    expect(await broken(from, to)).toContain(rule);
  });

  it.each([
    ['core/model/a.ts', 'core/units/index.ts'],
    ['core/flow/a.ts', 'core/book/index.ts'],
    ['core/formats/iex/a.ts', 'core/formats/iex/b.ts'],
    ['native-workers/store/a.ts', 'better-sqlite3'],
    ['native-workers/book/a.ts', 'node:worker_threads'],
    ['electron/main/a.ts', 'electron'],
    ['electron/cli/a.ts', 'electron/host/index.ts'],
    ['renderer/gl/a.ts', 'regl'],
    ['renderer/panels/a.ts', 'renderer/state/index.ts'],
  ])('%s may import %s', async (from, to) => {
    expect(await broken(from, to)).toEqual([]);
  });

  it('lets the contract import types of the model', async () => {
    const typeOnly = (target: string): string => `import type { x } from '${target}';\nexport const y: x = 1;\n`;
    expect(await broken('core/contract/a.ts', 'core/model/index.ts', typeOnly)).toEqual([]);
  });

  it('finds a cycle', async () => {
    plant('core/book/a.ts', "import { b } from './b.ts';\nexport const a = b;\n");
    plant('core/book/b.ts', "import { a } from './a.ts';\nexport const b = a;\n");
    const { violations } = await checkBoundaries(root, false);
    expect(violations.map(({ rule }: { rule: string }) => rule)).toContain('no-cycles');
  });
});
