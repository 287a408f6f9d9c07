/** Laws of the capture decoder: chunk borders do not matter, and no bytes make it throw anything but a FormatError. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIexCaptureDecoder } from '../../../core/formats/iex/index.ts';
import { FormatError } from '../../../core/model/index.ts';
import { collect, type Collected } from '../../fixtures/decoding.ts';
import { bytes, message, pcap, pcapng, START_NS, stream } from '../../fixtures/iex-capture.ts';
import { decodeCapture } from '../../fixtures/iex-decoding.ts';

const level = (i: number) =>
  message.level(i % 2 === 0 ? '8' : '5', i % 3 === 0 ? 0 : 1, START_NS + BigInt(i), { symbol: `S${i % 4}`, price: 1000 + i, size: i });
const groups = Array.from({ length: 12 }, (_, g) => Array.from({ length: g % 4 }, (_unused, i) => level(g * 4 + i)));
const files = [
  pcap(stream(groups, { vlans: 1 })),
  pcap(stream(groups), { littleEndian: false, nanoseconds: true }),
  pcapng(stream(groups), { unknownBlockBytes: 3000 }),
  bytes(pcapng(stream(groups.slice(0, 6))), pcapng(stream(groups.slice(6), { first: 10 }), { littleEndian: false })).subarray(0, -7),
];

const essence = ({ batches, report, instruments, letters }: Collected) => ({
  batches: batches.map((batch) => new Uint8Array(batch.buffer)),
  report,
  instruments,
  letters,
});

describe('IEX capture decoder', () => {
  it('gives identical batches for any split into chunks', () => {
    const whole = files.map((file) => essence(decodeCapture([file], undefined, 7)));
    fc.assert(
      fc.property(fc.nat(files.length - 1), fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40 }), (which, sizes) => {
        const file = files[which] as Uint8Array;
        const collected = collect(7);
        const decoder = createIexCaptureDecoder(collected.context);
        // One buffer for all chunks, overwritten after each push: the decoder may keep no view of it.
        const buffer = new Uint8Array(400);
        for (let at = 0, turn = 0; at < file.length; turn++) {
          const size = Math.min(sizes[turn % sizes.length] as number, file.length - at);
          buffer.set(file.subarray(at, at + size));
          decoder.push(buffer.subarray(0, size));
          buffer.fill(0xee);
          at += size;
        }
        decoder.end();
        collected.context.writer.flush();
        expect(essence(collected)).toEqual(whole[which]);
      }),
      { numRuns: 60 },
    );
  });

  it('never throws anything but a FormatError, whatever bytes it gets', () => {
    const magics = files.map((file) => file.subarray(0, 24));
    fc.assert(
      fc.property(fc.nat(magics.length - 1), fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 1, max: 700 }), (which, junk, chunk) => {
        expectNoCrash(bytes(magics[which] as Uint8Array, junk), chunk);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws anything but a FormatError for a capture with some bytes changed', () => {
    fc.assert(
      fc.property(
        fc.nat(files.length - 1),
        fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        (which, changes) => {
          const file = (files[which] as Uint8Array).slice();
          for (const [at, value] of changes) file[at % file.length] = value;
          expectNoCrash(file, 333);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function expectNoCrash(file: Uint8Array, chunkBytes: number): void {
  try {
    const { report } = decodeCapture([file], chunkBytes);
    expect(report.truncatedBytes).toBeLessThanOrEqual(file.length);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(FormatError);
  }
}
