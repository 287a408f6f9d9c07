/** `depthscope sessions`: the catalogue, one session a line. */
import { JSON_OPTION, type Command } from '../command.ts';
import { withHost } from '../with-host.ts';

export const sessionsCommand: Command = {
  name: 'sessions',
  usage: '[--json]',
  summary: 'List the sessions.',
  options: { json: JSON_OPTION },
  positionals: [0, 0],
  run: (invocation) =>
    withHost(invocation, async (host) => {
      const sessions = await host.store.call('sessions.list', {});
      if (invocation.json) {
        invocation.terminal.out(`${JSON.stringify(sessions)}\n`);
        return;
      }
      if (sessions.length === 0) invocation.terminal.out('No sessions yet; depthscope import FILE… makes one.\n');
      for (const { sessionId, title, protocol, instruments, events, gaps, synthetic } of sessions) {
        const notes = [gaps > 0 ? `${gaps} gaps` : '', synthetic ? 'synthetic' : ''].filter((note) => note !== '');
        const facts = [
          protocol,
          `${instruments.toLocaleString('en-US')} instruments`,
          `${events.toLocaleString('en-US')} events`,
          ...notes,
        ];
        invocation.terminal.out(`${sessionId}  ${title}  (${facts.join(', ')})\n`);
      }
    }),
};
