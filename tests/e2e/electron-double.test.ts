/** The bundled main, preload and renderer together, on the double of Electron: the page gets a port and the host answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
let dataDir: string;
let child: ChildProcess;
let browser: Browser;
let page: Page;

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    }),
  );
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'depthscope-double-'));
  const port = await freePort();
  const args = [
    '--import',
    join(ROOT, 'tests/e2e/electron-double/register.mjs'),
    join(ROOT, 'dist/main/index.js'),
    `--data-dir=${dataDir}`,
    '--no-sample',
  ];
  child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ELECTRON_DOUBLE_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  await new Promise<void>((done, failed) => {
    child.stderr?.on('data', (data) => (said += String(data)));
    child.stdout?.on('data', (data) => {
      if (String(data).includes('page loaded')) done();
    });
    child.on('exit', (code) => failed(new Error(`main ended with code ${code}: ${said}`)));
  });
  browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  page = browser.contexts().flatMap((context) => context.pages())[0];
});
afterAll(async () => {
  await browser?.close();
  const ended = new Promise((done) => child.once('exit', done));
  child.kill();
  await ended;
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
