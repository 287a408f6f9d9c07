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

  /** Exact times behind those offsets that lie too far from the origin to be exact in a double. */
  private readonly far = new Map<number, bigint>();

  /**
   * Returns what to add to offsets from `baseNs` to make them offsets from the origin. The origin moves when the base is so far
   * away (rows before any time was known, recordings months apart) that doubles could not hold the distance; counted times stay
   * exact.
   */
  shiftFrom(baseNs: bigint): number {
    const shift = Number(baseNs - this.originNs);
    if (Math.abs(shift) < FARTHEST_NS) return shift;
    const firstExchange = this.timeNs(this.firstExchange);
    const lastExchange = this.timeNs(this.lastExchange);
    const firstReceive = this.timeNs(this.firstReceive);
    const lastReceive = this.timeNs(this.lastReceive);
    this.originNs = baseNs;
    this.far.clear();
    this.firstExchange = this.offsetOf(firstExchange);
    this.lastExchange = this.offsetOf(lastExchange);
    this.firstReceive = this.offsetOf(firstReceive);
    this.lastReceive = this.offsetOf(lastReceive);
    return 0;
  }

  /** Returns a counted time as ns since the epoch, null for NaN. */
  timeNs(offsetNs: number): bigint | null {
    return Number.isNaN(offsetNs) ? null : (this.far.get(offsetNs) ?? this.originNs + BigInt(offsetNs));
  }

  private offsetOf(timeNs: bigint | null): number {
    if (timeNs === null) return Number.NaN;
    const offset = Number(timeNs - this.originNs);
    if (!Number.isSafeInteger(offset)) this.far.set(offset, timeNs);
    return offset;
  }
}
