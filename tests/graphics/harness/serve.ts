/**
 * Builds the harness page, serves it on loopback under the product's content policy and opens it in Chromium. The drawing
 * thread's script alone may build code from text, as in the product.
 */
import { createServer, type Server } from 'node:http';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import react from '@vitejs/plugin-react';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'";
const WORKER_POLICY = "default-src 'none'; script-src 'self' 'unsafe-eval'";

export interface Harness {
  /** Opens the page with a query such as `plain&renderer=2d`; waits until the first frame is drawn unless told not to. */
  open(query: string, options?: { readonly waitForFrame?: boolean }): Promise<Page>;
  /** Errors and policy violations that any page has logged. */
  readonly errors: string[];
  close(): Promise<void>;
}

/** Returns the path of a Chromium on this machine, null when there is none. */
export function findChromium(): string | null {
  const named = process.env['DEPTHSCOPE_CHROMIUM'];
  return (
    [named, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
      (path) => path !== undefined && existsSync(path),
    ) ?? null
  );
}

/** Builds, serves and launches. Throws with what to install when there is no Chromium. */
export async function startHarness(): Promise<Harness> {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error('Chromium is missing: install it with "apt-get install chromium" or set DEPTHSCOPE_CHROMIUM to its path');
  const outDir = await mkdtemp(join(tmpdir(), 'depthscope-harness-'));
  await build({
    configFile: false,
    root: import.meta.dirname,
    base: './',
    logLevel: 'error',
    plugins: [react()],
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'chrome150', assetsInlineLimit: 0, minify: false, chunkSizeWarningLimit: 4000 },
  });
  const server = await serveFolder(outDir);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const errors: string[] = [];
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    errors,
    open: (query, options) => openPage(browser, { address: `${address}?${query}`, errors, waitForFrame: options?.waitForFrame ?? true }),
    close: async () => {
      await browser.close();
      server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

async function openPage(browser: Browser, target: { address: string; errors: string[]; waitForFrame: boolean }): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  page.on('pageerror', (error) => target.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') target.errors.push(message.text());
  });
  await page.goto(target.address);
  if (target.waitForFrame)
    await page.waitForFunction(() => (window.__depthscope?.surface().draws ?? 0) > 0 && (window.__depthscope?.frames().taken ?? 0) > 1);
  return page;
}

async function serveFolder(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://host').pathname);
    const file = path === '/' ? 'index.html' : path;
    readFile(join(folder, file)).then(
      (body) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': file.includes('gl-worker') ? WORKER_POLICY : PAGE_POLICY,
        });
        response.end(body);
      },
      () => {
        response.writeHead(404);
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
