/**
 * Makes the window: sandboxed, isolated, unable to navigate, open windows or get permissions. Must not know the host.
 */
import { fileURLToPath } from 'node:url';
import { BrowserWindow, session } from 'electron';
import { PAGE_URL } from './channels.ts';
import { readWindowState } from './window-state.ts';

const BACKGROUND = '#0b0e14';

/** Refuses every permission that a page may ask for. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
}

/** Returns a window that is not loaded yet: the caller first listens to it, then calls `loadPage`. */
export function createWindow(dataDir: string): BrowserWindow {
  const { maximized, ...bounds } = readWindowState(dataDir);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 900,
    minHeight: 600,
    title: 'Depthscope',
    backgroundColor: BACKGROUND,
    show: false,
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => {
    if (event.url !== PAGE_URL) event.preventDefault();
  });
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  return window;
}

/** Loads the page. */
export function loadPage(window: BrowserWindow): Promise<void> {
  return window.loadURL(PAGE_URL);
}
