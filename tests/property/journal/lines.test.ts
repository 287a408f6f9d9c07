/** Journals of any bytes: the same lines wherever the chunks are cut, nothing thrown, nothing lost, times exact. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JournalLine, JournalLines, JournalMerger } from '../../../core/formats/journal/index.ts';

const textOf = (line: JournalLine): string => Buffer.from(line.bytes.subarray(line.start, line.end)).toString('latin1');
const nsOf = (line: JournalLine): bigint => (BigInt(line.timeHi) << 32n) | BigInt(line.timeLo);

function split(bytes: Uint8Array, chunks: readonly number[]): string[] {
  const lines = new JournalLines(64);
  const out: string[] = [];
  const drain = (): void => {
    for (let line = lines.next(); line !== null; line = lines.next()) {
      out.push(`${line.number} ${line.kind} ${nsOf(line)} ${line.url} ${line.length} ${textOf(line)}`);
    }
  };
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = chunks.length === 0 ? bytes.length : chunks[i % chunks.length];
    lines.push(bytes.subarray(at, at + size));
    at += size;
    drain();
  }
  lines.end();
  drain();
  return out;
}

const piece = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r\n',
    ' ',
    '{}',
    '{"a":1}',
    'wss://a',
    'https://a?symbol=X -> ',
    '17.5: ',
    '1723161253937085768 ',
    '"',
    '[',
    '\\',
  ),
  fc.string({ maxLength: 30 }),
);

describe('JournalLines', () => {
  it('gives the same lines wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
        (parts, chunks) => {
          const bytes = Buffer.from(parts.join(''), 'utf8');
          expect(split(bytes, chunks)).toEqual(split(bytes, []));
        },
      ),
      { numRuns: 2_000, seed: 31 },
    );
  });

  it('reads every time that 64 bits hold, to the nanosecond, in both forms', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_223_372_035_999_999_999n }), (ns) => {
        const seconds = `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;
        for (const head of [`${ns} `, `${seconds}: `, `https://a/b -> ${seconds}: `]) {
          const lines = new JournalLines();
          lines.push(Buffer.from(`${head}{}\n`));
          const line = lines.next();
          expect(line?.kind).toBe('message');
          if (line !== null) expect(nsOf(line)).toBe(ns);
        }
      }),
      { numRuns: 500, seed: 32 },
    );
  });
});

describe('JournalMerger', () => {
  it('keeps every line, the order within a file, and time order when the files are in order', () => {
    const file = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 4 }), fc.boolean(), (files, sorted) => {
        const times = sorted ? files.map((one) => [...one].sort((a, b) => a - b)) : files;
        const merger = new JournalMerger(times.length);
        const fed = times.map(() => false);
        const seen: { input: number; ns: number }[] = [];
        for (let step = merger.next(); step.kind !== 'done'; step = merger.next()) {
          if (step.kind === 'line') seen.push({ input: step.input, ns: Number(nsOf(step.line)) });
          else if (fed[step.input]) merger.end(step.input);
          else {
            merger.push(step.input, Buffer.from(times[step.input].map((time) => `${time} {}\n`).join('')));
            fed[step.input] = true;
          }
        }
        for (const [input, wanted] of times.entries()) {
          expect(seen.filter((line) => line.input === input).map((line) => line.ns)).toEqual(wanted);
        }
        if (sorted) expect(seen.map((line) => line.ns)).toEqual(times.flat().sort((a, b) => a - b));
      }),
      { numRuns: 500, seed: 33 },
    );
  });
});
