/** `depthscope serve`: the workstation in a browser, until Ctrl-C. */
import { openBrowser, startHeadless } from '../../headless/index.ts';
import { wholeNumber, type Command, type Terminal } from '../command.ts';

const MAX_PORT = 65_535;

export const serveCommand: Command = {
  name: 'serve',
  usage: '[--port N] [--no-open] [--no-sample]',
  summary: 'Serve the workstation to a browser on this machine.',
  options: {
    port: { type: 'string', value: 'N', help: 'the port on 127.0.0.1; any free one when absent' },
    'no-open': { type: 'boolean', help: 'only print the address' },
    'no-sample': { type: 'boolean', help: 'do not make the sample session on the first start' },
  },
  positionals: [0, 0],
  run: async (invocation) => {
    const { terminal, dataDir, values } = invocation;
    const port = wholeNumber(invocation, 'port', { fallback: 0, least: 0, most: MAX_PORT });
    const server = await startHeadless({
      dataDir,
      port,
      noSample: values['no-sample'] === true,
      onTrouble: (error) => terminal.err(`depthscope: ${String(error)}\n`),
    });
    terminal.out(`Depthscope is at ${server.url}\n`);
    if (values['no-open'] !== true)
      openBrowser(server.url, (reason) => terminal.err(`depthscope: no browser could be opened (${reason}); open the address above.\n`));
    await interrupted(terminal);
    await server.close();
  },
};

function interrupted({ signal }: Terminal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
