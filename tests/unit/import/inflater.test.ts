/** The decompressor that hands over what it has before memory runs out, whatever the ratio of the data. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Inflated, Inflater } from '../../../native-workers/import/inflater.ts';

const MEGABYTE = 1024 * 1024;
const PLAIN_BYTES = 70 * MEGABYTE;
const plain = new Uint8Array(PLAIN_BYTES);
plain[PLAIN_BYTES - 1] = 7;

const bytesOf = ({ chunks }: Inflated): number => chunks.reduce((total, chunk) => total + chunk.length, 0);

describe.each([
  ['gzip', gzipSync(plain, { level: 1 })],
  ['zstd', zstdCompressSync(plain)],
] as const)('%s that becomes far larger', (kind, packed) => {
  it('comes in parts of bounded size, and whole', async () => {
    const inflater = new Inflater(kind);
    const parts = [await inflater.write(packed)];
    while (parts.at(-1)?.more === true) parts.push(await inflater.more());
    parts.push(await inflater.end());
    while (parts.at(-1)?.more === true) parts.push(await inflater.more());
    inflater.close();
    expect(parts.map((part) => part.failure)).toEqual(parts.map(() => null));
    expect(parts.reduce((total, part) => total + bytesOf(part), 0)).toBe(PLAIN_BYTES);
    expect(
      parts
        .flatMap((part) => part.chunks)
        .at(-1)
        ?.at(-1),
    ).toBe(7);
    expect(Math.max(...parts.map(bytesOf))).toBeLessThanOrEqual(32 * MEGABYTE);
    expect(parts.filter((part) => part.more).length).toBeGreaterThanOrEqual(2);
  });
});

it('goes on with the next piece after an interrupted one', async () => {
  const packed = gzipSync(plain, { level: 1 });
  const inflater = new Inflater('gzip');
  let bytes = 0;
  for (const piece of [packed.subarray(0, packed.length - 20_000), packed.subarray(packed.length - 20_000)]) {
    for (let part = await inflater.write(piece); ; part = await inflater.more()) {
      bytes += bytesOf(part);
      if (!part.more) break;
    }
  }
  bytes += bytesOf(await inflater.end());
  inflater.close();
  expect(bytes).toBe(PLAIN_BYTES);
});
