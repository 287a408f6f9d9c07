/** The import worker in a thread of its own, on real files: compression, bad files, several files, back-pressure, cancel. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { DepthscopeError } from '../../../core/contract/index.ts';
import { kindName } from '../../../core/model/index.ts';
import { BATCH_CREDITS, type ImportSource } from '../../../native-workers/protocol/index.ts';
import { bytes, frame, message, pcap, pcapng, START_NS, stream } from '../../fixtures/iex-capture.ts';
import {
  contentIdInWorker,
  importInWorker,
  stopImportWorker,
  type WorkerImport,
  type WorkerImportOptions,
} from '../../fixtures/import-worker.ts';

const folder = mkdtempSync(join(tmpdir(), 'depthscope-import-'));
afterAll(async () => {
  await stopImportWorker();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
function file(content: Uint8Array, name = 'capture.bin'): string {
  const path = join(folder, `${files++}-${name}`);
  writeFileSync(path, content);
  return path;
}
const importFiles = (paths: readonly string[], options?: WorkerImportOptions, venue: (ImportSource & { kind: 'files' })['venue'] = null) =>
  importInWorker({ kind: 'files', paths, venue }, options);
const kinds = ({ batches }: WorkerImport): string[] => batches.flatMap((batch) => Array.from(batch.kind.subarray(0, batch.rows), kindName));
const levels = (result: WorkerImport): number => kinds(result).filter((kind) => kind === 'level').length;
const errorCode = ({ error }: WorkerImport): string =>
  error instanceof DepthscopeError ? error.wire.code : `not a DepthscopeError: ${String(error)}`;

const groups = (count: number) =>
  Array.from({ length: count }, (_, i) => [
    message.level('8', 1, START_NS + BigInt(i), { symbol: `S${i % 5}`, price: 10_000 + ((i * 7919) % 5000), size: i + 1 }),
  ]);
const capture = pcap(stream(groups(300)));

describe('compression, chosen by magic', () => {
  const half = Math.floor(capture.length / 2);
  const skippable = bytes([0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]);
  it.each([
    ['plain', capture],
    ['gzip', gzipSync(capture)],
    ['gzip of two members', bytes(gzipSync(capture.subarray(0, half)), gzipSync(capture.subarray(half)))],
    ['zstd', zstdCompressSync(capture)],
    [
      'zstd of several frames, some skippable',
      bytes(skippable, zstdCompressSync(capture.subarray(0, half)), skippable, zstdCompressSync(capture.subarray(half)), skippable),
    ],
    ['gzip in zstd', zstdCompressSync(gzipSync(capture))],
    ['pcapng in gzip', gzipSync(pcapng(stream(groups(300))))],
  ])('reads %s', async (_, content) => {
    const result = await importFiles([file(content, 'some.txt')]);
    expect(result.error).toBeNull();
    expect([levels(result), result.ended, result.instruments.length]).toEqual([300, true, 5]);
    expect(result.outcome).toMatchObject({ venue: 'iex', synthetic: false, source: { messages: 300, truncatedBytes: 0, unparseable: 0 } });
    expect(result.outcome?.files[0]).toMatchObject({ bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
  });

  it.each([
    ['a gzip that is cut', gzipSync(capture).subarray(0, -400), /ends too early/],
    ['a zstd that is cut', bytes(zstdCompressSync(capture), zstdCompressSync(capture).subarray(0, -40)), /ends too early/],
    ['a zstd with junk behind it', bytes(zstdCompressSync(capture), new Uint8Array(50).fill(7)), /no frame begins/],
  ])('keeps what it can of %s and says so', async (_, content, reason) => {
    const result = await importFiles([file(content)]);
    expect(result.error).toBeNull();
    expect(result.ended).toBe(true);
    expect(kinds(result)).toContain('unparseable');
    expect(result.letters.at(-1)?.reason).toMatch(reason);
  });

  it('keeps everything before the damage of a gzip', async () => {
    const random = Uint8Array.from({ length: 40_000 }, (_, i) => (i * i * 31 + (i >>> 3) * 17) & 0xff);
    const noisy = Array.from({ length: 40 }, (_, i) => ({ data: frame(random.subarray(i * 900, i * 900 + 900)) }));
    const whole = pcap([...stream(groups(300)), ...noisy]);
    const packed = gzipSync(whole, { level: 1 });
    packed.fill(0xff, packed.length - 3000, packed.length - 2500);
    const result = await importFiles([file(packed)]);
    expect(result.error).toBeNull();
    expect(levels(result)).toBe(300);
    expect(result.outcome?.source.truncatedBytes).toBeGreaterThan(0);
    expect(result.letters.at(-1)?.reason).toMatch(/gzip data is damaged/);
  });
});

describe('files that cannot be imported', () => {
  it('is one clear error each, and no port is left hanging', async () => {
    const unreadable = file(capture);
    chmodSync(unreadable, 0);
    const cases: readonly (readonly [string, string])[] = [
      [join(folder, 'none.pcap'), 'import.file-missing'],
      [folder, 'import.file-is-directory'],
      [file(new Uint8Array(0)), 'format.empty-file'],
      [file(new TextEncoder().encode('hello\nworld\n')), 'format.not-a-capture'],
      [file(gzipSync(Uint8Array.of(1, 2, 3))), 'format.not-a-capture'],
      [file(zstdCompressSync(capture).subarray(0, -40)), 'format.damaged'],
      [file(new TextEncoder().encode('1723161256000000000 {"stream":"x","data":{}}\n')), 'format.venue-needed'],
      [file(pcap(stream(groups(3)), { linkType: 113 })), 'format.wrong-link-type'],
      [file(pcap([{ data: frame(new Uint8Array(99)) }])), 'format.no-iex-data'],
    ];
    for (const [path, code] of cases) {
      const result = await importFiles([path]);
      expect(errorCode(result)).toBe(code);
      expect([result.ended, result.closed]).toEqual([false, true]);
    }
    // Root may read everything: only then is there nothing to see.
    if (process.getuid?.() !== 0) expect(errorCode(await importFiles([unreadable]))).toBe('import.file-unreadable');
  });

  it('refuses a mixture of formats before anything is decoded', async () => {
    const journal = file(new TextEncoder().encode('1723161256000000000 {"stream":"x","data":{}}\n'));
    const result = await importFiles([file(capture), journal], {}, 'binance');
    expect(errorCode(result)).toBe('format.mixed-files');
    expect(result.batches).toEqual([]);
  });
});

describe('runs', () => {
  it('takes several captures for one stream, in the order given', async () => {
    const packets = stream(groups(200));
    const later = packets.slice(120).map(({ data }, i) => ({ data, timeNs: START_NS + 1_000_000_000n + BigInt(i) }));
    const paths = [file(pcap(packets.slice(0, 120)), 'one'), file(gzipSync(pcap(later)), 'two')];
    const result = await importFiles(paths);
    expect(levels(result)).toBe(200);
    expect(result.outcome).toMatchObject({ source: { gaps: 0, duplicates: 0, messages: 200 } });
    expect(result.outcome?.title).toMatch(/one and 1 more$/);
    expect(result.progress.at(-1)).toMatchObject({ messages: 200 });
    expect(result.progress.at(-1)?.bytesDone).toBe(result.progress.at(-1)?.bytesTotal);
  });

  it('gives the same content the same id whatever its name, and other content another', async () => {
    const [a, b] = [await importFiles([file(capture, 'a')]), await importFiles([file(capture, 'b')])];
    expect(a.outcome?.contentId).toBe(b.outcome?.contentId);
    const other = await importFiles([file(gzipSync(capture))]);
    expect(other.outcome?.contentId).not.toBe(a.outcome?.contentId);
  });

  it('leaves the chosen venue out of the id of a capture, which names its own, and keeps it in that of a recording', async () => {
    const idsOf = async (path: string, venue: 'binance' | 'binance-usdm' | null): Promise<(string | undefined)[]> => [
      (await importFiles([path], {}, venue)).outcome?.contentId,
      await contentIdInWorker({ kind: 'files', paths: [path], venue }),
    ];
    for (const content of [capture, gzipSync(capture)]) {
      const path = file(content);
      const [id] = await idsOf(path, null);
      expect(id).toMatch(/^[0-9a-f]{64}$/);
      expect(await idsOf(path, null)).toEqual([id, id]);
      expect(await idsOf(path, 'binance')).toEqual([id, id]);
    }
    const journal = file(new TextEncoder().encode('1723161256000000000 {"stream":"btcusdt@trade","data":{}}\n'));
    const [spot, spotAgain] = await idsOf(journal, 'binance');
    const [futures, futuresAgain] = await idsOf(journal, 'binance-usdm');
    expect([spotAgain, futuresAgain]).toEqual([spot, futures]);
    expect(futures).not.toBe(spot);
  });

  it('waits when the consumer gives no credits, and goes on when it does', async () => {
    const big = file(
      pcap(
        stream(
          Array.from({ length: 9000 }, (_, g) =>
            Array.from({ length: 50 }, (_unused, i) =>
              message.level('5', 1, START_NS + BigInt(g * 50 + i), { symbol: 'SPY', price: 5 + i, size: 1 }),
            ),
          ),
        ),
      ),
    );
    const result = await importFiles([big], { holdCredits: BATCH_CREDITS });
    expect(levels(result)).toBe(450_000);
    expect(result.mostInFlight).toBeGreaterThanOrEqual(BATCH_CREDITS);
    // The last step of 1 MB may add a batch or two beyond the credits.
    expect(result.mostInFlight).toBeLessThanOrEqual(BATCH_CREDITS + 2);

    const cancelled = await importFiles([big], {
      onBatch: (count, worker) => count === 1 && void worker.call('cancel', {}),
      holdCredits: 1000,
    });
    expect(errorCode(cancelled)).toBe('import.cancelled');
    expect([cancelled.ended, cancelled.closed]).toEqual([false, true]);
  });

  it('runs the synthetic market', async () => {
    const result = await importInWorker({ kind: 'synthetic', seed: 3, seconds: 2, startNs: START_NS.toString() });
    expect(result.error).toBeNull();
    expect(result.outcome).toMatchObject({ venue: 'synthetic', synthetic: true, files: [] });
    expect(levels(result)).toBeGreaterThan(1000);
  });

  it('reads a venue recording that ends inside a line', async () => {
    const lines =
      '1723161256000000000 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256001,"s":"BTCUSDT","t":1,"p":"1.50","q":"2.0","T":1723161256000,"m":true}}\n1723161256000000001 {"stream":"btc';
    const result = await importFiles([file(zstdCompressSync(new TextEncoder().encode(lines)))], {}, 'binance');
    expect(result.error).toBeNull();
    expect(kinds(result)).toEqual(['trade', 'truncated']);
    expect(result.outcome).toMatchObject({ venue: 'binance', source: { container: 'journal', messages: 1 } });
  });
});
