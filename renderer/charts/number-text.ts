/** Prices, sizes, counts and durations as text for labels. Must not know instruments beyond their scales. */
import { canonicalFromUnits, decimalsOfUnits, fixedFromUnits } from '../../core/units/index.ts';

/** Returns a price with the decimals that the step needs and thin grouping: `64,218.1`. */
export function priceText(priceUnits: number, priceScale: number, stepUnits: number): string {
  if (!Number.isFinite(priceUnits)) return '–';
  const decimals = Math.min(priceScale, Math.max(decimalsOfUnits(Math.max(1, Math.round(stepUnits)), priceScale), 0));
  const text = fixedFromUnits(Math.round(priceUnits), priceScale);
  const cut = priceScale === 0 ? text : text.slice(0, text.length - (priceScale - decimals) - (decimals === 0 ? 1 : 0));
  return grouped(cut);
}

/** Returns a size at full precision, trailing zeros cut: `12.84`, `1,200`. */
export function sizeText(sizeUnits: number, sizeScale: number): string {
  if (!Number.isFinite(sizeUnits)) return '–';
  return grouped(canonicalFromUnits(Math.round(sizeUnits), sizeScale));
}

/** Returns a size for tight places: three significant digits with k, M, G. */
export function shortSizeText(sizeUnits: number, sizeScale: number): string {
  return shortNumber(sizeUnits / 10 ** sizeScale);
}

/** Returns `950`, `41.2 M`, `2.1 k`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${trim(value / 1e9)} G`;
  if (size >= 1e6) return `${trim(value / 1e6)} M`;
  if (size >= 1e3) return `${trim(value / 1e3)} k`;
  return size === 0 ? '0' : size < 0.001 ? value.toExponential(1) : size < 1 ? Number(value.toPrecision(3)).toString() : trim(value);
}

/** Returns `1.2 GB`, `410 MB`, `0 B`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let i = 0;
  while (value >= 1000 && i < units.length - 1) {
    value /= 1000;
    i++;
  }
  return `${i === 0 ? value : trim(value)} ${units[i]}`;
}

/** Returns `01:12`, `1:02:05`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number): string => n.toString().padStart(2, '0');
  const h = Math.floor(whole / 3600);
  const tail = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return h > 0 ? `${h}:${tail}` : tail;
}

function trim(value: number): string {
  const size = Math.abs(value);
  const text = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const head = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? head : `${head}.${fraction}`;
}
