/** `depthscope export`: one stream of a session as a file. */
import { resolve } from 'node:path';
import { DepthscopeError, wireErrorFrom } from '../../../core/contract/index.ts';
import { choice, JSON_OPTION, required, UsageError, type Command } from '../command.ts';
import { sessionNamed } from '../lookup.ts';
import { finished, withHost } from '../with-host.ts';

const STREAMS = ['trade', 'depth', 'quote', 'event'] as const;
const FORMATS = ['parquet', 'csv', 'jsonl'] as const;

export const exportCommand: Command = {
  name: 'export',
  usage: 'SESSION --stream S --format F --out FILE [--overwrite] [--json]',
  summary: 'Write one stream of a session to a file.',
  options: {
    stream: { type: 'string', value: 'S', help: `one of ${STREAMS.join(', ')}` },
    format: { type: 'string', value: 'F', help: `one of ${FORMATS.join(', ')}` },
    out: { type: 'string', value: 'FILE', help: 'the file to write' },
    overwrite: { type: 'boolean', help: 'replace the file when it is there' },
    json: JSON_OPTION,
  },
  positionals: [1, 1],
  run: (invocation) => {
    const stream = choice(invocation, 'stream', STREAMS, null);
    const format = choice(invocation, 'format', FORMATS, null);
    const path = resolve(required(invocation, 'out'));
    if (!stream || !format) throw new UsageError(`--${stream ? 'format' : 'stream'} is missing`);
    return withHost(invocation, async (host) => {
      const { sessionId } = sessionNamed(invocation.positionals[0], await host.store.call('sessions.list', {}));
      const job = host.startExport({ sessionId, stream, format, path, overwrite: invocation.values['overwrite'] === true });
      const { rows, bytes } = await finished(job, host, invocation.terminal).catch((thrown: unknown) => {
        throw wireErrorFrom(thrown, 'store.export-failed').code === 'store.file-exists'
          ? new DepthscopeError('store.file-exists', `${path} exists already; choose another name, or give --overwrite to replace it.`)
          : thrown;
      });
      const said = invocation.json
        ? JSON.stringify({ session: sessionId, stream, format, path, rows, bytes })
        : `Wrote ${rows.toLocaleString('en-US')} rows, ${bytes.toLocaleString('en-US')} bytes to ${path}`;
      invocation.terminal.out(`${said}\n`);
    });
  },
};
