/**
 * The one rounding rule for prices, shared by map, ladder and axis: a bid belongs to the bin edge at or below it, an ask to
 * the bin edge at or above it. So grouping never makes a market look tighter than it is. Must not know pixels.
 */
import { Side } from '../model/index.ts';

/** Price bins of a map. Bin `i` starts at lowUnits + i × binUnits. @units price units */
export interface PriceGrid {
  readonly lowUnits: number;
  readonly binUnits: number;
  readonly bins: number;
}

/** Returns the bin of a price: bids round down, asks round up, anything else (trades, axis) down. May lie outside 0 … bins − 1. */
export function binFromPrice(grid: PriceGrid, priceUnits: number, side: number): number {
  const bins = (priceUnits - grid.lowUnits) / grid.binUnits;
  return side === Side.ask ? Math.ceil(bins) : Math.floor(bins);
}

/** Returns the price at the lower edge of a bin. @units price units */
export function priceFromBin(grid: PriceGrid, bin: number): number {
  return grid.lowUnits + bin * grid.binUnits;
}

/** Returns the lower edge of a map of `bins` bins whose middle bin holds the price; a multiple of binUnits. @units price units */
export function lowUnitsCentredOn(priceUnits: number, binUnits: number, bins: number): number {
  return (Math.floor(priceUnits / binUnits) - Math.floor(bins / 2)) * binUnits;
}

/** Returns true while the price lies in the middle 60 % of the map: no need to recentre. */
export function isNearCentre(grid: PriceGrid, priceUnits: number): boolean {
  const position = (priceUnits - grid.lowUnits) / (grid.binUnits * grid.bins);
  return position >= 0.2 && position <= 0.8;
}
