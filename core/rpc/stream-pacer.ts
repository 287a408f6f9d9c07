/**
 * One item in flight: the next is sent when the client has acknowledged the one before. Must not know what the items are.
 */
export class StreamPacer {
  private readonly latestWins: boolean;
  private readonly transmit: (item: unknown, epoch: number) => void;
  private pending: unknown[] = [];
  private sent = 0;
  private acknowledged = 0;

  /** `latestWins`: an item that waits is replaced by a newer one, for streams whose every item is the whole state. */
  constructor(latestWins: boolean, transmit: (item: unknown, epoch: number) => void) {
    this.latestWins = latestWins;
    this.transmit = transmit;
  }

  /** Sends the item now or after the next acknowledgement. */
  offer(item: unknown): void {
    if (this.sent === this.acknowledged) this.transmit(item, ++this.sent);
    else if (this.latestWins) this.pending = [item];
    else this.pending.push(item);
  }

  /** Takes an acknowledgement; false when no item with that number is in flight. */
  acknowledge(epoch: number): boolean {
    if (epoch !== this.sent || this.sent === this.acknowledged) return false;
    this.acknowledged = epoch;
    if (this.pending.length > 0) this.transmit(this.pending.shift(), ++this.sent);
    return true;
  }
}
