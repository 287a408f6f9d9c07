/** The page's entry: fonts, styles, the workstation and its React tree. Must not know what any panel shows. */
import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-500.css';
import '@fontsource/inter/latin-600.css';
import '@fontsource/jetbrains-mono/latin-400.css';
import '@fontsource/jetbrains-mono/latin-500.css';
import { createRoot } from 'react-dom/client';
import { App, Workstation } from './app/index.ts';
import { HostConnection } from './client/index.ts';

const workstation = new Workstation();
const connection = new HostConnection(workstation);
workstation.reconnect = () => connection.retryNow();
const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(<App workstation={workstation} />);
connection.start();
