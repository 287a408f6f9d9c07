/**
 * Laws of the bulk lane: with it and without it a capture gives identical batches, reports, instruments and dead letters. A
 * batch of one row leaves the lane no room at all, so the general path alone decodes what the lane is compared with.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../core/model/index.ts';
import { bytes, message, pcap, START_NS, stream } from '../../fixtures/iex-capture.ts';
import { decodeCapture, rowsOf } from '../../fixtures/iex-decoding.ts';
import { realDataPath } from '../../fixtures/real-data.ts';

function made(turn: number): Uint8Array {
  const timeNs = START_NS + BigInt(turn) * 1000n - (turn % 11 === 0 ? 9000n : 0n);
  const symbol = `S${turn % 5}`;
  const of = { symbol, price: 10_000 + turn, size: turn };
  switch (turn % 9) {
    case 0:
      return message.trade([0, 0x40, 0x08][turn % 3] as number, timeNs, { ...of, id: turn });
    case 1:
      return message.status(turn % 4 === 0 ? '?' : 'H', timeNs, symbol, 'T1  ');
    case 2:
      return message.shortSale(turn % 2, timeNs, symbol);
    case 3:
      return message.short('E', 'O', timeNs, symbol);
    case 4:
      return message.official('Q', timeNs, symbol, 5000);
    case 5:
      return message.level('8', 1, timeNs, { ...of, price: turn % 2 === 0 ? -1n : 10n ** 13n });
    default:
      return message.level(turn % 2 === 0 ? '8' : '5', turn % 3 === 0 ? 0 : 1, timeNs, of);
  }
}

const groups = Array.from({ length: 60 }, (_, group) => Array.from({ length: group % 7 }, (_unused, i) => made(group * 7 + i)));
const whole = pcap(stream(groups));
const nanoseconds = pcap(stream(groups), { nanoseconds: true });
const real = realDataPath('iex/DEEP10_20231002_first5000packets.pcap.gz');

/** What a decoding tells but how its rows are cut into batches; the code of a FormatError when it ends in one. */
function essence(file: Uint8Array, chunkBytes: number, capacity: number) {
  try {
    const collected = decodeCapture([file], chunkBytes, capacity);
    const { report, instruments, letters } = collected;
    return { rows: rowsOf(collected), report, instruments, letters };
  } catch (thrown) {
    if (thrown instanceof FormatError) return thrown.code;
    throw thrown;
  }
}

/**
 * A row that closes an open event where no message of its instrument follows in the same packet (end, new time base) carries
 * the number at which the last run of messages began, which depends on the batches: not compared. So does the row of a
 * segment that is refused whole.
 */
function comparable(file: Uint8Array, chunkBytes: number, capacity: number): unknown {
  const found = essence(file, chunkBytes, capacity);
  if (typeof found === 'string') return found;
  const rows = found.rows.map((row, i) => {
    const next = found.rows[i + 1];
    const loose = row.kind === 'boundary' && (next?.symbol !== row.symbol || next.receiveNs !== row.receiveNs);
    return loose || row.kind === 'unparseable' ? { ...row, sequence: 0 } : row;
  });
  const letters = found.letters.map((letter) => ({ ...letter, where: letter.where.replace(/, message \d+/, '') }));
  return { ...found, rows, letters };
}

const change = fc.record({ at: fc.nat(0xffff_ffff), value: fc.nat(255), bytes: fc.integer({ min: 1, max: 3 }) });

function expectSame(file: Uint8Array, chunkBytes: number, capacity: number): void {
  expect(comparable(file, chunkBytes, capacity)).toEqual(comparable(file, Number.POSITIVE_INFINITY, 1));
}

function changed(file: Uint8Array, changes: readonly { at: number; value: number; bytes: number }[]): Uint8Array {
  const copy = file.slice();
  for (const one of changes) copy.fill(one.value, one.at % copy.length, (one.at % copy.length) + one.bytes);
  return copy;
}

describe('IEX bulk lane', () => {
  it('changes nothing, whatever the chunks and the batches', () => {
    fc.assert(
      fc.property(fc.constantFrom(whole, nanoseconds), fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 2, max: 300 }), expectSame),
      { numRuns: 60 },
    );
  });

  it('changes nothing for captures with bytes changed, packets repeated or left out', () => {
    const pieces = fc.array(fc.tuple(fc.nat(59), fc.nat(59)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), pieces, fc.integer({ min: 2, max: 300 }), (changes, moves, capacity) => {
        const packets = stream(groups);
        for (const [from, to] of moves) packets.splice(to, from % 2, packets[from % packets.length] ?? { data: new Uint8Array(0) });
        expectSame(changed(pcap(packets), changes), 4096, capacity);
      }),
      { numRuns: 150 },
    );
  });

  it.runIf(real)('changes nothing for a real recording, whole and with bytes changed', () => {
    const file = gunzipSync(readFileSync(real ?? ''));
    expectSame(file, 65_536, 8192);
    fc.assert(
      fc.property(fc.nat(file.length - 120_000), fc.array(change, { maxLength: 20 }), (start, changes) => {
        const part = bytes(file.subarray(0, Math.min(file.length, 60_000 + (start % 60_000))));
        expectSame(changed(part, changes), 30_000, 1000);
      }),
      { numRuns: 25 },
    );
  });
});
