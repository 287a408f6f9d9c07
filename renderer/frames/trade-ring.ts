/**
 * Trades of the rows on the map, in time order, as one growing Float64Array: ns after the session's origin, price
 * units, size units, aggressor side. Must not know rows or frames.
 */

/** Values a trade takes in `values`. */
export const TRADE_STRIDE = 4;

/** @invariant trades `first` … `end − 1` are valid and in time order. */
export class TradeRing {
  values = new Float64Array(1024 * TRADE_STRIDE);
  first = 0;
  end = 0;

  clear(): void {
    this.first = 0;
    this.end = 0;
  }

  /** Drops the trades at or after `startNs` and appends `trades`, whose times count from `startNs`. @shape trades n × 4 */
  replaceFrom(startNs: number, trades: Float64Array): void {
    while (this.end > this.first && (this.values[(this.end - 1) * TRADE_STRIDE] as number) >= startNs) this.end--;
    const count = trades.length / TRADE_STRIDE;
    this.reserve(count);
    let at = this.end * TRADE_STRIDE;
    for (let i = 0; i < trades.length; i += TRADE_STRIDE) {
      this.values[at++] = startNs + (trades[i] as number);
      this.values[at++] = trades[i + 1] as number;
      this.values[at++] = trades[i + 2] as number;
      this.values[at++] = trades[i + 3] as number;
    }
    this.end += count;
  }

  /** Drops the trades before `timeNs`. */
  dropBefore(timeNs: number): void {
    while (this.first < this.end && (this.values[this.first * TRADE_STRIDE] as number) < timeNs) this.first++;
  }

  /** Returns the index of the first trade at or after `timeNs`. */
  indexFrom(timeNs: number): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.values[middle * TRADE_STRIDE] as number) < timeNs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private reserve(count: number): void {
    const needed = (this.end + count) * TRADE_STRIDE;
    if (needed <= this.values.length) return;
    const live = this.values.subarray(this.first * TRADE_STRIDE, this.end * TRADE_STRIDE);
    const liveCount = this.end - this.first;
    let length = this.values.length;
    while (length < (liveCount + count) * TRADE_STRIDE * 1.5) length *= 2;
    const next = new Float64Array(length);
    next.set(live);
    this.values = next;
    this.first = 0;
    this.end = liveCount;
  }
}
