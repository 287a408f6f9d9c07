/** `depthscope verify`: proves that a recording gives its own hashes again, and its source files the same. */
import { resolve } from 'node:path';
import { RECORDING_VENUES } from '../../../core/contract/index.ts';
import { choice, JSON_OPTION, UsageError, type Command, type Invocation } from '../command.ts';
import type { VerifySource } from '../../host/index.ts';
import { sessionNamed } from '../lookup.ts';
import { finished, withHost } from '../with-host.ts';

export const verifyCommand: Command = {
  name: 'verify',
  usage: 'SESSION [--source FILE…] [--venue V] [--json]',
  summary: 'Replay a sealed recording through the pipeline and compare its hashes.',
  details: 'With --source the files that it came from, in the same order, are decoded again and compared as well.',
  options: {
    source: { type: 'boolean', help: 'the arguments after SESSION are its source files' },
    venue: { type: 'string', value: 'V', help: `the venue of raw source files: ${RECORDING_VENUES.join(', ')}` },
    json: JSON_OPTION,
  },
  positionals: [1, 65],
  run: (invocation) => {
    const source = sourceOf(invocation);
    return withHost(invocation, async (host) => {
      const session = sessionNamed(invocation.positionals[0], await host.store.call('sessions.list', {}));
      const result = await finished(await host.startVerify(session.sessionId, source), host, invocation.terminal);
      if (invocation.json) {
        invocation.terminal.out(`${JSON.stringify(result)}\n`);
        return;
      }
      const against = result.sourceCompared ? 'the recording and its source files give' : 'the recording gives';
      invocation.terminal.out(
        `Verified ${session.title}: ${against} the hashes of the manifest\nstate hash ${result.stateHash}\n${result.events.toLocaleString('en-US')} events in ${result.seconds.toFixed(2)} s\n`,
      );
    });
  },
};

function sourceOf(invocation: Invocation): VerifySource | null {
  const paths = invocation.positionals.slice(1).map((path) => resolve(path));
  const named = invocation.values['source'] === true;
  if (named !== paths.length > 0)
    throw new UsageError(named ? '--source needs the files after it' : 'verify takes one SESSION; source files come after --source');
  return named ? { paths, venue: choice(invocation, 'venue', RECORDING_VENUES, null) } : null;
}
