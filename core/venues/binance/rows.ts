/**
 * Writes event rows for the Binance mapper: times against the writer's base, sides, flags and codes. Must not know gates or
 * JSON: it writes what it is told.
 */
import {
  AGGRESSOR_METHOD_SHIFT,
  AggressorMethod,
  ALL_INSTRUMENTS,
  EventFlag,
  EventKind,
  type EventWriter,
  Side,
  TimeCode,
  TradeCode,
} from '../../model/index.ts';
import type { BinanceMessage } from './message.ts';

const MAX_OFFSET_NS = 50 * 86_400 * 1e9;
/** Venue times from here on are microseconds (sixteen digits), below it milliseconds. */
export const FIRST_MICROSECOND_STAMP = 1e15;
/** Largest count that a recording can hold, as a double: 10^18 does not fit its DECIMAL(18,9), and a clock may step back further. */
const MAX_COUNT = 10 ** 18 - 128;
const VENUE_AGGRESSOR = AggressorMethod.venue << AGGRESSOR_METHOD_SHIFT;

/** What a row about the stream itself says, as its kind defines it; absent = 0. */
export interface NoteFields {
  readonly sequence?: number;
  readonly size?: number;
  readonly ref?: number;
  readonly code?: number;
}

/** The levels of one atomic message. */
export interface LevelSet {
  readonly bids: number;
  readonly asks: number;
  readonly levels: Float64Array;
}

export class RowEmitter {
  private readonly writer: EventWriter;
  private based = false;
  private baseMs = 0;
  private receive = 0;
  private exchange = 0;
  private timeCode: number = TimeCode.venueTime;

  constructor(writer: EventWriter) {
    this.writer = writer;
  }

  /** Receive time minus event time of the message at hand, ns; NaN when it carries no event time. */
  get latencyNs(): number {
    return this.timeCode === TimeCode.noVenueTime ? Number.NaN : this.receive - this.exchange;
  }

  /** Sets the times of the rows that follow: receive time in ns as words, event time as sent (0 = none). */
  at(timeHi: number, timeLo: number, eventTime: number): void {
    let receive = this.writer.offsetFromWords(timeHi, timeLo);
    if (!this.based || Math.abs(receive) > MAX_OFFSET_NS) {
      this.rebase(timeHi, timeLo);
      receive = this.writer.offsetFromWords(timeHi, timeLo);
    }
    this.receive = receive;
    this.timeCode = eventTime === 0 ? TimeCode.noVenueTime : TimeCode.venueTime;
    this.exchange = eventTime === 0 ? receive : this.offsetOf(eventTime);
  }

  /** One row with the current times; instrument −1 stands for the whole session. Returns its index in `writer.batch`. */
  row(kind: number, instrument: number, sequence: number): number {
    const row = this.writer.next();
    const batch = this.writer.batch;
    batch.kind[row] = kind;
    batch.instrument[row] = instrument < 0 ? ALL_INSTRUMENTS : instrument;
    batch.sequence[row] = sequence;
    batch.exchangeTime[row] = this.exchange;
    batch.receiveTime[row] = this.receive;
    return row;
  }

  /** The levels of one depth update, or a boundary row when it has none. */
  update(instrument: number, set: LevelSet, updateId: number): void {
    const count = set.bids + set.asks;
    if (count === 0) {
      this.flag(this.row(EventKind.boundary, instrument, updateId), EventFlag.eventEnd);
      return;
    }
    const last = this.levels(instrument, set, updateId);
    this.flag(last, EventFlag.eventEnd);
  }

  /** A full book image between its brackets. */
  image(instrument: number, set: LevelSet, updateId: number): void {
    this.bracket(EventKind.snapshotBegin, instrument, updateId);
    this.levels(instrument, set, updateId, EventFlag.snapshot);
    const end = this.bracket(EventKind.snapshotEnd, instrument, updateId);
    this.flag(end, EventFlag.snapshot | EventFlag.eventEnd);
  }

  trade(instrument: number, message: BinanceMessage): void {
    const row = this.row(EventKind.trade, instrument, message.tradeId);
    const batch = this.writer.batch;
    // A trade's time is when it was matched; the event time, a little later, is when it was told.
    if (message.tradeTime !== 0) batch.exchangeTime[row] = this.offsetOf(message.tradeTime);
    batch.price[row] = message.price;
    batch.size[row] = message.size;
    // The buyer was the maker, so the taker sold.
    batch.side[row] = message.buyerIsMaker ? Side.ask : Side.bid;
    if (message.tradeTime === 0 && message.eventTime === 0) batch.code[row] = TimeCode.noVenueTime;
    else batch.code[row] = message.type === 'aggTrade' ? TradeCode.aggregate : TradeCode.single;
    batch.flags[row] = EventFlag.eventEnd | VENUE_AGGRESSOR;
  }

  quote(instrument: number, message: BinanceMessage): void {
    const bid = this.touch(instrument, message.lastId, Side.bid);
    this.writer.batch.price[bid] = message.bidPrice;
    this.writer.batch.size[bid] = message.bidSize;
    const ask = this.touch(instrument, message.lastId, Side.ask);
    this.writer.batch.price[ask] = message.askPrice;
    this.writer.batch.size[ask] = message.askSize;
    this.flag(ask, EventFlag.eventEnd);
  }

  /** A row about the stream itself (gap, late, timeStep …): `size` and `ref` as its kind says. */
  note(kind: number, instrument: number, fields: NoteFields): void {
    const row = this.row(kind, instrument, fields.sequence ?? 0);
    const batch = this.writer.batch;
    batch.size[row] = Math.min(fields.size ?? 0, MAX_COUNT);
    batch.ref[row] = fields.ref ?? 0;
    batch.code[row] = fields.code ?? 0;
    batch.flags[row] = EventFlag.eventEnd;
  }

  private levels(instrument: number, set: LevelSet, updateId: number, flags = 0): number {
    const writer = this.writer;
    const { levels, bids } = set;
    const count = bids + set.asks;
    let row = -1;
    for (let i = 0; i < count; i++) {
      row = writer.next();
      const batch = writer.batch;
      batch.kind[row] = EventKind.level;
      batch.side[row] = i < bids ? Side.bid : Side.ask;
      batch.code[row] = this.timeCode;
      batch.flags[row] = flags;
      batch.instrument[row] = instrument;
      batch.price[row] = levels[2 * i];
      batch.size[row] = levels[2 * i + 1];
      batch.exchangeTime[row] = this.exchange;
      batch.receiveTime[row] = this.receive;
      batch.sequence[row] = updateId;
    }
    return row;
  }

  private touch(instrument: number, updateId: number, side: number): number {
    const row = this.row(EventKind.quote, instrument, updateId);
    const batch = this.writer.batch;
    batch.side[row] = side;
    batch.code[row] = this.timeCode;
    return row;
  }

  private bracket(kind: number, instrument: number, updateId: number): number {
    const row = this.row(kind, instrument, updateId);
    this.writer.batch.code[row] = this.timeCode;
    this.flag(row, EventFlag.snapshot);
    return row;
  }

  private flag(row: number, flags: number): void {
    this.writer.batch.flags[row] |= flags;
  }

  /** Venue time, ms or µs told apart by the number of digits, as ns from the base. */
  private offsetOf(time: number): number {
    return time >= FIRST_MICROSECOND_STAMP ? (time - this.baseMs * 1_000) * 1_000 : (time - this.baseMs) * 1_000_000;
  }

  private rebase(timeHi: number, timeLo: number): void {
    const second = ((BigInt(timeHi) << 32n) | BigInt(timeLo)) / 1_000_000_000n;
    this.writer.rebase(second * 1_000_000_000n);
    this.baseMs = Number(second) * 1_000;
    this.based = true;
  }
}
