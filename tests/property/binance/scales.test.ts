/** Scales chosen from a first message: its numbers survive digit for digit, with room, or the scale is left as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalFromUnits, POW10, unitsFromText } from '../../../core/units/index.ts';
import { Extent, scaleOf } from '../../../core/venues/binance/index.ts';

const whole = fc.nat(15).chain((digits) => fc.nat(10 ** digits));
const part = fc.nat(9).chain((digits) => fc.nat(10 ** digits - 1).map((value) => String(value).padStart(digits, '0')));
const zeros = fc.nat(4).map((count) => '0'.repeat(count));
const text = fc.oneof(
  whole.map(String),
  fc.tuple(whole, part, zeros).map(([w, p, z]) => `${w}.${p}${z}`),
);

const canonical = (one: string): string => (one.includes('.') ? one.replace(/0+$/, '').replace(/\.$/, '') : one);

describe('a scale settled by a first message', () => {
  it('keeps every digit, with three digits of room, and is the finest that does', () => {
    let settled = 0;
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), fc.constantFrom(6, 8), (texts, digits) => {
        const extent = new Extent();
        for (const one of texts) extent.add(one);
        const open = scaleOf(digits, true);
        const scale = extent.settle(open);
        if (scale === open) return;
        settled++;
        expect(scale.open).toBe(false);
        const largest = Math.max(...texts.map((one) => Number(one.split('.')[0])));
        for (const one of texts) {
          const units = unitsFromText(one, scale.digits);
          expect(units.ok && canonicalFromUnits(units.value, scale.digits)).toBe(canonical(one));
          expect(units.ok && units.value * 1_000 <= Number.MAX_SAFE_INTEGER).toBe(true);
        }
        if (scale.digits < digits) expect((largest + 1) * 1_000 * POW10[scale.digits + 1]).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
      }),
      { numRuns: 3_000, seed: 14 },
    );
    expect(settled).toBeGreaterThan(500);
  });

  it('does not touch a scale that is not open', () => {
    const extent = new Extent();
    extent.add('123456789.5');
    const told = scaleOf(8);
    expect(extent.settle(told)).toBe(told);
  });
});
