/** What follows the end of a gzip: zeros are filling, anything else is damage, and neither is waited for. */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { Inflater } from '../../../native-workers/import/inflater.ts';

const TEXT = 'one line\n'.repeat(1000);

async function inflate(...pieces: readonly Uint8Array[]): Promise<{ text: string; failure: string | null }> {
  const inflater = new Inflater('gzip');
  let text = '';
  let failure: string | null = null;
  const steps = [...pieces.map((piece) => () => inflater.write(piece)), () => inflater.end()];
  for (const step of steps) {
    let done = await step();
    for (;;) {
      text += Buffer.concat(done.chunks).toString();
      failure ??= done.failure;
      if (!done.more) break;
      done = await inflater.more();
    }
  }
  inflater.close();
  return { text, failure };
}

it('ends after zeros in the same piece and in later ones', async () => {
  const zeros = new Uint8Array(1000);
  expect(await inflate(Buffer.concat([gzipSync(TEXT), zeros]))).toEqual({ text: TEXT, failure: null });
  expect(await inflate(Buffer.concat([gzipSync(TEXT), zeros]), zeros, zeros)).toEqual({ text: TEXT, failure: null });
});

it('keeps the content and names what follows zeros', async () => {
  const after = Buffer.concat([gzipSync(TEXT), new Uint8Array(512), gzipSync(TEXT)]);
  expect(await inflate(after)).toEqual({ text: TEXT, failure: 'something else follows its end' });
  expect(await inflate(Buffer.concat([gzipSync(TEXT), new Uint8Array(9)]), Uint8Array.of(0, 7))).toEqual({
    text: TEXT,
    failure: 'something else follows its end',
  });
});
