import { describe, expect, it } from 'vitest';
import { type JournalLine, JournalLines, JournalMerger, looksLikeJournal } from '../../../core/formats/journal/index.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Seen {
  kind: string;
  ns: bigint;
  url: string | null;
  text: string;
  number: number;
}

function seen(line: JournalLine): Seen {
  const text = new TextDecoder().decode(line.bytes.subarray(line.start, line.end));
  return { kind: line.kind, ns: (BigInt(line.timeHi) << 32n) | BigInt(line.timeLo), url: line.url, text, number: line.number };
}

function split(text: string, chunk: number, maxLineBytes?: number): Seen[] {
  const lines = new JournalLines(maxLineBytes);
  const bytes = bytesOf(text);
  const out: Seen[] = [];
  const drain = (): void => {
    for (let line = lines.next(); line !== null; line = lines.next()) out.push(seen(line));
  };
  for (let at = 0; at < bytes.length; at += chunk) {
    lines.push(bytes.subarray(at, at + chunk));
    drain();
  }
  lines.end();
  drain();
  return out;
}

const SAMPLE = [
  '1723161253937085768 {"a":1}\r',
  '',
  'wss://stream.example:9443/stream?streams=x@depth <-> 1633998511.159679',
  '1633998512.0633569: {"b":2}',
  'https://api.example/api/v3/depth?symbol=NKNUSDT&limit=1000 -> 1633998512.320639: {"c":3}',
  '{"no":"time"}',
  '7 {"d":4}',
  '',
].join('\n');

describe('JournalLines', () => {
  it('reads the three line forms with exact times', () => {
    expect(split(SAMPLE, 1 << 16)).toEqual([
      { kind: 'message', ns: 1723161253937085768n, url: null, text: '{"a":1}', number: 1 },
      { kind: 'control', ns: 0n, url: null, text: 'wss://stream.example:9443/stream?streams=x@depth <-> 1633998511.159679', number: 3 },
      { kind: 'message', ns: 1633998512063356900n, url: null, text: '{"b":2}', number: 4 },
      {
        kind: 'message',
        ns: 1633998512320639000n,
        url: 'https://api.example/api/v3/depth?symbol=NKNUSDT&limit=1000',
        text: '{"c":3}',
        number: 5,
      },
      { kind: 'noReceiveTime', ns: 0n, url: null, text: '{"no":"time"}', number: 6 },
      { kind: 'message', ns: 7n, url: null, text: '{"d":4}', number: 7 },
    ]);
  });

  it('does not care where chunks are cut', () => {
    const whole = split(SAMPLE, 1 << 16);
    for (let chunk = 1; chunk < 60; chunk++) expect(split(SAMPLE, chunk), `chunks of ${chunk}`).toEqual(whole);
  });

  it('keeps a complete last line without a line end', () => {
    expect(split('5 {"a":"}"}', 4).map((line) => line.kind)).toEqual(['message']);
  });

  it.each(['5 {"a":[1,2]', '5 {"a":"b}', '5 {"a":1,"b', '172316125', '172316125 '])('reports a last line that is cut: %s', (tail) => {
    expect(split(`4 {"a":1}\n${tail}`, 3).map((line) => [line.kind, line.text])).toEqual([
      ['message', '{"a":1}'],
      ['truncated', tail],
    ]);
  });

  it('skips a line that is too long and goes on after it', () => {
    const found = split(`1 {"a":1}\n2 {"long":"${'x'.repeat(100)}"}\n3 {"b":1}\n`, 7, 40);
    expect(found.map((line) => [line.kind, line.number])).toEqual([
      ['message', 1],
      ['tooLong', 2],
      ['message', 3],
    ]);
  });

  it('refuses times beyond 64 bits and times without a blank', () => {
    const kinds = split('9999999999999999999 {}\n123{"a":1}\n12345678901234567890 {}\n1.: {}\n', 64).map((line) => line.kind);
    expect(kinds).toEqual(['noReceiveTime', 'noReceiveTime', 'noReceiveTime', 'noReceiveTime']);
  });
});

describe('JournalMerger', () => {
  function merge(files: readonly string[], chunk: number): string[] {
    const merger = new JournalMerger(files.length);
    const all = files.map(bytesOf);
    const at = all.map(() => 0);
    const out: string[] = [];
    for (;;) {
      const step = merger.next();
      if (step.kind === 'done') return out;
      if (step.kind === 'line') {
        out.push(`${step.input}:${seen(step.line).ns}`);
      } else if (at[step.input] >= all[step.input].length) {
        merger.end(step.input);
      } else {
        merger.push(step.input, all[step.input].subarray(at[step.input], at[step.input] + chunk));
        at[step.input] += chunk;
      }
    }
  }

  it('orders by receive time, keeps the order within a file, and prefers the first file at equal times', () => {
    const a = '10 {}\n30 {}\n20 {}\n50 {}\n';
    const b = '10 {}\n25 {}\n40 {}\n';
    for (const chunk of [1, 5, 100]) {
      expect(merge([a, b], chunk)).toEqual(['0:10', '1:10', '1:25', '0:30', '0:20', '1:40', '0:50']);
    }
  });

  it('ends when every file has ended, empty ones too', () => {
    expect(merge(['', '5 {}\n', ''], 3)).toEqual(['1:5']);
    expect(merge([], 3)).toEqual([]);
  });
});

describe('looksLikeJournal', () => {
  it.each([
    ['1723161253937085768 {"stream":"x"', true],
    ['1633998512.0633569: {"a"', true],
    ['wss://a.example <-> 1.5', true],
    ['https://a.example/depth?symbol=X -> 1633998512.3: {"l', true],
    ['{"a":1}', false],
    ['', false],
    ['12 apples', false],
    ['time,price,size\n1,2,3', false],
    ['\u0000\u0001\u0002', false],
  ])('%j is %s', (text, expected) => {
    expect(looksLikeJournal(bytesOf(text as string))).toBe(expected);
  });
});
