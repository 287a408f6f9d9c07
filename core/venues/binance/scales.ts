/**
 * How many decimal digits a price unit and a size unit of one symbol have, and the largest number that fits. The scales come
 * from the venue's instrument list; without one from the symbol's first message when the default has no room for it. Must not
 * know JSON, rows or gates.
 */
import { POW10 } from '../../units/index.ts';

/** Scale of one kind of number. */
export interface NumberScale {
  /** Decimal digits: one unit is 10^-digits. */
  readonly digits: number;
  /** Largest number of units: below 2^53 in memory, below 10^9 whole units in a recording's DECIMAL(18,9). */
  readonly maxUnits: number;
  /** No list told it and no message has settled it: the first message may choose fewer digits. */
  readonly open: boolean;
}

export interface Scales {
  readonly price: NumberScale;
  readonly size: NumberScale;
}

/** Tells the scales of a symbol; the empty symbol stands for an image that does not carry one. */
export type ScaleSource = (symbol: string) => Scales;

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** DECIMAL(18,9) has nine digits before the point and nine after it. */
const STORED_WHOLE = 1e9;
const STORED_DIGITS = 9;
/** The venue writes at most eight decimals. */
const WRITTEN_DIGITS = 8;
/** Listed limits move with the market and a level sums many orders; a first message tells even less: three digits stay free. */
const HEADROOM = 1_000;
/** Digits of a listed number whose list names no largest value: leaves room for 9 × 10^12 whole units. */
const LISTED_DIGITS = 3;

/** Returns a scale of `digits` decimals. */
export function scaleOf(digits: number, open = false): NumberScale {
  return { digits, maxUnits: Math.min(MAX_SAFE, STORED_WHOLE * POW10[digits] - 1), open };
}

/**
 * Returns the scale of a number whose list says its step and its largest value. The step alone would refuse what is finer:
 * orders that rest from before the venue made a step coarser, fills that are sums of such orders. So the scale is as fine as
 * the venue writes (eight digits) while 1000 times the list's largest value still fits below 2^53, and never coarser than
 * the step. BTC with orders up to 9000 keeps all eight digits; SHIB with orders up to 4.6 × 10^10 gets two, and levels up to 9 × 10^13.
 * @param decimals digits of the step after the point, without trailing zeros
 * @param largest largest value of one order as decimal text, null when the list names none
 */
export function scaleOfList(decimals: number, largest: string | null): NumberScale {
  const extent = largest === null ? null : extentOf(largest);
  // A limit of 0 means that none applies.
  const isTold = extent !== null && (extent.whole > 0 || extent.decimals > 0);
  const roomy = isTold ? finestFor(extent.whole, WRITTEN_DIGITS) : LISTED_DIGITS;
  return scaleOf(Math.min(STORED_DIGITS, Math.max(decimals, roomy)));
}

/** Collects what the numbers of one message need. */
export class Extent {
  private whole = 0;
  private decimals = 0;

  add(text: string): void {
    const extent = extentOf(text);
    if (extent === null) return;
    this.whole = Math.max(this.whole, extent.whole);
    this.decimals = Math.max(this.decimals, extent.decimals);
  }

  /**
   * Returns the finest scale, at most the given one unless the numbers need more, at which every number fits with three digits
   * of headroom; the given one when such a scale would lose a digit, or is not open.
   */
  settle(scale: NumberScale): NumberScale {
    if (!scale.open) return scale;
    const wanted = Math.min(STORED_DIGITS, Math.max(scale.digits, this.decimals));
    const digits = finestFor(this.whole, wanted);
    return digits >= this.decimals ? scaleOf(digits) : scale;
  }
}

/** Returns the digits after the point of decimal text, without trailing zeros; −1 when it is no decimal text. */
export function decimalsOf(text: string): number {
  return extentOf(text)?.decimals ?? -1;
}

/** Whole part (Infinity beyond 2^53) and count of needed decimals of plain decimal text, null when it is not such. */
function extentOf(text: string): { readonly whole: number; readonly decimals: number } | null {
  let whole = 0;
  let decimals = 0;
  let point = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 && point < 0) point = i;
    else if (code < 48 || code > 57) return null;
    else if (point < 0) whole = whole * 10 + (code - 48);
    else if (code !== 48) decimals = i - point;
  }
  const isBare = text === '' || text === '.';
  return isBare ? null : { whole: whole > MAX_SAFE ? Number.POSITIVE_INFINITY : whole, decimals };
}

/** Returns the most digits, at most `most`, at which a thousand times a number below `whole` + 1 fits; −1 when none does. */
function finestFor(whole: number, most: number): number {
  let digits = most;
  while (digits >= 0 && !((whole + 1) * HEADROOM <= MAX_SAFE / POW10[digits])) digits--;
  return digits;
}
