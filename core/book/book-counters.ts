/** What the book pipeline counts over a session, and the session's time axis. Must not know books. */

/** 52 days: sums with offsets of the same size are still exact. */
const FARTHEST_NS = 2 ** 52;

/** Counters of one session; times are ns from `originNs`, NaN before the first. */
export class BookCounters {
  originNs = 0n;
  events = 0;
  trades = 0;
  levelUpdates = 0;
  unknownLevelRemovals = 0;
  unknownOrders = 0;
  crossed = 0;
  firstExchange = Number.NaN;
  lastExchange = Number.NaN;
  firstReceive = Number.NaN;
  /** The axis: it never steps back. */
  lastReceive = Number.NaN;

  /**
   * Returns what to add to offsets from `baseNs` to make them offsets from the origin. The origin moves when the first
   * batches had a base so far away (rows before any time was known) that doubles could not hold the distance.
   */
  shiftFrom(baseNs: bigint): number {
    const shift = Number(baseNs - this.originNs);
    if (Math.abs(shift) < FARTHEST_NS) return shift;
    this.originNs = baseNs;
    this.firstExchange -= shift;
    this.lastExchange -= shift;
    this.firstReceive -= shift;
    this.lastReceive -= shift;
    return 0;
  }

  /** Returns a counted time as ns since the epoch, null for NaN. */
  timeNs(offsetNs: number): bigint | null {
    return Number.isNaN(offsetNs) ? null : this.originNs + BigInt(offsetNs);
  }
}
