/**
 * The columns and streams of a recording: which kind goes to which stream, and by which factor prices and sizes of a row
 * become DECIMAL(18,9). The numbers are part of docs/recording-format.md. Must not know files or databases' handles.
 */
import { ALL_INSTRUMENTS, AuctionField, EventKind, type Instrument } from '../../core/model/index.ts';
import { POW10 } from '../../core/units/index.ts';

/** Streams that hold source rows, in the order used everywhere. */
export const SOURCE_STREAMS = ['depth', 'trade', 'quote', 'event'] as const;
export type SourceStream = (typeof SOURCE_STREAMS)[number];
/** Streams that are filled while a session is recorded. */
export const WRITTEN_STREAMS = [...SOURCE_STREAMS, 'keyframe'] as const;

/** Column names in storage order, the same in every stream. */
export const STORED_COLUMNS = [
  'ordinal',
  'kind',
  'side',
  'code',
  'flags',
  'instrument',
  'price',
  'size',
  'exchange_time',
  'receive_time',
  'sequence',
  'ref',
] as const;

/** Digits after the point of DECIMAL(18,9). */
const STORED_SCALE = 9;
const EVENT_STREAM = 3;

/** Index into SOURCE_STREAMS per kind. */
export const STREAM_OF_KIND: Uint8Array = new Uint8Array(256).fill(EVENT_STREAM);
for (const kind of [
  EventKind.level,
  EventKind.orderAdd,
  EventKind.orderModify,
  EventKind.orderDelete,
  EventKind.clear,
  EventKind.snapshotBegin,
  EventKind.snapshotEnd,
  EventKind.boundary,
])
  STREAM_OF_KIND[kind] = 0;
for (const kind of [EventKind.trade, EventKind.tradeCancel, EventKind.orderExecute]) STREAM_OF_KIND[kind] = 1;
STREAM_OF_KIND[EventKind.quote] = 2;

/**
 * 1 per kind whose price and size are plain counts (messages, bytes, nanoseconds) and no amounts of an instrument: they are
 * stored as count × 10^-9, so that every count up to 10^18 fits.
 */
const COUNTS: Uint8Array = new Uint8Array(256);
const COUNT_KINDS = [
  EventKind.status,
  EventKind.gap,
  EventKind.restart,
  EventKind.duplicate,
  EventKind.disconnect,
  EventKind.late,
  EventKind.unparseable,
  EventKind.truncated,
  EventKind.timeStep,
] as const;
for (const kind of COUNT_KINDS) COUNTS[kind] = 1;

/** `isCount` as an SQL condition over a stored row `r`. */
export const COUNT_CONDITION = `r.kind IN (${COUNT_KINDS.join(', ')}) OR r.instrument = ${ALL_INSTRUMENTS}
  OR (r.kind = ${EventKind.auction} AND r.code = ${AuctionField.scheduledTime})`;

/** Returns whether price and size of such a row are plain counts rather than amounts in the instrument's scales. */
export function isCount(kind: number, code: number, instrument: number): boolean {
  return COUNTS[kind] === 1 || instrument === ALL_INSTRUMENTS || (kind === EventKind.auction && code === AuctionField.scheduledTime);
}

/** Factors that turn units of each instrument into stored integers: 10^(9 − scale); 0 where the instrument is unknown. */
export class Factors {
  private price = new Float64Array(64);
  private size = new Float64Array(64);

  constructor(instruments: readonly Instrument[] = []) {
    this.add(instruments);
  }

  add(instruments: readonly Instrument[]): void {
    for (const instrument of instruments) {
      if (instrument.id >= this.price.length) this.grow(instrument.id + 1);
      this.price[instrument.id] = POW10[STORED_SCALE - instrument.priceScale] ?? 0;
      this.size[instrument.id] = POW10[STORED_SCALE - instrument.sizeScale] ?? 0;
    }
  }

  /** Returns the factor of prices, 0 when it cannot be stored (unknown instrument, or a scale beyond nine digits). */
  priceOf(instrument: number): number {
    return instrument < this.price.length ? this.price[instrument] : 0;
  }

  sizeOf(instrument: number): number {
    return instrument < this.size.length ? this.size[instrument] : 0;
  }

  private grow(least: number): void {
    const capacity = Math.max(least, this.price.length * 2);
    for (const name of ['price', 'size'] as const) {
      const wider = new Float64Array(capacity);
      wider.set(this[name]);
      this[name] = wider;
    }
  }
}
