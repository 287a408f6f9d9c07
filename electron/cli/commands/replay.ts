/** `depthscope replay`: plays a recording through the books as fast as possible and says how fast that was. */
import { choice, JSON_OPTION, type Command } from '../command.ts';
import { sessionNamed } from '../lookup.ts';
import { withHost } from '../with-host.ts';

export const replayCommand: Command = {
  name: 'replay',
  usage: 'SESSION [--speed max] [--json]',
  summary: 'Play a recording through the books and print the rate and the final state.',
  options: {
    speed: { type: 'string', value: 'max', help: 'as fast as possible; the only speed without a screen' },
    json: JSON_OPTION,
  },
  positionals: [1, 1],
  run: (invocation) => {
    choice(invocation, 'speed', ['max'], 'max');
    return withHost(invocation, async (host) => {
      const session = sessionNamed(invocation.positionals[0], await host.store.call('sessions.list', {}));
      const startMs = performance.now();
      const { report } = await host.replayAll(session.sessionId, invocation.terminal.signal);
      const seconds = (performance.now() - startMs) / 1000;
      const eventsPerSecond = Math.round(report.events / seconds);
      if (invocation.json) {
        invocation.terminal.out(`${JSON.stringify({ session: session.sessionId, seconds, eventsPerSecond, ...report })}\n`);
        return;
      }
      invocation.terminal.out(
        `Replayed ${session.title}: ${report.events.toLocaleString('en-US')} events in ${seconds.toFixed(2)} s, ${eventsPerSecond.toLocaleString('en-US')} a second\nstate hash ${report.stateHash}\n`,
      );
    });
  },
};
