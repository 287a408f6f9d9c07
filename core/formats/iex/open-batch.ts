/**
 * The batch that a writer is filling, seen through three views of its whole buffer instead of one a column: a hot loop then
 * checks three arrays a row, not nine. Must not know messages.
 */
import type { EventBatch, EventWriter } from '../../model/index.ts';

export class OpenBatch {
  bytes = new Uint8Array(0);
  words = new Uint32Array(0);
  doubles = new Float64Array(0);
  /** Where the columns begin, as indexes into the view of their width. */
  kindAt = 0;
  sideAt = 0;
  flagsAt = 0;
  instrumentAt = 0;
  priceAt = 0;
  sizeAt = 0;
  exchangeTimeAt = 0;
  receiveTimeAt = 0;
  sequenceAt = 0;
  private readonly writer: EventWriter;
  private batch: EventBatch | null = null;

  constructor(writer: EventWriter) {
    this.writer = writer;
  }

  /** Sees to it that the views lie on the writer's present batch. */
  refresh(): void {
    if (this.batch !== this.writer.batch) this.open(this.writer.batch);
  }

  private open(batch: EventBatch): void {
    this.batch = batch;
    this.bytes = new Uint8Array(batch.buffer);
    this.words = new Uint32Array(batch.buffer, 0, batch.buffer.byteLength >>> 2);
    this.doubles = new Float64Array(batch.buffer, 0, batch.buffer.byteLength >>> 3);
    this.kindAt = batch.kind.byteOffset;
    this.sideAt = batch.side.byteOffset;
    this.flagsAt = batch.flags.byteOffset / 4;
    this.instrumentAt = batch.instrument.byteOffset / 4;
    this.priceAt = batch.price.byteOffset / 8;
    this.sizeAt = batch.size.byteOffset / 8;
    this.exchangeTimeAt = batch.exchangeTime.byteOffset / 8;
    this.receiveTimeAt = batch.receiveTime.byteOffset / 8;
    this.sequenceAt = batch.sequence.byteOffset / 8;
  }
}
