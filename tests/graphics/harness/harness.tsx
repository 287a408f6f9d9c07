/** The real page over a made-up host in the same page: no process, no socket, the same pictures every time. */
import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-500.css';
import '@fontsource/inter/latin-600.css';
import '@fontsource/jetbrains-mono/latin-400.css';
import '@fontsource/jetbrains-mono/latin-500.css';
import { createRoot } from 'react-dom/client';
import { App, Workstation } from '../../../renderer/app/index.ts';
import { useSettings, type SettingsState } from '../../../renderer/state/index.ts';
import { MadeUpHost } from './made-up-host.ts';

declare global {
  interface Window {
    madeUpHost: MadeUpHost;
    harness: { settings(change: Partial<SettingsState>): void; pan(dxPx: number, dyPx: number): void };
  }
}

const params = new URLSearchParams(location.search);
const host = new MadeUpHost({
  empty: params.has('empty'),
  plain: params.has('plain'),
  gaps: params.has('gaps'),
  flags: params.has('flags'),
});
const workstation = new Workstation();
const root = document.getElementById('root');
if (!root) throw new Error('no #root');
createRoot(root).render(<App workstation={workstation} />);
workstation.onConnected(host);
window.madeUpHost = host;
window.harness = {
  settings: (change) => useSettings.setState(change),
  pan: (dxPx, dyPx) => workstation.map?.pan(dxPx, dyPx),
};
