/** `depthscope delete`: takes a session off the list and removes its files. */
import { JSON_OPTION, type Command } from '../command.ts';
import { sessionNamed } from '../lookup.ts';
import { withHost } from '../with-host.ts';

export const deleteCommand: Command = {
  name: 'delete',
  usage: 'SESSION [--json]',
  summary: 'Delete a session and its files.',
  details: 'SESSION is an id, a unique beginning of one, or a title. The files that it was imported from are not touched.',
  options: { json: JSON_OPTION },
  positionals: [1, 1],
  run: (invocation) =>
    withHost(invocation, async (host) => {
      const { sessionId, title, bytes } = sessionNamed(invocation.positionals[0], await host.store.call('sessions.list', {}));
      await host.store.call('sessions.delete', { sessionId });
      const text = `Deleted ${title} (${sessionId}), ${bytes.toLocaleString('en-US')} bytes\n`;
      invocation.terminal.out(invocation.json ? `${JSON.stringify({ session: sessionId, title, bytes })}\n` : text);
    }),
};
