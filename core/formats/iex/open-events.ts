/**
 * Which instruments are in the middle of an event. The feed marks the last update of most events; where it does not, the event
 * ends when the instrument's event time changes or the stream ends, and a boundary row says so. Must not know layouts.
 */
import { EventFlag, EventKind } from '../../model/index.ts';
import type { StreamRows } from './rows.ts';

export class OpenEvents {
  private readonly rows: StreamRows;
  /** Event time of the open event by instrument id, ns from the base; NaN = none is open. */
  times = new Float64Array(16_384).fill(Number.NaN);

  constructor(rows: StreamRows) {
    this.rows = rows;
  }

  /** Says that the message at hand belongs to the instrument: an open event with another time is over. */
  touch(id: number): void {
    const open = id < this.times.length ? (this.times[id] as number) : Number.NaN;
    if (!Number.isNaN(open) && open !== this.rows.eventTime) this.close(id, open);
  }

  /** Says whether the update at hand leaves the instrument's event open. */
  set(id: number, complete: boolean): void {
    if (id >= this.times.length) this.grow(id);
    this.times[id] = complete ? Number.NaN : this.rows.eventTime;
  }

  /** Ends every open event with a boundary row, in the order of instrument ids. */
  closeAll(): void {
    for (let id = 0; id < this.times.length; id++) {
      const open = this.times[id] as number;
      if (!Number.isNaN(open)) this.close(id, open);
    }
  }

  /** Drops open events without a row: the books were emptied. */
  forget(): void {
    this.times.fill(Number.NaN);
  }

  /** Ends the open event of one instrument. */
  close(id: number, openTime: number): void {
    const { writer } = this.rows;
    const row = this.rows.begin(EventKind.boundary, id);
    writer.batch.exchangeTime[row] = openTime;
    writer.batch.flags[row] = EventFlag.eventEnd;
    this.times[id] = Number.NaN;
  }

  private grow(id: number): void {
    const grown = new Float64Array(Math.max(id + 1, this.times.length * 2)).fill(Number.NaN);
    grown.set(this.times);
    this.times = grown;
  }
}
