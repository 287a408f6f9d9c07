/** What only Electron's main and preload do, on the double: the page's address, a new port after a reload, nothing of Node in the page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Workstation } from './driver.ts';
import { doubleDriver } from './electron-drivers.ts';

let dataDir: string;
let workstation: Workstation;
let page: Page;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'depthscope-double-'));
  workstation = await doubleDriver.launch(dataDir, ['--no-sample']);
  page = workstation.page;
});
afterAll(async () => {
  await workstation.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('shows a page whose host answers', async () => {
  await page.getByText('host ready').waitFor();
  expect(page.url()).toBe('http://depthscope.localhost/');
});

it('gives a reloaded page a new port', async () => {
  await page.reload();
  await page.getByText('host ready').waitFor();
});

it('exposes nothing of Node to the page', async () => {
  expect(await page.evaluate(() => ['require', 'process', 'Buffer', 'electron'].filter((name) => name in window))).toEqual([]);
});
