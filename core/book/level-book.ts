/** An L2 book: two sides of absolute levels. Must not know instruments, states or where updates come from. */
import { LevelSide } from './level-side.ts';

/**
 * Absolute levels of both sides; a side is a model Side, bid (1) or ask (2).
 * @units prices in price units, sizes in size units
 * @perf `set` allocates nothing once the book has warmed up; sides are told apart by arithmetic, because a branch on a
 * random side costs more than the update
 */
export class LevelBook {
  private readonly sides: readonly [LevelSide, LevelSide];

  /** `tickUnits`: smallest price step in price units, 0 when not known: it is then found from the prices. */
  constructor(tickUnits = 0) {
    this.sides = [new LevelSide(tickUnits), new LevelSide(tickUnits)];
  }

  /** Sets the resting size at a price, 0 removes; returns the size that was there, 0 when none. */
  set(side: number, priceUnits: number, size: number): number {
    return this.sides[side - 1].set(priceUnits * (2 * side - 3), size);
  }

  /** Returns the best price of a side in price units, NaN when it is empty. */
  best(side: number): number {
    const levels = this.sides[side - 1];
    levels.findBest();
    return levels.bestKey * (2 * side - 3);
  }

  /** Writes best bid and best ask in price units into out[0] and out[1], NaN when a side is empty. */
  readTouch(out: Float64Array): void {
    const [bids, asks] = this.sides;
    bids.findBest();
    asks.findBest();
    out[0] = -bids.bestKey;
    out[1] = asks.bestKey;
  }

  /** Returns the resting size at a price, 0 when there is none. */
  sizeAt(side: number, priceUnits: number): number {
    return this.sides[side - 1].get(priceUnits * (2 * side - 3));
  }

  /** Returns the number of levels of a side. */
  levelCount(side: number): number {
    return this.sides[side - 1].count;
  }

  /** Writes up to `max` pairs (price units, size), best first, from out[at]; returns the pairs written. */
  copyLevels(side: number, max: number, out: Float64Array, at = 0): number {
    return this.sides[side - 1].copy(max, out, at, 2 * side - 3);
  }

  /** Removes every level of both sides. */
  clear(): void {
    this.sides[0].clear();
    this.sides[1].clear();
  }
}
