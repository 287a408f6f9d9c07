/**
 * The `symbols` of an exchangeInfo answer (spot, USD-M, COIN-M) → what an instrument takes from it: canonical symbol, tick and
 * scales. Filters and fields of other names are passed over. Must not know where the answer came from or which symbols are
 * in use. COIN-M sizes stay contracts: `contractSize` says what one is worth and is no factor of what the book holds.
 */
import { unitsFromText } from '../../units/index.ts';
import { decimalsOf, type NumberScale, scaleOfList } from './scales.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One symbol of a list; null where the list does not tell. */
export interface ListedSymbol {
  readonly symbol: string;
  /** `BASE/QUOTE`. */
  readonly canonicalSymbol: string | null;
  readonly price: NumberScale | null;
  readonly size: NumberScale | null;
  /** Price step in units of `price`. */
  readonly tickUnits: number | null;
}

/** Returns the symbols of a list, null when one of them is not of the known form. */
export function readInstrumentList(symbols: readonly unknown[]): ListedSymbol[] | null {
  const listed: ListedSymbol[] = [];
  for (const one of symbols) {
    const read = isFields(one) ? readSymbol(one) : null;
    if (read === null) return null;
    listed.push(read);
  }
  return listed;
}

function readSymbol(fields: Fields): ListedSymbol | null {
  const symbol = fields['symbol'];
  const filters = fields['filters'] ?? [];
  if (typeof symbol !== 'string' || symbol === '' || !Array.isArray(filters)) return null;
  const price = readStep(filters, 'PRICE_FILTER', { step: 'tickSize', largest: 'maxPrice' });
  const size = readStep(filters, 'LOT_SIZE', { step: 'stepSize', largest: 'maxQty' });
  if (price === 'malformed' || size === 'malformed') return null;
  return {
    symbol,
    canonicalSymbol: pairOf(fields['baseAsset'], fields['quoteAsset']),
    price: price?.scale ?? null,
    size: size?.scale ?? null,
    tickUnits: price?.stepUnits ?? null,
  };
}

interface Step {
  readonly scale: NumberScale;
  readonly stepUnits: number | null;
}

/** Returns the step of a filter; null when the list has no such filter, or a step of 0, which means that none applies. */
function readStep(
  filters: readonly unknown[],
  type: string,
  keys: { readonly step: string; readonly largest: string },
): Step | null | 'malformed' {
  const filter = filters.find((one): one is Fields => isFields(one) && one['filterType'] === type);
  if (filter === undefined) return null;
  const step = filter[keys.step];
  if (typeof step !== 'string') return 'malformed';
  const decimals = decimalsOf(step);
  if (decimals < 0) return 'malformed';
  const largest = filter[keys.largest];
  const scale = scaleOfList(decimals, typeof largest === 'string' ? largest : null);
  const units = unitsFromText(step, scale.digits);
  if (units.ok && units.value === 0) return null;
  return { scale, stepUnits: units.ok ? units.value : null };
}

function pairOf(base: unknown, quote: unknown): string | null {
  const isPair = typeof base === 'string' && base !== '' && typeof quote === 'string' && quote !== '';
  return isPair ? `${base}/${quote}` : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
