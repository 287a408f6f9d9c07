/**
 * The batch that a writer is filling, seen through one view of its whole buffer instead of one a column: a hot loop then
 * checks one array a row, not eleven. Must not know messages.
 */
import type { EventBatch, EventWriter } from '../../model/index.ts';

export class OpenBatch {
  out = new DataView(new ArrayBuffer(0));
  /** Where the columns begin, bytes. */
  kindAt = 0;
  sideAt = 0;
  codeAt = 0;
  flagsAt = 0;
  instrumentAt = 0;
  priceAt = 0;
  sizeAt = 0;
  exchangeTimeAt = 0;
  receiveTimeAt = 0;
  sequenceAt = 0;
  refAt = 0;
  private readonly writer: EventWriter;
  private batch: EventBatch | null = null;

  constructor(writer: EventWriter) {
    this.writer = writer;
  }

  /** Sees to it that the view lies on the writer's present batch. */
  refresh(): void {
    if (this.batch !== this.writer.batch) this.open(this.writer.batch);
  }

  private open(batch: EventBatch): void {
    this.batch = batch;
    this.out = new DataView(batch.buffer);
    this.kindAt = batch.kind.byteOffset;
    this.sideAt = batch.side.byteOffset;
    this.codeAt = batch.code.byteOffset;
    this.flagsAt = batch.flags.byteOffset;
    this.instrumentAt = batch.instrument.byteOffset;
    this.priceAt = batch.price.byteOffset;
    this.sizeAt = batch.size.byteOffset;
    this.exchangeTimeAt = batch.exchangeTime.byteOffset;
    this.receiveTimeAt = batch.receiveTime.byteOffset;
    this.sequenceAt = batch.sequence.byteOffset;
    this.refAt = batch.ref.byteOffset;
  }
}
