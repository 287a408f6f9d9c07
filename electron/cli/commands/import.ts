/** `depthscope import`: several files in one call are one stream in order. */
import { resolve } from 'node:path';
import { RECORDING_VENUES } from '../../../core/contract/index.ts';
import type { ImportReport } from '../../host/index.ts';
import { choice, JSON_OPTION, type Command } from '../command.ts';
import { finished, withHost } from '../with-host.ts';

export const importCommand: Command = {
  name: 'import',
  usage: 'FILE… [--venue V] [--json]',
  summary: 'Import captures or venue recordings as one session.',
  details: [
    'IEX HIST captures (pcap, pcapng, gzip) are recognised by their content. Raw venue recordings hold one',
    '"<receive ns> <venue JSON>" a line, plain, gzip or zstd, and need --venue. Several files are one stream in the order given.',
  ].join('\n'),
  options: {
    venue: { type: 'string', value: 'V', help: `the venue of a raw recording: ${RECORDING_VENUES.join(', ')}` },
    json: JSON_OPTION,
  },
  positionals: [1, 64],
  run: (invocation) =>
    withHost(invocation, async (host) => {
      const venue = choice(invocation, 'venue', RECORDING_VENUES, null);
      const paths = invocation.positionals.map((path) => resolve(path));
      const { summary, report } = await finished(host.startImport({ kind: 'files', paths, venue }), host, invocation.terminal);
      invocation.terminal.out(invocation.json ? `${JSON.stringify(report)}\n` : text(summary.title, report));
    }),
};

function text(title: string, report: ImportReport): string {
  const count = (n: number): string => n.toLocaleString('en-US');
  const losses = [
    [report.gaps === 1 ? 'gap' : 'gaps', report.gaps],
    [report.restarts === 1 ? 'restart' : 'restarts', report.restarts],
    [report.duplicates === 1 ? 'duplicate' : 'duplicates', report.duplicates],
    ['unreadable', report.unparseable],
    ['bytes cut off', report.truncatedBytes],
  ] as const;
  const lost = losses.filter(([, n]) => n > 0).map(([what, n]) => `${count(n)} ${what}`);
  return [
    `${report.alreadyImported ? 'Already imported' : 'Imported'}: ${title}`,
    `session ${report.session}  ${report.container} · ${report.protocol}`,
    `${count(report.messages)} messages, ${count(report.levelUpdates)} level updates, ${count(report.trades)} trades, ${lost.join(', ') || 'no losses'}`,
    `state hash ${report.stateHash}`,
    `${report.seconds.toFixed(2)} s`,
    '',
  ].join('\n');
}
