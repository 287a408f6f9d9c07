/** Commands that name what is not there, and exports onto what must not be replaced. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CommandLine } from './command-line.ts';
import { tradeLines } from './journals.ts';

const cli = new CommandLine();
let session = '';
beforeAll(async () => {
  const odd = tradeLines(20, 20).replace('BTCUSDT', 'A,\\"B');
  session = (await cli.import(cli.file('trades', `${tradeLines(1, 5)}${odd}`), '--venue', 'binance')).session;
});
afterAll(() => cli.remove());

const exportTo = (path: string, ...more: readonly string[]): string[] => [
  ...['export', session, '--stream', 'trade', '--format', 'csv', '--out', path],
  ...more,
];

it('answers arguments that fit nothing with one sentence', async () => {
  await cli.eachRefused(
    [['frobnicate'], /no command/],
    [['import', 'x', '--frob'], /Unknown option/],
    [['verify', 'zzz'], /no session "zzz"/],
    [['verify', ''], /no session ""/],
    [['book', session, '--symbol', 'NOPE', '--at', '1'], /no symbol "NOPE"/],
    [['book', session, '--symbol', 'BTCUSDT', '--at', 'noon'], /not a time/],
  );
});

it('exports only to a file in a folder that is there, and never onto a recording', async () => {
  const recording = join(cli.dataDir, 'sessions', session, 'manifest.json');
  const before = readFileSync(recording);
  mkdirSync(join(cli.folder, 'folder'));
  await cli.eachRefused(
    [exportTo(recording, '--overwrite'), /belongs to the recordings/],
    [exportTo(join(cli.dataDir, 'catalogue.sqlite'), '--overwrite'), /belongs to the recordings/],
    [exportTo(join(cli.folder, 'folder'), '--overwrite'), /is a folder/],
    [exportTo(join(cli.folder, 'absent', 'x.csv')), /There is no folder/],
    [exportTo(cli.file('there.csv', 'mine')), /exists already/],
  );
  expect(readFileSync(recording)).toEqual(before);
  expect(readFileSync(join(cli.folder, 'there.csv'), 'utf8')).toBe('mine');
  expect(readdirSync(join(cli.folder, 'folder'))).toEqual([]);
});

it.runIf(process.platform !== 'win32')('does not replace a device or a pipe by an export', async () => {
  const pipe = join(cli.folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await cli.refused(exportTo(pipe, '--overwrite'), /a device or the like/);
});

it('quotes symbols with commas and quotes in CSV, in a file with an odd name', async () => {
  const path = join(cli.folder, "it's an\n“odd” name.csv");
  expect((await cli.run(...exportTo(path))).code).toBe(0);
  expect(readFileSync(path, 'utf8')).toContain(',"A,""B",');
});
