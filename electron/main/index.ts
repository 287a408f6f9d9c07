/**
 * Entry of the Electron app: one instance, one host in this process (it only routes; the work is done in threads), one
 * window. Must not hold logic of its own.
 */
import { app, dialog, type BrowserWindow } from 'electron';
import { wireErrorFrom } from '../../core/contract/index.ts';
import { RpcServer } from '../../core/rpc/index.ts';
import { builtRendererDir, createHost, defaultDataDir, type Host } from '../host/index.ts';
import { declareAppProtocol, serveAppProtocol } from './app-protocol.ts';
import { installMenu } from './menu.ts';
import { openCapture, takeDroppedFiles } from './open-files.ts';
import { servePage } from './rpc-port.ts';
import { createWindow, denyPermissions, loadPage } from './window.ts';
import { rememberWindow } from './window-state.ts';

const DATA_DIR_SWITCH = '--data-dir=';

function report(error: unknown): void {
  const { userText, detail } = wireErrorFrom(error, 'contract.internal');
  process.stderr.write(`depthscope: ${userText}${detail === '' ? '' : `\n${detail}`}\n`);
}

async function start(): Promise<void> {
  const dataDir = process.argv.find((each) => each.startsWith(DATA_DIR_SWITCH))?.slice(DATA_DIR_SWITCH.length) ?? defaultDataDir();
  serveAppProtocol(builtRendererDir());
  denyPermissions();
  const host = await createHost({ dataDir, noSample: process.argv.includes('--no-sample'), onTrouble: report });
  const rpc = new RpcServer(host.handlers);
  closeBeforeQuit(host, rpc);
  const window = createWindow(dataDir);
  rememberWindow(window, dataDir, report);
  takeDroppedFiles(window, host, report);
  servePage(window.webContents, rpc);
  installMenu({ openCapture: () => void openCapture(window, host).catch(report) });
  app.on('second-instance', () => showAgain(window));
  await loadPage(window);
}

function showAgain(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** Lets the host finish before the process ends: a cut-off import leaves no staging behind. */
function closeBeforeQuit(host: Host, rpc: RpcServer): void {
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    closed = true;
    rpc.close();
    void host
      .close()
      .catch(report)
      .then(() => app.quit());
  });
}

if (app.requestSingleInstanceLock()) {
  declareAppProtocol();
  app.enableSandbox();
  app.on('window-all-closed', () => app.quit());
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      report(error);
      dialog.showErrorBox('Depthscope cannot start', wireErrorFrom(error, 'contract.internal').userText);
      app.exit(1);
    });
} else {
  app.quit();
}
