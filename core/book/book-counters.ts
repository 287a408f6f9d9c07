/** What the book pipeline counts over a session, and the session's time axis. Must not know books. */

/** Counters of one session; times are ns from `originNs`, NaN before the first. */
export class BookCounters {
  originNs = 0n;
  events = 0;
  trades = 0;
  levelUpdates = 0;
  unknownLevelRemovals = 0;
  unknownOrders = 0;
  crossed = 0;
  negativeLatencies = 0;
  firstExchange = Number.NaN;
  lastExchange = Number.NaN;
  firstReceive = Number.NaN;
  /** The axis: it never steps back. */
  lastReceive = Number.NaN;

  /** Returns a counted time as ns since the epoch, null for NaN. */
  timeNs(offsetNs: number): bigint | null {
    return Number.isNaN(offsetNs) ? null : this.originNs + BigInt(offsetNs);
  }
}
