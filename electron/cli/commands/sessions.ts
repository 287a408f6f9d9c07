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
      for (const { sessionId, title, protocol, instruments, events, gaps, synthetic, verified } of sessions) {
        const facts = [protocol, counted(instruments, 'instrument'), counted(events, 'event')];
        if (gaps > 0) facts.push(counted(gaps, 'gap'));
        if (synthetic) facts.push('synthetic');
        facts.push(verified === null ? 'not verified yet' : verified ? 'verified' : 'verify FAILED');
        invocation.terminal.out(`${sessionId}  ${title}  (${facts.join(', ')})\n`);
      }
    }),
};

function counted(n: number, what: string): string {
  return `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`;
}
