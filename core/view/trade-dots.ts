/**
 * The trades of a frame as dots. Up to a limit each trade is one dot; beyond it trades of one bucket, price bin and side
 * become one dot, and their sizes add up exactly. Must not know books.
 */
import { binFromPrice, type PriceGrid } from './price-grid.ts';

/** Dots that a frame holds at most before trades are joined. */
export const MAX_TRADE_DOTS = 20_000;

/** Collects trades as quadruples: ns after the start of the first row, price units, size units, Side of the aggressor. */
export class TradeDots {
  private quads = new Float64Array(4 * 64);
  private used = 0;

  get count(): number {
    return this.used;
  }

  add(offsetNs: number, priceUnits: number, sizeUnits: number, side: number): void {
    const at = 4 * this.used++;
    if (at + 4 > this.quads.length) {
      const grown = new Float64Array(2 * this.quads.length);
      grown.set(this.quads);
      this.quads = grown;
    }
    this.quads[at] = offsetNs;
    this.quads[at + 1] = priceUnits;
    this.quads[at + 2] = sizeUnits;
    this.quads[at + 3] = side;
  }

  /** Returns the dots in time order, joined when there are more than `limit`. @shape n × 4 */
  dots(grid: PriceGrid, bucketNs: number, limit: number = MAX_TRADE_DOTS): Float64Array {
    const all = this.quads.subarray(0, 4 * this.used);
    return this.used <= limit ? all : joinTrades(all, grid, bucketNs);
  }
}

/**
 * Returns one dot per bucket, price bin and side: time of its first trade, price of its largest, sum of the sizes.
 * @invariant sizes per bucket and side add up to those of the trades
 */
export function joinTrades(quads: Float64Array, grid: PriceGrid, bucketNs: number): Float64Array {
  const out = new Float64Array(quads.length);
  const largest: number[] = [];
  const dotOfCell = new Map<string, number>();
  let dots = 0;
  for (let at = 0; at < quads.length; at += 4) {
    const [offsetNs, price, size, side] = quads.subarray(at, at + 4);
    const key = `${Math.floor(offsetNs / bucketNs)}:${binFromPrice(grid, price, 0)}:${side}`;
    let dot = dotOfCell.get(key);
    if (dot === undefined) {
      dot = dots++;
      dotOfCell.set(key, dot);
      largest.push(0);
      out[4 * dot] = offsetNs;
      out[4 * dot + 3] = side;
    }
    out[4 * dot + 2] += size;
    if (size > largest[dot]) {
      largest[dot] = size;
      out[4 * dot + 1] = price;
    }
  }
  return out.subarray(0, 4 * dots);
}
