/**
 * electron-builder.yml against electron-builder's own schema, in its own validator. The packaging tools are a nested
 * package; where they are not installed the schema part cannot run and is skipped by name, the rest still runs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noteNotRun } from '../../fixtures/real-data.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const VALIDATOR = join(ROOT, 'scripts/packaging/node_modules/app-builder-lib/out/util/config/config.js');
const INSTALLED = existsSync(VALIDATOR);
if (!INSTALLED) noteNotRun('the schema of electron-builder', 'is not installed: npm ci in scripts/packaging');
const text = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8');

interface BuilderModule {
  validateConfiguration(config: unknown, debug: { add(key: string, value: unknown): void; isEnabled: boolean }): Promise<void>;
}

function validate(yaml: string): Promise<void> {
  const require = createRequire(VALIDATOR);
  const { validateConfiguration } = require(VALIDATOR) as BuilderModule;
  const { load } = require('js-yaml') as { load(text: string): unknown };
  return validateConfiguration(load(yaml), { add: () => undefined, isEnabled: false });
}

describe('electron-builder.yml', () => {
  it('publishes nothing, packs an asar and leaves native add-ons outside it', () => {
    expect(text).toMatch(/^publish: null$/m);
    expect(text).toMatch(/^asar: true$/m);
    expect(text).toContain('- "**/*.node"');
  });

  it('names the Electron version of package.json', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
    expect(text).toContain(`electronVersion: ${manifest.devDependencies['electron']}`);
  });

  it.runIf(INSTALLED)('is valid by the schema of electron-builder', async () => {
    await expect(validate(text)).resolves.toBeUndefined();
    await expect(validate(`${text}\nasarUnpak: []\n`)).rejects.toThrow(/asarUnpak/);
  });
});
