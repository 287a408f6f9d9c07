/**
 * Decimal text ⇄ scaled integers. A price or size of a venue survives digit for digit: no parseFloat anywhere.
 * Must not know venues or instruments, only digits and scales.
 */
import { err, ok, type Result } from '../util/index.ts';

/** Powers of ten that a double holds exactly, 10^0 … 10^15. */
export const POW10: readonly number[] = Array.from({ length: 16 }, (_, i) => 10 ** i);

export type DecimalError = 'not-a-decimal' | 'too-fine' | 'too-large';

const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/**
 * Returns decimal text as an integer in units of 10^-scale.
 * @units result: 10^-scale of the venue's unit
 * @errors too-fine when non-zero digits lie beyond the scale, too-large beyond 2^53 − 1
 */
export function unitsFromText(text: string, scale: number): Result<number, DecimalError> {
  const n = text.length;
  let i = 0;
  const negative = n > 0 && text.charCodeAt(0) === 45;
  if (negative) i = 1;
  let value = 0;
  let digits = 0;
  let fraction = -1;
  for (; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === 46) {
      if (fraction >= 0) return err('not-a-decimal');
      fraction = 0;
      continue;
    }
    const d = c - 48;
    if (d < 0 || d > 9) return err('not-a-decimal');
    digits++;
    if (fraction >= scale) {
      if (d !== 0) return err('too-fine');
      continue;
    }
    if (fraction >= 0) fraction++;
    value = value * 10 + d;
    if (value > MAX_SAFE) return err('too-large');
  }
  if (digits === 0) return err('not-a-decimal');
  for (let f = Math.max(fraction, 0); f < scale; f++) {
    value *= 10;
    if (value > MAX_SAFE) return err('too-large');
  }
  return ok(negative && value !== 0 ? -value : value);
}

/** Returns scaled units as decimal text with exactly `scale` decimals, e.g. `(617376300, 4) → "61737.6300"`. */
export function fixedFromUnits(units: number, scale: number): string {
  const sign = units < 0 ? '-' : '';
  const digits = Math.abs(units)
    .toString()
    .padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Returns scaled units as the canonical number: no trailing zeros, no trailing point. */
export function canonicalFromUnits(units: number, scale: number): string {
  const text = fixedFromUnits(units, scale);
  if (scale === 0) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end--;
  if (text.charCodeAt(end - 1) === 46) end--;
  return text.slice(0, end);
}

/** Returns the number of decimals needed to write the units without loss, at most `scale`. */
export function decimalsOfUnits(units: number, scale: number): number {
  let decimals = scale;
  let rest = units;
  while (decimals > 0 && rest % 10 === 0) {
    rest /= 10;
    decimals--;
  }
  return decimals;
}
