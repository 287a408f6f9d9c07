/**
 * One workstation to test, whatever carries it: the headless server in Chromium, the bundled Electron main and preload over
 * the double, or Electron itself where its binary is found. The tests know only this interface.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 30_000;

export interface Workstation {
  readonly page: Page;
  /** Closes the window and the host, politely; resolves when the host is gone. */
  close(): Promise<void>;
}

export interface Driver {
  readonly name: string;
  /** `extra`: further arguments of the host, such as `--no-sample`. */
  launch(dataDir: string, extra?: readonly string[]): Promise<Workstation>;
}

export const headlessDriver: Driver = {
  name: 'headless server',
  async launch(dataDir, extra = []) {
    const host = spawn(
      process.execPath,
      [join(ROOT, 'electron/cli/index.ts'), 'serve', '--no-open', '--port', '0', '--data-dir', dataDir, ...extra],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const url = await printed(host, /http:\/\/127\.0\.0\.1:\S+/);
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    await page.goto(url);
    return {
      page,
      close: async () => {
        await browser.close();
        await stop(host);
      },
    };
  },
};

/** Starts Debian's (or the given) Chromium with software WebGL. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['DEPTHSCOPE_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** Resolves with the first match in what the process prints; rejects when it ends or stays silent. */
export function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`nothing like ${pattern} was printed, only: ${text}`)), START_TIMEOUT_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const match = pattern.exec(text);
      if (!match) return;
      clearTimeout(timer);
      resolve(match[0]);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the host ended with ${code} before it was ready: ${text}`));
    });
  });
}

/** Asks a process to stop and resolves when it is gone; throws when it did not end cleanly. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit') as Promise<[number | null, string | null]>;
  child.kill('SIGTERM');
  const [code, signal] = await gone;
  if (code !== 0) throw new Error(`the host ended with code ${code} and signal ${signal}`);
}
