/** Collects the integrity events of a session into batches of rows with the ordinals of their causes. Must not know why they arose. */
import type { DerivedEvent } from '../../core/book/index.ts';
import { EventBatch, EventFlag } from '../../core/model/index.ts';

const BATCH_ROWS = 4096;

/** Derived rows in order; `emit` takes over each full batch. */
export class DerivedRows {
  private readonly emit: (batch: EventBatch, ordinals: Float64Array<ArrayBuffer>) => void;
  private batch: EventBatch | null = null;
  private ordinals = new Float64Array(BATCH_ROWS);
  private used = 0;

  constructor(emit: (batch: EventBatch, ordinals: Float64Array<ArrayBuffer>) => void) {
    this.emit = emit;
  }

  /** Adds the event as a row with the instrument, side, times and sequence of its cause. */
  add(event: DerivedEvent): void {
    const { batch: cause, row } = event;
    if (this.batch !== null && (this.used === BATCH_ROWS || this.batch.baseNs !== cause.baseNs)) this.flush();
    this.batch ??= EventBatch.allocate(BATCH_ROWS, cause.baseNs);
    const out = this.batch;
    const at = this.used++;
    out.kind[at] = event.kind;
    out.side[at] = cause.side[row];
    out.code[at] = event.code;
    out.flags[at] = EventFlag.derived;
    out.instrument[at] = cause.instrument[row];
    out.price[at] = event.price;
    out.size[at] = event.size;
    out.exchangeTime[at] = cause.exchangeTime[row];
    out.receiveTime[at] = cause.receiveTime[row];
    out.sequence[at] = cause.sequence[row];
    out.ref[at] = event.ref;
    this.ordinals[at] = cause.firstOrdinal + row;
  }

  /** Emits what is there. */
  flush(): void {
    if (this.batch === null) return;
    const batch = this.batch;
    batch.rows = this.used;
    const ordinals = this.ordinals.slice(0, this.used);
    this.batch = null;
    this.used = 0;
    this.emit(batch, ordinals);
  }
}
