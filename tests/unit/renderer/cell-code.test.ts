/** Cell codes: order, sides, precision and the ends of the range. */
import { describe, expect, it } from 'vitest';
import { CODE_ASK, CODE_LOW_EXPONENT, CODE_STEPS, encodeCells } from '../../../renderer/gl/cell-code.ts';

function codesOf(sizes: readonly number[]): number[] {
  const out = new Uint16Array(sizes.length);
  encodeCells(new Float32Array(sizes), out);
  return [...out];
}

/** The arithmetic of the shader. */
function sizeOf(code: number): number {
  const steps = ((code & ~CODE_ASK) - 1) / CODE_STEPS;
  const whole = Math.floor(steps);
  return 2 ** (whole + CODE_LOW_EXPONENT) * (1 + steps - whole);
}

describe('cell codes', () => {
  it('keep nothing, bids and asks apart', () => {
    const [empty, negativeZero, bid, ask] = codesOf([0, -0, -1000, 1000]);
    expect([empty, negativeZero]).toEqual([0, 0]);
    expect(ask).toBe((bid as number) | CODE_ASK);
    expect(bid).toBeLessThan(CODE_ASK);
  });

  it('are at most one part in 1,024 away from the size, up to 2^53', () => {
    for (let size = 1; size < 2 ** 53; size = size * 1.37 + 0.11) {
      const [code = 0] = codesOf([size]);
      expect(Math.abs(sizeOf(code) / size - 1)).toBeLessThanOrEqual(1 / (2 * CODE_STEPS) + 1e-6);
    }
    expect(sizeOf(codesOf([1000])[0] as number)).toBe(1000);
    expect(sizeOf(codesOf([10_000])[0] as number)).toBe(10_000);
  });

  it('grow with the size and stay in range at both ends', () => {
    const codes = codesOf([1e-30, 0.001, 0.5, 1, 1.002, 7, 1e3, 1e9, 2 ** 53, 1e30]).map((code) => code & ~CODE_ASK);
    expect(codes).toEqual([...codes].sort((a, b) => a - b));
    expect(codes[0]).toBe(1);
    expect(codes.at(-1)).toBe(0x7fff);
    expect(codes[8]).toBeLessThan(0x7fff);
  });
});
