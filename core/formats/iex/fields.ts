/** Fields of IEX messages: 64-bit numbers read as two words, and the limits beyond which they cannot be stored. */

const WORD = 4_294_967_296;

/** Prices from here on have ten integer digits in dollars: the recording cannot hold them. Units of 1/10000 dollar. */
export const MAX_PRICE_UNITS = 1e13;
/** Largest size of nine integer digits, shares. */
export const MAX_SIZE = 999_999_999;

/** Returns an i64 price in units of 1/10000 dollar; exact while below 2^53. */
export function priceAt(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * WORD + view.getUint32(at, true);
}

/** Returns a u64 id; above 2^53 it is not exact and must be refused. */
export function idAt(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * WORD + view.getUint32(at, true);
}

/** Returns true for a price that can be stored. */
export function isPrice(units: number): boolean {
  return units >= 0 && units < MAX_PRICE_UNITS;
}
