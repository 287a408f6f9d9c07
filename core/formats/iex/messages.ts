/**
 * Messages into rows: the hot loop's body. Reads fields in place, as u32 words, and writes columns; nothing is allocated per
 * message. Must not know captures, segments or the order of sequence numbers.
 */
import { EventFlag, EventKind, Side, UnparseableReason, type EventWriter } from '../../model/index.ts';
import { idAt, isPrice, MAX_SIZE, priceAt } from './fields.ts';
import { type Refusal, writeAuction, writeDirectory, writeOfficialPrice, writeStatus } from './messages-admin.ts';
import { OpenEvents } from './open-events.ts';
import { OpenBatch } from './open-batch.ts';
import { type Feed, PLAIN_TRADE, SALE_FLAGS, TYPE } from './protocol.ts';
import { MAX_TIME_OFFSET_NS, type StreamRows } from './rows.ts';
import { hashOf, InstrumentCounter, SymbolTable } from './symbols.ts';

const MAX_ID = Number.MAX_SAFE_INTEGER;
const OUT_OF_RANGE = UnparseableReason.numberOutOfRange;

/** Least length of a plain message with its length field, bytes. */
const MIN_PLAIN_BYTES = 32;

export class MessageDecoder {
  /** Messages by type byte. */
  readonly counts = new Float64Array(256);
  /** Event times that stepped back, against the message before, whatever its symbol. */
  timeSteps = 0;
  /** Messages whose event time lies after the capture time of their packet. */
  negativeLatencies = 0;
  readonly openEvents: OpenEvents;
  /** Where the last `levelRun` stopped. */
  stop = 0;
  private readonly rows: StreamRows;
  private readonly writer: EventWriter;
  private readonly tables: Record<Feed['bookKind'], SymbolTable>;
  private symbols: SymbolTable;
  private least: Uint8Array = new Uint8Array(256);
  /** What is plain in the feed at hand. */
  private plain: Uint8Array = new Uint8Array(256);
  private readonly open: OpenBatch;
  private lastTime = Number.NEGATIVE_INFINITY;

  constructor(rows: StreamRows) {
    this.rows = rows;
    this.writer = rows.writer;
    this.open = new OpenBatch(rows.writer);
    this.openEvents = new OpenEvents(rows);
    const counter = new InstrumentCounter();
    const table = (kind: Feed['bookKind']): SymbolTable => new SymbolTable(rows.context, kind, counter);
    this.tables = { quotes: table('quotes'), levels: table('levels'), orders: table('orders') };
    this.symbols = this.tables.levels;
  }

  /** Says to which feed the next messages belong. */
  select(feed: Feed): void {
    this.least = feed.leastLength;
    this.plain = feed.plain;
    this.symbols = this.tables[feed.bookKind];
  }

  /** The base of the time columns changes: the last time is not comparable any more. */
  rebased(): void {
    this.lastTime = Number.NEGATIVE_INFINITY;
  }

  /**
   * Reads plain price levels and trades from `at` on, at most `max` messages, for as long as nothing else comes; returns how
   * many, and sets `stop`. It is `decode` for the most frequent messages with everything that stays the same held in locals
   * and no call that could change it; whatever is not plain is left to `decode`, so both give the same rows.
   */
  run(view: DataView, start: number, end: number, max: number): number {
    const { rows, writer, plain, open } = this;
    const { slots, names } = this.symbols;
    const { times } = this.openEvents;
    open.refresh();
    const { bytes, words, doubles, kindAt, sideAt, flagsAt, instrumentAt } = open;
    const { priceAt: priceFrom, sizeAt, exchangeTimeAt, receiveTimeAt, sequenceAt } = open;
    const mask = slots.length - 1;
    const received = rows.receiveTime;
    const first = rows.sequence;
    // A boundary and the message itself must fit: then the batch cannot change inside the loop.
    const lastRow = writer.capacity - 2;
    let row = writer.used;
    let at = start;
    let done = 0;
    let notBuys = 0;
    let trades = 0;
    let steps = 0;
    let early = 0;
    let last = this.lastTime;
    for (; done < max && row <= lastRow && end - at >= MIN_PLAIN_BYTES; done++) {
      const length = view.getUint16(at, true);
      const what = plain[view.getUint8(at + 2)] as number;
      if (what === 0 || length < 30 || length > end - at - 2) break;
      const low = view.getUint32(at + 12, true);
      const high = view.getUint32(at + 16, true);
      // Two looks and no loop: an inner loop would keep the engine from hoisting what stays the same.
      const hash = hashOf(low, high);
      let id = (slots[hash & mask] as number) - 1;
      if (id < 0) break;
      if (names[2 * id] !== low || names[2 * id + 1] !== high) {
        id = (slots[(hash + 1) & mask] as number) - 1;
        if (id < 0 || names[2 * id] !== low || names[2 * id + 1] !== high) break;
      }
      const time = writer.offsetFromWords(view.getUint32(at + 8, true), view.getUint32(at + 4, true));
      const shares = view.getUint32(at + 20, true);
      const units = priceAt(view, at + 24);
      if (id >= times.length || !isPrice(units) || shares > MAX_SIZE) break;
      if (!(time <= MAX_TIME_OFFSET_NS && time >= -MAX_TIME_OFFSET_NS)) break;
      const byte = view.getUint8(at + 3);
      let rowKind: number = EventKind.level;
      let rowSide = what;
      let rowFlags = byte & EventFlag.eventEnd;
      let number = first + done;
      if (what === PLAIN_TRADE) {
        if (length < 38) break;
        number = idAt(view, at + 32);
        if (number > MAX_ID) break;
        rowKind = EventKind.trade;
        rowFlags = SALE_FLAGS[byte] as number;
        rowSide = (rowFlags & EventFlag.singlePriceCross) !== 0 ? Side.none : Side.unknown;
        trades++;
      }
      if (time < last) steps++;
      if (time > received) early++;
      last = time;
      notBuys += what >>> 1;
      const opened = times[id] as number;
      // NaN, no open event, differs from itself.
      if (opened === opened && opened !== time) {
        bytes[kindAt + row] = EventKind.boundary;
        words[flagsAt + row] = EventFlag.eventEnd;
        words[instrumentAt + row] = id;
        doubles[exchangeTimeAt + row] = opened;
        doubles[receiveTimeAt + row] = received;
        doubles[sequenceAt + row] = first + done;
        row++;
        times[id] = Number.NaN;
      }
      if (rowKind === EventKind.level) times[id] = rowFlags !== 0 ? Number.NaN : time;
      bytes[kindAt + row] = rowKind;
      bytes[sideAt + row] = rowSide;
      words[flagsAt + row] = rowFlags;
      words[instrumentAt + row] = id;
      doubles[priceFrom + row] = units;
      doubles[sizeAt + row] = shares;
      doubles[exchangeTimeAt + row] = time;
      doubles[receiveTimeAt + row] = received;
      doubles[sequenceAt + row] = number;
      row++;
      at += 2 + length;
    }
    writer.take(row - writer.used);
    const { counts } = this;
    counts[TYPE.levelBuy] = (counts[TYPE.levelBuy] as number) + done - notBuys;
    counts[TYPE.levelSell] = (counts[TYPE.levelSell] as number) + notBuys - trades;
    counts[TYPE.trade] = (counts[TYPE.trade] as number) + trades;
    this.timeSteps += steps;
    this.negativeLatencies += early;
    this.lastTime = last;
    this.stop = at;
    return done;
  }

  /** Reads one message of `length` ≥ 1 bytes at `at`; returns 0, or why it could not be read. Counts it in either case. */
  decode(view: DataView, at: number, length: number): Refusal {
    const type = view.getUint8(at);
    const counts = this.counts;
    counts[type] = (counts[type] as number) + 1;
    const least = this.least[type] as number;
    if (length < least) return UnparseableReason.tooShort;
    if (least === 0) return UnparseableReason.unknownMessage;
    const time = this.writer.offsetFromWords(view.getUint32(at + 6, true), view.getUint32(at + 2, true));
    if (!(time <= MAX_TIME_OFFSET_NS && time >= -MAX_TIME_OFFSET_NS)) return OUT_OF_RANGE;
    if (time < this.lastTime) this.timeSteps++;
    if (time > this.rows.receiveTime) this.negativeLatencies++;
    this.lastTime = time;
    this.rows.eventTime = time;
    switch (type) {
      case TYPE.levelBuy:
        return this.level(view, at, Side.bid);
      case TYPE.levelSell:
        return this.level(view, at, Side.ask);
      case TYPE.quote:
        return this.quote(view, at);
      case TYPE.trade:
        return this.trade(view, at, EventKind.trade);
      case TYPE.tradeBreak:
        return this.trade(view, at, EventKind.tradeCancel);
      case TYPE.addOrder:
        return this.addOrder(view, at);
      case TYPE.modifyOrder:
        return this.modifyOrder(view, at);
      case TYPE.deleteOrder:
        return this.deleteOrder(view, at);
      case TYPE.executeOrder:
        return this.executeOrder(view, at);
      case TYPE.systemEvent:
        return writeStatus(this.rows, view, at, 0);
      default:
        return this.rare(view, at, type);
    }
  }

  private rare(view: DataView, at: number, type: number): Refusal {
    const id = this.instrument(view, at);
    if (type === TYPE.clearBook) {
      this.writer.batch.flags[this.rows.begin(EventKind.clear, id)] = EventFlag.eventEnd;
      return 0;
    }
    if (type === TYPE.auction) return writeAuction(this.rows, view, at, id);
    if (type === TYPE.officialPrice) return writeOfficialPrice(this.rows, view, at, id);
    if (type === TYPE.securityDirectory) return writeDirectory(this.rows, view, at, id);
    return writeStatus(this.rows, view, at, id);
  }

  private instrument(view: DataView, at: number): number {
    return this.symbols.idOf(view.getUint32(at + 10, true), view.getUint32(at + 14, true));
  }

  private level(view: DataView, at: number, side: Side): Refusal {
    const price = priceAt(view, at + 22);
    const size = view.getUint32(at + 18, true);
    if (!isPrice(price) || size > MAX_SIZE) return OUT_OF_RANGE;
    const id = this.instrument(view, at);
    const complete = view.getUint8(at + 1) & EventFlag.eventEnd;
    this.openEvents.touch(id);
    this.openEvents.set(id, complete !== 0);
    const row = this.rows.begin(EventKind.level, id);
    const batch = this.writer.batch;
    batch.side[row] = side;
    batch.flags[row] = complete;
    batch.price[row] = price;
    batch.size[row] = size;
    return 0;
  }

  private quote(view: DataView, at: number): Refusal {
    const bid = priceAt(view, at + 22);
    const ask = priceAt(view, at + 30);
    const bidSize = view.getUint32(at + 18, true);
    const askSize = view.getUint32(at + 38, true);
    if (!isPrice(bid) || !isPrice(ask) || bidSize > MAX_SIZE || askSize > MAX_SIZE) return OUT_OF_RANGE;
    const id = this.instrument(view, at);
    const venueFlags = view.getUint8(at + 1);
    const flags = (venueFlags & 0x40) === 0 ? 0 : EventFlag.extendedHours;
    const bidRow = this.rows.begin(EventKind.quote, id);
    let batch = this.writer.batch;
    batch.side[bidRow] = Side.bid;
    batch.ref[bidRow] = venueFlags;
    batch.flags[bidRow] = flags;
    batch.price[bidRow] = bid;
    batch.size[bidRow] = bidSize;
    const askRow = this.rows.begin(EventKind.quote, id);
    batch = this.writer.batch;
    batch.side[askRow] = Side.ask;
    batch.ref[askRow] = venueFlags;
    batch.flags[askRow] = flags | EventFlag.eventEnd;
    batch.price[askRow] = ask;
    batch.size[askRow] = askSize;
    return 0;
  }

  private trade(view: DataView, at: number, kind: EventKind): Refusal {
    const price = priceAt(view, at + 22);
    const size = view.getUint32(at + 18, true);
    const tradeId = idAt(view, at + 30);
    if (!isPrice(price) || size > MAX_SIZE || tradeId > MAX_ID) return OUT_OF_RANGE;
    const id = this.instrument(view, at);
    // A trade with a new time belongs to the next event: the book before it is complete now.
    this.openEvents.touch(id);
    const row = this.rows.begin(kind, id);
    const batch = this.writer.batch;
    this.sale(row, view.getUint8(at + 1));
    batch.price[row] = price;
    batch.size[row] = size;
    batch.sequence[row] = tradeId;
    return 0;
  }

  /** Sets flags and side from a sale-condition byte: the feed sends no aggressor, and a single-price cross has none. */
  private sale(row: number, saleByte: number): void {
    const batch = this.writer.batch;
    const flags = SALE_FLAGS[saleByte] as number;
    batch.flags[row] = flags;
    batch.side[row] = (flags & EventFlag.singlePriceCross) !== 0 ? Side.none : Side.unknown;
  }

  private addOrder(view: DataView, at: number): Refusal {
    const letter = view.getUint8(at + 1);
    if (letter !== TYPE.levelBuy && letter !== TYPE.levelSell) return UnparseableReason.badField;
    const row = this.order(view, at, EventKind.orderAdd);
    if (row < 0) return OUT_OF_RANGE;
    this.writer.batch.side[row] = letter === TYPE.levelBuy ? Side.bid : Side.ask;
    return 0;
  }

  private modifyOrder(view: DataView, at: number): Refusal {
    const row = this.order(view, at, EventKind.orderModify);
    if (row < 0) return OUT_OF_RANGE;
    if ((view.getUint8(at + 1) & 1) !== 0) this.writer.batch.flags[row] = EventFlag.eventEnd | EventFlag.keepsPriority;
    return 0;
  }

  private deleteOrder(view: DataView, at: number): Refusal {
    const orderId = idAt(view, at + 18);
    if (orderId > MAX_ID) return OUT_OF_RANGE;
    const row = this.rows.begin(EventKind.orderDelete, this.instrument(view, at));
    this.writer.batch.ref[row] = orderId;
    this.writer.batch.flags[row] = EventFlag.eventEnd;
    return 0;
  }

  private executeOrder(view: DataView, at: number): Refusal {
    const tradeId = idAt(view, at + 38);
    if (tradeId > MAX_ID) return OUT_OF_RANGE;
    const row = this.order(view, at, EventKind.orderExecute);
    if (row < 0) return OUT_OF_RANGE;
    const batch = this.writer.batch;
    this.sale(row, view.getUint8(at + 1));
    batch.flags[row] = (batch.flags[row] as number) | EventFlag.eventEnd;
    batch.sequence[row] = tradeId;
    return 0;
  }

  /** Writes what add, modify and execute share: id, size, price. Returns the row, or −1 when a number is out of range. */
  private order(view: DataView, at: number, kind: EventKind): number {
    const orderId = idAt(view, at + 18);
    const size = view.getUint32(at + 26, true);
    const price = priceAt(view, at + 30);
    if (!isPrice(price) || size > MAX_SIZE || orderId > MAX_ID) return -1;
    const row = this.rows.begin(kind, this.instrument(view, at));
    const batch = this.writer.batch;
    batch.flags[row] = EventFlag.eventEnd;
    batch.price[row] = price;
    batch.size[row] = size;
    batch.ref[row] = orderId;
    return row;
  }
}
