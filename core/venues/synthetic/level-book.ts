/**
 * The matching core of the synthetic market: resting size per price tick in a fixed window, best bid and ask, and what a
 * market order takes. Never crossed, sizes never negative. Must not know agents, time or rows.
 */
import { Side } from '../../model/index.ts';

export type BookSide = typeof Side.bid | typeof Side.ask;

/** One level taken by a market order. */
export interface Fill {
  readonly tick: number;
  readonly size: number;
}

export class LevelBook {
  /** Ticks in the window, counted from its lowest price. */
  readonly ticks: number;
  bestBid = -1;
  bestAsk: number;
  private readonly bids: Int32Array;
  private readonly asks: Int32Array;
  /** Grows each time a level runs empty, so that an order that was filled is known to be gone. */
  private readonly lives: Uint32Array;

  constructor(ticks: number) {
    this.ticks = ticks;
    this.bestAsk = ticks;
    this.bids = new Int32Array(ticks);
    this.asks = new Int32Array(ticks);
    this.lives = new Uint32Array(ticks);
  }

  sizeAt(side: BookSide, tick: number): number {
    return (side === Side.bid ? this.bids : this.asks)[tick];
  }

  /** Changes each time the level at `tick` runs empty. */
  lifeOf(tick: number): number {
    return this.lives[tick];
  }

  /** Returns the tick nearest to `tick` at which an order of `side` rests without meeting the other side. */
  restingTick(side: BookSide, tick: number): number {
    return side === Side.bid ? Math.max(0, Math.min(tick, this.bestAsk - 1)) : Math.min(this.ticks - 1, Math.max(tick, this.bestBid + 1));
  }

  /** Adds resting size; `tick` must come from `restingTick`. */
  add(side: BookSide, tick: number, size: number): void {
    if (side === Side.bid) {
      this.bids[tick] += size;
      if (tick > this.bestBid) this.bestBid = tick;
    } else {
      this.asks[tick] += size;
      if (tick < this.bestAsk) this.bestAsk = tick;
    }
  }

  /** Takes away up to `size`; returns what was taken. */
  remove(side: BookSide, tick: number, size: number): number {
    const levels = side === Side.bid ? this.bids : this.asks;
    const taken = Math.min(size, levels[tick]);
    if (taken <= 0) return 0;
    levels[tick] -= taken;
    if (levels[tick] === 0) this.emptied(side, tick);
    return taken;
  }

  /** Executes a market order against the other side, over at most `maxLevels` levels. Returns the fills, best price first. */
  match(aggressor: BookSide, size: number, maxLevels: number): Fill[] {
    const resting = aggressor === Side.bid ? Side.ask : Side.bid;
    const fills: Fill[] = [];
    let left = size;
    while (left > 0 && fills.length < maxLevels) {
      const tick = resting === Side.ask ? this.bestAsk : this.bestBid;
      if (tick < 0 || tick >= this.ticks) break;
      const taken = this.remove(resting, tick, left);
      fills.push({ tick, size: taken });
      left -= taken;
    }
    return fills;
  }

  private emptied(side: BookSide, tick: number): void {
    this.lives[tick]++;
    if (side === Side.bid && tick === this.bestBid) {
      while (this.bestBid >= 0 && this.bids[this.bestBid] === 0) this.bestBid--;
    } else if (side === Side.ask && tick === this.bestAsk) {
      while (this.bestAsk < this.ticks && this.asks[this.bestAsk] === 0) this.bestAsk++;
    }
  }
}
