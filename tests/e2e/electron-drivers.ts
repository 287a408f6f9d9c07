/**
 * Electron as the tests see it: always the bundled main and preload over the double of `electron`, and Electron itself where
 * its binary is installed; where it is not, the run says so in its last lines.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { _electron, chromium } from 'playwright-core';
import { noteNotRun } from '../fixtures/real-data.ts';
import { type Driver, printed, stop } from './driver.ts';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'dist/main/index.js');

/** Returns the Electron drivers that can run here. */
export function electronDrivers(): readonly Driver[] {
  const binary = electronBinary();
  if (binary) return [doubleDriver, realDriver(binary)];
  noteNotRun('Electron itself', 'is not tested: its binary is not installed (main and preload ran over the double instead)');
  return [doubleDriver];
}

export const doubleDriver: Driver = {
  name: 'Electron double',
  async launch(dataDir, extra = []) {
    const port = await freePort();
    const main = spawn(
      process.execPath,
      ['--import', join(ROOT, 'tests/e2e/electron-double/register.mjs'), MAIN, `--data-dir=${dataDir}`, ...extra],
      {
        cwd: ROOT,
        env: { ...process.env, ELECTRON_DOUBLE_PORT: String(port) },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await printed(main, /page loaded/);
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const page = browser.contexts().flatMap((context) => context.pages())[0];
    if (!page) throw new Error('main opened no window');
    return {
      page,
      close: async () => {
        await browser.close();
        await stop(main);
      },
    };
  },
};

function realDriver(binary: string): Driver {
  return {
    name: 'Electron',
    async launch(dataDir, extra = []) {
      const app = await _electron.launch({
        executablePath: binary,
        args: [MAIN, `--data-dir=${dataDir}`, '--no-sandbox', ...extra],
        cwd: ROOT,
      });
      return { page: await app.firstWindow(), close: () => app.close() };
    },
  };
}

/** Returns the path of an installed Electron binary, never downloading one; null when there is none. */
function electronBinary(): string | null {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(ROOT, 'node_modules/electron/dist');
  const nameFile = join(ROOT, 'node_modules/electron/path.txt');
  const name = existsSync(nameFile) ? readFileSync(nameFile, 'utf8').trim() : 'electron';
  const path = join(folder, name);
  return existsSync(path) ? path : null;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
