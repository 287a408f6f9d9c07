/** The byte scanner against JSON.parse: the same message, or a refusal; never another message. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinanceMessage, createScanner, readJson, type Scales, scaleOf } from '../../../core/venues/binance/index.ts';

const id = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const symbol = fc.stringMatching(/^[A-Z0-9_]{1,14}$/);
const decimal = fc.oneof(
  fc.tuple(fc.nat(99_999), fc.nat(99_999_999)).map(([whole, part]) => `${whole}.${String(part).padStart(8, '0')}`),
  fc.tuple(fc.nat(9_999_999), fc.nat(999)).map(([whole, part]) => `${whole}.${part}`),
  fc.nat(999_999_999).map(String),
  // Zeros beyond a coarse scale, as spot writes them.
  fc.tuple(fc.nat(999_999), fc.nat(9)).map(([whole, part]) => `${whole}.${part}0000000`),
  fc.nat(2_000_000_000).map((whole) => `${whole}.00000000`),
  fc.constantFrom('0', '0.0', '5.', '.5', '007', '1e5', '-1', '', '.', '1.2.3', '90071992.54740993', '1.123456789', '1.1000000000'),
);
const levels = fc.array(fc.tuple(decimal, decimal), { maxLength: 6 });

const message = fc.oneof(
  fc.record({ e: fc.constant('depthUpdate'), E: id, s: symbol, U: id, u: id, b: levels, a: levels }),
  fc.record({ e: fc.constant('depthUpdate'), E: id, T: id, s: symbol, U: id, u: id, pu: id, b: levels, a: levels }),
  fc.record({ e: fc.constant('depthUpdate'), E: id, T: id, s: symbol, ps: symbol, U: id, u: id, pu: id, b: levels, a: levels }),
  fc.record({ e: fc.constant('trade'), E: id, s: symbol, t: id, p: decimal, q: decimal, T: id, m: fc.boolean(), M: fc.boolean() }),
  fc.record({
    e: fc.constant('trade'),
    E: id,
    T: id,
    s: symbol,
    t: id,
    p: decimal,
    q: decimal,
    X: fc.constantFrom('MARKET', 'ADL', 'NA'),
    m: fc.boolean(),
  }),
  fc.record({ e: fc.constant('aggTrade'), E: id, s: symbol, a: id, p: decimal, q: decimal, f: id, l: id, T: id, m: fc.boolean() }),
  fc.record({ e: fc.constant('aggTrade'), E: id, a: id, s: symbol, p: decimal, q: decimal, f: id, l: id, T: id, m: fc.boolean() }),
  fc.record({ u: id, s: symbol, b: decimal, B: decimal, a: decimal, A: decimal }),
  fc.record({ e: fc.constant('bookTicker'), u: id, s: symbol, b: decimal, B: decimal, a: decimal, A: decimal, T: id, E: id }),
  fc.record({ u: id, e: fc.constant('bookTicker'), s: symbol, ps: symbol, b: decimal, B: decimal, a: decimal, A: decimal, T: id, E: id }),
);

const framed = fc.tuple(message, fc.boolean()).map(([one, frame]) => JSON.stringify(frame ? { stream: 'x@y@100ms', data: one } : one));

function facts(m: BinanceMessage): unknown {
  return { ...m, levels: [...m.levels.subarray(0, 2 * (m.bids + m.asks))] };
}

/** Scales that turn with the symbol's first letter: mostly fine, else coarse or whole. */
const SCALES: readonly Scales[] = [8, 8, 8, 3, 0].map((digits) => ({ price: scaleOf(digits), size: scaleOf(digits) }));
const scalesOf = (of: string): Scales => SCALES[(of === '' ? 0 : of.charCodeAt(0)) % SCALES.length] as Scales;

function compare(bytes: Uint8Array, scan: ReturnType<typeof createScanner>): 'same' | 'left' {
  const fast = new BinanceMessage(scalesOf);
  if (scan(bytes, 0, bytes.length, fast) < 0) return 'left';
  const slow = new BinanceMessage(scalesOf);
  expect(readJson(bytes, 0, bytes.length, slow)).toBe(0);
  expect(facts(fast)).toEqual(facts(slow));
  return 'same';
}

describe('the byte scanner', () => {
  it('leaves what the JSON reader leaves, and takes most well-formed messages', () => {
    const scan = createScanner();
    let same = 0;
    fc.assert(
      fc.property(framed, (text) => {
        if (compare(new TextEncoder().encode(text), scan) === 'same') same++;
      }),
      { numRuns: 3_000, seed: 11 },
    );
    expect(same).toBeGreaterThan(500);
  });

  it('takes no message with a byte changed, lost or added for another', () => {
    const scan = createScanner();
    const edit = fc.record({ at: fc.nat(400), byte: fc.integer({ min: 1, max: 255 }), how: fc.constantFrom('change', 'lose', 'add') });
    fc.assert(
      fc.property(framed, edit, (text, { at, byte, how }) => {
        const bytes = [...new TextEncoder().encode(text)];
        bytes.splice(at % bytes.length, how === 'add' ? 0 : 1, ...(how === 'lose' ? [] : [byte]));
        compare(Uint8Array.from(bytes), scan);
      }),
      { numRuns: 3_000, seed: 12 },
    );
  });

  it('reads nothing beyond the end that it was given', () => {
    const scan = createScanner();
    fc.assert(
      fc.property(framed, fc.nat(300), (text, cut) => {
        const bytes = new TextEncoder().encode(`${text}\n`);
        const end = bytes.length - 2 - (cut % (bytes.length - 2));
        expect(scan(bytes, 0, end, new BinanceMessage(scalesOf))).toBe(-1);
      }),
      { numRuns: 1_000, seed: 13 },
    );
  });
});
