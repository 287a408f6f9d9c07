/**
 * A double of the `electron` module over playwright-core and Chromium: as much as our main and preload use. `app://` pages
 * appear as http://depthscope.localhost; there is no isolated world, no process sandbox, nothing native. Tests
 * reach the page over DevTools on ELECTRON_DOUBLE_PORT, once "page loaded" stands on stdout.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { pageRuntime } from './page-runtime.ts';
import { type DoublePort, MessageChannelMain } from './ports.ts';

export { MessageChannelMain };

const SHOWN_ORIGIN = 'http://depthscope.localhost';
const APP_ORIGIN = 'app://depthscope';
const USER_AGENT_SUFFIX = ' Electron/45.4.1';

/** What the double does for what has no effect here. */
const nothing = (): void => undefined;

const schemes = new Map<string, (request: Request) => Promise<Response>>();
let browser: Promise<Browser> | null = null;

function launch(): Promise<Browser> {
  browser ??= (async () => {
    const port = Number(process.env['ELECTRON_DOUBLE_PORT'] ?? 0);
    const launched = await chromium.launch({
      executablePath: process.env['DEPTHSCOPE_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', ...(port > 0 ? [`--remote-debugging-port=${port}`] : [])],
    });
    launched.on('disconnected', () => app.emit('window-all-closed'));
    return launched;
  })();
  return browser;
}

class App extends EventEmitter {
  requestSingleInstanceLock(): boolean {
    return true;
  }
  readonly enableSandbox = nothing;
  async whenReady(): Promise<void> {
    await launch();
  }
  quit(): void {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.exit(0);
  }
  exit(code: number): void {
    void browser?.then((each) => each.close()).finally(() => process.exit(code));
  }
}
export const app = new App();
process.on('SIGTERM', () => app.quit());

export const protocol = {
  registerSchemesAsPrivileged: (): void => undefined,
  handle: (scheme: string, handler: (request: Request) => Promise<Response>): void => void schemes.set(scheme, handler),
};
export const session = {
  defaultSession: { setPermissionRequestHandler: (): void => undefined, setPermissionCheckHandler: (): void => undefined },
};
export const ipcMain = new EventEmitter();
export const dialog = {
  showErrorBox: (title: string, text: string): void => void process.stderr.write(`${title}: ${text}\n`),
  showOpenDialog: async (): Promise<{ canceled: boolean; filePaths: string[] }> => ({ canceled: true, filePaths: [] }),
  showMessageBox: async (): Promise<{ response: number }> => ({ response: -1 }),
};
export const Menu = { buildFromTemplate: <T>(template: T): T => template, setApplicationMenu: (): void => undefined };

class WebContents extends EventEmitter {
  page: Page | null = null;
  private readonly ports = new Map<number, DoublePort>();
  private nextPort = 1;

  readonly setWindowOpenHandler = nothing;

  postMessage(channel: string, message: unknown, ports: DoublePort[] = []): void {
    const ids = ports.map((port) => this.bridge(port));
    this.run('electronDoubleReceive', [channel, [message], ids]);
  }

  /** What the page sent. */
  receive(message: { kind: string; id: number; channel: string; args: unknown[]; bytes: string }): void {
    const port = this.ports.get(message.id);
    if (message.kind === 'ipc') ipcMain.emit(message.channel, { sender: this, senderFrame: { url: `${APP_ORIGIN}/` } }, ...message.args);
    else if (message.kind === 'port') port?.postMessage(new Uint8Array(Buffer.from(message.bytes, 'base64')));
    else port?.close();
  }

  /** The page is gone: so are its ports. */
  unloaded(): void {
    for (const port of this.ports.values()) port.close();
    this.ports.clear();
  }

  private bridge(port: DoublePort): number {
    const id = this.nextPort++;
    this.ports.set(id, port);
    port.forward = (bytes) => this.run('electronDoublePort', [id, Buffer.from(bytes).toString('base64')]);
    port.once('close', () => this.run('electronDoublePortClosed', [id]));
    return id;
  }

  private run(name: string, args: unknown[]): void {
    this.page
      ?.evaluate(
        ([fn, given]) => (window as unknown as Record<string, (...all: unknown[]) => void>)[fn as string](...(given as unknown[])),
        [name, args] as const,
      )
      .catch(() => this.unloaded());
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents();
  private readonly preload: string;
  private readonly size: { width: number; height: number };

  constructor(options: { width: number; height: number; webPreferences: { preload: string } }) {
    super();
    this.preload = readFileSync(options.webPreferences.preload, 'utf8');
    this.size = { width: options.width, height: options.height };
  }

  async loadURL(url: string): Promise<void> {
    const launched = await launch();
    const probe = await launched.newPage();
    const userAgent = (await probe.evaluate(() => navigator.userAgent)) + USER_AGENT_SUFFIX;
    await probe.close();
    const context = await launched.newContext({ viewport: this.size, userAgent });
    await context.exposeBinding('electronDoubleSend', (_source, message) => this.webContents.receive(message));
    await context.addInitScript({ content: pageRuntime(this.preload) });
    await context.route(`${SHOWN_ORIGIN}/**`, async (route) => {
      const handler = schemes.get('app');
      if (!handler) return route.abort();
      const answer = await handler(new Request(route.request().url().replace(SHOWN_ORIGIN, APP_ORIGIN)));
      return route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      });
    });
    const page = await context.newPage();
    this.webContents.page = page;
    page.on('domcontentloaded', () => this.webContents.unloaded());
    page.on('load', () => this.webContents.emit('did-finish-load'));
    page.on('close', () => this.emit('close'));
    await page.goto(url.replace(APP_ORIGIN, SHOWN_ORIGIN));
    process.stdout.write('electron double: page loaded\n');
    this.emit('ready-to-show');
  }

  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 0, y: 0, ...this.size };
  }
  isMaximized(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return false;
  }
  readonly maximize = nothing;
  readonly restore = nothing;
  readonly focus = nothing;
  readonly show = nothing;
}
