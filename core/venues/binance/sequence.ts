/**
 * Binance's rules for joining depth updates to an image, and the waiting room for updates until the image comes.
 * Spot chains by `U ≤ id + 1 ≤ u`, futures by `pu = id`. Must not know rows, symbols or JSON.
 */
import type { BinanceMessage } from './message.ts';

export type GateRule = 'spot' | 'futures';

/**
 * hold: no image yet, keep it; apply: next in order; stale: the image already holds it; duplicate: the book already holds
 * it; gap: updates are missing before it, the book is void.
 */
export type GateDecision = 'hold' | 'apply' | 'stale' | 'duplicate' | 'gap';

/** The gate of one instrument. `waiting` = no image; `fresh` = image in, no update applied yet; `synced`. */
export class DepthGate {
  private readonly rule: GateRule;
  private phase: 'waiting' | 'fresh' | 'synced' = 'waiting';
  private id = 0;

  constructor(rule: GateRule) {
    this.rule = rule;
  }

  get waiting(): boolean {
    return this.phase === 'waiting';
  }

  /** Update id of the book: of the image, then of the last update applied. */
  get lastId(): number {
    return this.id;
  }

  /** Decides on an update and moves on. After `gap` the gate waits for a new image. */
  accept(firstId: number, lastId: number, previousId: number): GateDecision {
    if (this.phase === 'waiting') return 'hold';
    if (this.phase === 'fresh') {
      if (this.isStale(lastId, this.id)) return 'stale';
      if (!this.joins(firstId, previousId, this.id)) return this.lose();
      this.phase = 'synced';
      this.id = lastId;
      return 'apply';
    }
    if (this.rule === 'futures' ? previousId === this.id && lastId >= this.id : firstId <= this.id + 1 && lastId > this.id) {
      this.id = lastId;
      return 'apply';
    }
    return lastId <= this.id ? 'duplicate' : this.lose();
  }

  /**
   * Returns whether an image may be used. `oldest` is the first update in the waiting room that the image does not hold, null
   * when there is none. An image that is older than the book, or too old to reach the waiting updates, is of no use.
   */
  canUse(imageId: number, oldest: HeldUpdate | null): boolean {
    if (this.phase !== 'waiting') return imageId >= this.id;
    return oldest === null || this.joins(oldest.firstId, oldest.previousId, imageId);
  }

  /** Starts from an image. */
  start(imageId: number): void {
    this.phase = 'fresh';
    this.id = imageId;
  }

  /** Whether an image of `imageId` already holds an update that ends with `lastId`. */
  isStale(lastId: number, imageId: number): boolean {
    return this.rule === 'futures' ? lastId < imageId : lastId <= imageId;
  }

  private joins(firstId: number, previousId: number, imageId: number): boolean {
    return this.rule === 'futures' ? firstId <= imageId || previousId === imageId : firstId <= imageId + 1;
  }

  private lose(): GateDecision {
    this.phase = 'waiting';
    return 'gap';
  }
}

/** A depth update kept until the image comes. */
export interface HeldUpdate {
  readonly firstId: number;
  readonly lastId: number;
  readonly previousId: number;
  readonly eventTime: number;
  /** Receive time, ns since the epoch as two u32 words. */
  readonly timeHi: number;
  readonly timeLo: number;
  readonly bids: number;
  readonly asks: number;
  readonly levels: Float64Array;
}

/** Keeps updates in order; when full the oldest give way and are counted. */
export class WaitingRoom {
  dropped = 0;
  private readonly maxLevels: number;
  private readonly maxUpdates: number;
  private updates: HeldUpdate[] = [];
  private head = 0;
  private levels = 0;

  constructor(maxUpdates = 20_000, maxLevels = 1_000_000) {
    this.maxUpdates = maxUpdates;
    this.maxLevels = maxLevels;
  }

  get count(): number {
    return this.updates.length - this.head;
  }

  /** Keeps a copy of a depth update. */
  hold(message: BinanceMessage, timeHi: number, timeLo: number): void {
    const { firstId, lastId, previousId, eventTime, bids, asks } = message;
    this.keep({ firstId, lastId, previousId, eventTime, timeHi, timeLo, bids, asks, levels: message.levels.slice(0, 2 * (bids + asks)) });
  }

  /** Keeps an update that was held before. */
  keep(update: HeldUpdate): void {
    this.updates.push(update);
    this.levels += update.bids + update.asks;
    while (this.count > this.maxUpdates || (this.levels > this.maxLevels && this.count > 1)) {
      const oldest = this.updates[this.head++];
      this.levels -= oldest.bids + oldest.asks;
      this.dropped++;
    }
    if (this.head > 4_096 && this.head * 2 > this.updates.length) {
      this.updates = this.updates.slice(this.head);
      this.head = 0;
    }
  }

  /** Returns the first update for which `isStale` is false, null when there is none. */
  firstFresh(isStale: (lastId: number) => boolean): HeldUpdate | null {
    for (let i = this.head; i < this.updates.length; i++) if (!isStale(this.updates[i].lastId)) return this.updates[i];
    return null;
  }

  /** Returns all updates in order and is empty then. */
  takeAll(): HeldUpdate[] {
    const all = this.updates.slice(this.head);
    this.updates = [];
    this.head = 0;
    this.levels = 0;
    return all;
  }
}
