/** The "book" of a feed that sends only the touch: the last quote. Must not know when a quote is complete. */
import { Side } from '../model/index.ts';

/**
 * The last quote of an instrument, as a book with at most one level a side.
 * @units price in price units, size in size units; size 0 = no quote on that side
 */
export class QuoteBook {
  /** False until the first quote. */
  quoted = false;
  private readonly price = new Float64Array(2);
  private readonly size = new Float64Array(2);

  /** Sets one side of the quote. */
  set(side: number, priceUnits: number, size: number): void {
    const i = side === Side.bid ? 0 : 1;
    this.quoted = true;
    this.price[i] = priceUnits;
    this.size[i] = size;
  }

  /** Returns the quoted price in price units, also when it is 0 for "none". */
  quotedPrice(side: number): number {
    return this.price[side === Side.bid ? 0 : 1];
  }

  /** Returns the quoted size. */
  quotedSize(side: number): number {
    return this.size[side === Side.bid ? 0 : 1];
  }

  /** Returns the quoted price in price units, NaN when there is no quote on that side. */
  best(side: number): number {
    return this.quotedSize(side) === 0 ? Number.NaN : this.quotedPrice(side);
  }

  /** Writes bid and ask in price units into out[0] and out[1], NaN when there is no quote on a side. */
  readTouch(out: Float64Array): void {
    out[0] = this.best(Side.bid);
    out[1] = this.best(Side.ask);
  }

  /** Returns the quoted size at exactly that price, else 0. */
  sizeAt(side: number, priceUnits: number): number {
    return this.quotedPrice(side) === priceUnits ? this.quotedSize(side) : 0;
  }

  /** Returns 1 when there is a quote on that side, else 0. */
  levelCount(side: number): number {
    return this.quotedSize(side) === 0 ? 0 : 1;
  }

  /** Writes the quote as one pair (price units, size) at out[at] when there is one; returns the pairs written. */
  copyLevels(side: number, max: number, out: Float64Array, at = 0): number {
    if (max < 1 || this.levelCount(side) === 0) return 0;
    out[at] = this.quotedPrice(side);
    out[at + 1] = this.quotedSize(side);
    return 1;
  }

  /** Forgets the quote: nothing is quoted until the next. */
  clear(): void {
    this.quoted = false;
    this.price.fill(0);
    this.size.fill(0);
  }
}
