/** What the view needs of a book, so that it need not know how books are kept. */
export interface DepthReader {
  /** Best price of a side (Side.bid, Side.ask), NaN when the side is empty. @units price units */
  best(side: 1 | 2): number;
  /** Writes at most `max` levels of a side as price, size pairs, best first, and returns how many. */
  copyLevels(side: 1 | 2, max: number, out: Float64Array): number;
}
