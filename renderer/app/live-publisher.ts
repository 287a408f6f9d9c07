/** Writes what moves (head, rate, totals) into the live store at most ten times a second. Must not know panels. */
import { shortSizeText } from '../charts/index.ts';
import { useLive } from '../state/index.ts';
import type { MapEngine } from './map-engine.ts';

const INTERVAL_MS = 100;
const IMBALANCE_LEVELS = 10;

/** Publishes the engine's state; `touch` may be called as often as one likes. */
export class LivePublisher {
  private lastMs = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly engine: MapEngine;

  constructor(engine: MapEngine) {
    this.engine = engine;
  }

  touch(): void {
    if (this.timer !== null) return;
    const waitMs = Math.max(0, INTERVAL_MS - (performance.now() - this.lastMs));
    this.timer = setTimeout(() => {
      this.timer = null;
      this.lastMs = performance.now();
      this.publish();
    }, waitMs);
  }

  private publish(): void {
    const { store, view, scheduler, info, grid, following } = this.engine;
    if (!info) return;
    const scale = info.instrument.sizeScale;
    const totals = this.engine.flowTotals;
    const delta = totals.bought - totals.sold;
    useLive.setState({
      headNs: store.rows > 0 ? store.headNs.toString() : null,
      playing: store.playing,
      speed: store.speed,
      following,
      drawn: store.rows > 0,
      bookState: store.bookState,
      bookEmpty: store.bids.length === 0 && store.asks.length === 0,
      bucketNs: grid.bucketNs,
      group: grid.group,
      windowFromNs: view.rightNs - view.spanNs,
      windowToNs: view.rightNs,
      cumulativeDelta: `${delta > 0 ? '+' : delta < 0 ? '−' : ''}${shortSizeText(Math.abs(delta), scale)}`,
      volume: shortSizeText(totals.bought + totals.sold, scale),
      imbalance: imbalanceText(store.bids, store.asks),
      frameMs: scheduler.stats.lastMs,
      framesPerSecond: store.playing ? scheduler.stats.perSecond : 0,
      droppedFrames: store.framesDropped,
    });
  }
}

function imbalanceText(bids: Float64Array, asks: Float64Array): string {
  const bid = sumSizes(bids);
  const ask = sumSizes(asks);
  if (bid + ask === 0) return '–';
  const value = (bid - ask) / (bid + ask);
  return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(2)}`;
}

function sumSizes(levels: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < Math.min(levels.length, IMBALANCE_LEVELS * 2); i += 2) sum += levels[i + 1] as number;
  return sum;
}
