/** Recordings that were damaged after they were sealed: every changed byte is found and named, and an import mends it. */
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImportReport, Manifest } from '../../../core/model/index.ts';
import { DEEP, message, pcap, START_NS, stream } from '../../fixtures/iex-capture.ts';
import { CommandLine } from './command-line.ts';

const AT = '2030-01-01T00:00:00Z';
const cli = new CommandLine();
let source = '';
let session = '';
let folder = '';
let manifest: Manifest;

beforeAll(async () => {
  const levels = Array.from({ length: 300 }, (_, i) => [
    message.level('8', 1, START_NS + BigInt(i), { symbol: 'AAA', price: 10_000n + BigInt(i), size: 100 }),
  ]);
  source = cli.file('levels.pcap', pcap(stream(levels, { protocol: DEEP })));
  session = (await cli.import(source)).session;
  folder = join(cli.dataDir, 'sessions', session);
  manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  cpSync(folder, join(cli.folder, 'whole'), { recursive: true });
});
afterAll(() => cli.remove());

const parquet = (name: string): string => (name === 'instrument' ? 'instrument.parquet' : `${name}/chunk=00000/${name}.parquet`);

/** Puts the recording back as it was sealed. */
function restore(): void {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(cli.folder, 'whole'), folder, { recursive: true });
}

/** Changes one byte in the middle of a file. */
function flip(path: string): void {
  const bytes = readFileSync(join(folder, path));
  bytes[bytes.length >> 1] ^= 0xff;
  writeFileSync(join(folder, path), bytes);
}

function edit(change: (text: string) => string): void {
  const path = join(folder, 'manifest.json');
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

it('lists every file of the recording in its manifest', () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files).toHaveLength(manifest.files.length + 2);
  expect(manifest.files.map(({ path }) => path)).toEqual([parquet('depth'), 'instrument.parquet']);
});

const changes: readonly (readonly [what: string, damage: () => void, words: RegExp])[] = [
  ['a byte of the instruments', () => flip('instrument.parquet'), /instrument\.parquet has changed/],
  ['a byte of the rows', () => flip(parquet('depth')), /depth\.parquet has changed/],
  ['a symbol', () => edit((text) => text.replaceAll('"AAA"', '"BBB"')), /manifest\.json .*has changed/],
  ['a count', () => edit((text) => text.replace(/"gaps": \d+/, '"gaps": 77')), /manifest\.json .*has changed/],
  ['a file too many', () => copyFileSync(source, join(folder, 'depth/more.parquet')), /depth\/more\.parquet does not belong/],
];

it.each(changes)('verify notices %s', async (_what, damage, words) => {
  restore();
  damage();
  await cli.refused(['verify', session], words);
});

it('an import of the same source replaces what verify found, and the session holds again', async () => {
  restore();
  expect(await cli.import(source)).toMatchObject({ alreadyImported: false });
  expect(await cli.import(source)).toMatchObject({ alreadyImported: true });
  flip(parquet('depth'));
  await cli.refused(['verify', session], /import its source again/);
  expect(await cli.import(source)).toMatchObject({ session, alreadyImported: false });
  expect((await cli.run('verify', session)).code).toBe(0);
});

it.each([
  ['a manifest cut short', () => truncateSync(join(folder, 'manifest.json'), 200)],
  ['a manifest of something else', () => writeFileSync(join(folder, 'manifest.json'), '[]')],
  ['a manifest without its lists', () => writeFileSync(join(folder, 'manifest.json'), '{"formatVersion":1}')],
  ['rows gone', () => rmSync(join(folder, 'depth'), { recursive: true })],
  ['rows cut', () => truncateSync(join(folder, parquet('depth')), 300)],
])('%s: every command says so in words, and an import replaces it', async (_what, damage) => {
  await cli.import(source);
  damage();
  const words = new RegExp(`${session}.* is damaged: .*(manifest\\.json|depth\\.parquet).*Import its source again`);
  const out = join(cli.folder, 'out.csv');
  await cli.eachRefused(
    [['book', session, '--symbol', 'AAA', '--at', AT], words],
    [['export', session, '--stream', 'depth', '--format', 'csv', '--out', out], words],
    [['replay', session, '--speed', 'max'], words],
    [['verify', session], /manifest\.json|depth\.parquet is missing|depth\.parquet has/],
  );
  expect(existsSync(out)).toBe(false);
  expect(await cli.import(source)).toMatchObject({ session, alreadyImported: false });
  expect((await cli.run('verify', session)).code).toBe(0);
});

it('names the file when the rows cannot be decoded although its size is right', async () => {
  const path = join(folder, parquet('depth'));
  writeFileSync(path, new Uint8Array(readFileSync(path).length));
  const words = /is damaged: depth\/chunk=00000\/depth\.parquet has changed/;
  await cli.eachRefused(
    [['book', session, '--symbol', 'AAA', '--at', AT], words],
    [['export', session, '--stream', 'depth', '--format', 'csv', '--out', join(cli.folder, 'out.csv')], words],
  );
});

it('deletes a session, damaged or not, and says what it deleted', async () => {
  const { code, out } = await cli.run('delete', session.slice(0, 8), '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ session, title: 'levels.pcap' });
  expect(existsSync(folder)).toBe(false);
  expect((await cli.run('sessions', '--json')).out).toBe('[]\n');
  expect((await cli.run('delete', '--help')).out).toMatch(/^Usage: depthscope delete SESSION/);
  await cli.refused(['delete', session], /no session/);
});

it('imported by two processes at the same time: one makes the session, the other finds it there', async () => {
  const reports: ImportReport[] = await Promise.all([cli.import(source), cli.import(source)]);
  expect(reports.map(({ alreadyImported }) => alreadyImported).sort()).toEqual([false, true]);
  expect(readdirSync(join(cli.dataDir, 'sessions'))).toEqual([session]);
  expect((await cli.run('verify', session)).code).toBe(0);
});
