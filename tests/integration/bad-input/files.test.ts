/** Sources that cannot be read, or only in part: one sentence, or all that was readable with what was lost counted. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { DEEP, message, pcap, START_NS, stream } from '../../fixtures/iex-capture.ts';
import { CommandLine } from './command-line.ts';
import { RECEIVE_NS, tradeLine, tradeLines } from './journals.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

const levels = stream(
  Array.from({ length: 20 }, (_, i) => [
    message.level('8', 1, START_NS + BigInt(i), { symbol: 'AAA', price: 10_000n + BigInt(i), size: 100 }),
  ]),
  { protocol: DEEP },
);
const capture = pcap(levels);

it('refuses what is no source in one sentence and lists nothing', async () => {
  mkdirSync(join(cli.folder, 'folder'));
  await cli.eachRefused(
    [['import', join(cli.folder, 'absent')], /cannot be read/],
    [['import', join(cli.folder, 'absent\nline')], /absent\\nline" cannot be read/],
    [['import', join(cli.folder, 'folder')], /is a folder/],
    [['import', cli.file('empty', '')], /is empty/],
    [['import', cli.file('words', 'some words\n')], /neither an IEX capture/],
    [['import', cli.file('tokenring.pcap', pcap(levels, { linkType: 6 }))], /link type 6/],
    [['import', cli.file('stub.gz', gzipSync(tradeLines(1, 9)).subarray(0, 12)), '--venue', 'binance'], /ends too early/],
    [['import', cli.file('a.pcap', capture), cli.file('b', tradeLines(1, 2)), '--venue', 'binance'], /different formats/],
  );
  expect((await cli.run('sessions', '--json')).out).toBe('[]\n');
  expect(readdirSync(join(cli.dataDir, 'sessions'))).toEqual([]);
});

it.runIf(process.platform !== 'win32')('refuses a pipe that nobody writes to and a device without end, at once', async () => {
  const pipe = join(cli.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await cli.eachRefused([['import', pipe], /is a pipe or a device/], [['import', '/dev/zero'], /is a pipe or a device/]);
});

it('keeps everything before a cut and counts what was cut', async () => {
  const cut = await cli.import(cli.file('cut.pcap', capture.subarray(0, capture.length - 30)));
  expect(cut).toMatchObject({ messages: 19, levelUpdates: 19, unparseable: 0 });
  expect(cut.truncatedBytes).toBeGreaterThan(0);

  const line = await cli.import(cli.file('cut', `${tradeLines(1, 9)}${tradeLine(10).slice(0, 60)}`), '--venue', 'binance');
  expect(line).toMatchObject({ trades: 9, truncatedBytes: 60 });

  const zipped = gzipSync(tradeLines(1, 400));
  const gzip = await cli.import(cli.file('cut.gz', zipped.subarray(0, zipped.length - 8)), '--venue', 'binance');
  expect(gzip).toMatchObject({ trades: 400, unparseable: 1 });
});

it('takes a line from 1970 as a counted step back in time, and verify holds', async () => {
  const path = cli.file('step', `${tradeLines(1, 3)}${tradeLine(4, 5n)}${tradeLines(5, 6)}`);
  const report = await cli.import(path, '--venue', 'binance');
  expect(report).toMatchObject({ trades: 6, timeSteps: 1, firstReceiveNs: String(RECEIVE_NS + 1_000_000n) });
  expect((await cli.run('verify', report.session)).code).toBe(0);
});

it('keeps times to the nanosecond over recordings a year apart, and verify holds', async () => {
  const later = RECEIVE_NS + 31_536_000_000_000_077n;
  const paths = [cli.file('year-0', tradeLines(1, 2)), cli.file('year-1', tradeLine(3, later))];
  const report = await cli.import(...paths, '--venue', 'binance');
  expect(report).toMatchObject({ firstReceiveNs: String(RECEIVE_NS + 1_000_000n), lastReceiveNs: String(later) });
  expect((await cli.run('verify', report.session)).code).toBe(0);
});

it('counts unreadable lines among good ones', async () => {
  const bad = [
    `${RECEIVE_NS} {"e":"trade","p":NaN}`,
    `${RECEIVE_NS} ${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    'no time at all',
    `99999999999999999999 {"e":"trade"}`,
    tradeLine(50).trim().replace('"100.5"', '"1e5"'),
    tradeLine(51).trim().replace('"100.5"', '"-1"'),
    tradeLine(52)
      .trim()
      .replace('"100.5"', `"${'9'.repeat(40)}"`),
    tradeLine(53).trim().replace('"t":53', '"t":9223372036854775808'),
  ];
  const path = cli.file('bad', `${tradeLines(1, 3)}${bad.join('\r\n')}\n${tradeLines(60, 62)}`);
  expect(await cli.import(path, '--venue', 'binance')).toMatchObject({ trades: 6, unparseable: bad.length });
});
