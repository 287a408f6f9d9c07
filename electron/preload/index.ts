/**
 * The sandboxed preload: hands the page the message port that main sends, and tells main the paths of dropped files.
 * Exposes nothing to the page. The three names are those of electron/main/channels.ts and core/rpc (PORT_MESSAGE).
 */
import { ipcRenderer, webUtils } from 'electron';

const PORT_CHANNEL = 'depthscope:port';
const DROP_CHANNEL = 'depthscope:dropped';
const PORT_MESSAGE = 'depthscope-port';

ipcRenderer.on(PORT_CHANNEL, (event) => {
  window.postMessage({ type: PORT_MESSAGE }, window.location.origin, event.ports);
});

/*
 * The page sees only File objects; their paths are told to main before the page's own listeners run. `defaultPrevented`
 * tells those that the files are taken care of.
 */
window.addEventListener(
  'drop',
  (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    if (paths.length === 0) return;
    event.preventDefault();
    ipcRenderer.send(DROP_CHANNEL, paths);
  },
  true,
);
