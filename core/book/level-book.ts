/** An L2 book: two sides of absolute levels. Must not know instruments, states or where updates come from. */
import { Side } from '../model/index.ts';
import { LevelSide } from './level-side.ts';

/**
 * Absolute levels of both sides.
 * @units prices in price units, sizes in size units
 * @perf `set` allocates nothing once the book has warmed up
 */
export class LevelBook {
  private readonly bids: LevelSide;
  private readonly asks: LevelSide;

  /** `tickUnits`: smallest price step in price units, 0 when not known: it is then found from the prices. */
  constructor(tickUnits = 0) {
    this.bids = new LevelSide(tickUnits);
    this.asks = new LevelSide(tickUnits);
  }

  /** Sets the resting size at a price, 0 removes; returns the size that was there, 0 when none. */
  set(side: number, priceUnits: number, size: number): number {
    return side === Side.bid ? this.bids.set(-priceUnits, size) : this.asks.set(priceUnits, size);
  }

  /** Returns the best price of a side in price units, NaN when it is empty. */
  best(side: number): number {
    return side === Side.bid ? -this.bids.best() : this.asks.best();
  }

  /** Returns the resting size at a price, 0 when there is none. */
  sizeAt(side: number, priceUnits: number): number {
    return side === Side.bid ? this.bids.get(-priceUnits) : this.asks.get(priceUnits);
  }

  /** Returns the number of levels of a side. */
  levelCount(side: number): number {
    return side === Side.bid ? this.bids.count : this.asks.count;
  }

  /** Writes up to `max` pairs (price units, size), best first, from out[at]; returns the pairs written. */
  copyLevels(side: number, max: number, out: Float64Array, at = 0): number {
    return side === Side.bid ? this.bids.copy(max, out, at, -1) : this.asks.copy(max, out, at, 1);
  }

  /** Removes every level of both sides. */
  clear(): void {
    this.bids.clear();
    this.asks.clear();
  }
}
