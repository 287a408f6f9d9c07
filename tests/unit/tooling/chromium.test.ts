/** Finding a Chromium: the explicit setting wins and must be runnable, then PATH; Ubuntu is not taken for Debian. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, isDebian } from '../../../scripts/chromium.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'depthscope-chromium-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function executable(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return path;
}

describe('findChromium', () => {
  it('takes DEPTHSCOPE_CHROMIUM before PATH, and nothing else when that cannot be run', () => {
    const onPath = executable('chromium');
    const named = executable('my-browser');
    expect(findChromium({ PATH: folder })).toBe(onPath);
    expect(findChromium({ PATH: folder, DEPTHSCOPE_CHROMIUM: named })).toBe(named);
    expect(findChromium({ PATH: folder, DEPTHSCOPE_CHROMIUM: join(folder, 'absent') })).toBeNull();
  });
});

describe('isDebian', () => {
  it('reads os-release', () => {
    expect(isDebian('NAME="Debian GNU/Linux"\nID=debian\n')).toBe(true);
    expect(isDebian('ID=ubuntu\nID_LIKE=debian\n')).toBe(false);
    expect(isDebian('')).toBe(false);
  });
});
