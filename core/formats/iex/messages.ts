/**
 * Messages into rows, one by one: fields are read in place, as u32 words, and columns written; nothing is allocated per
 * message. Must not know captures, segments or the order of sequence numbers.
 */
import { EventFlag, EventKind, Side, UnparseableReason, type EventWriter } from '../../model/index.ts';
import { idAt, isPrice, MAX_SIZE, priceAt } from './fields.ts';
import { type Refusal, writeAuction, writeDirectory, writeOfficialPrice, writeStatus } from './messages-admin.ts';
import { OpenEvents } from './open-events.ts';
import { type Feed, NO_FEED, SALE_FLAGS, TYPE } from './protocol.ts';
import { MAX_TIME_OFFSET_NS, type StreamRows } from './rows.ts';
import { InstrumentCounter, SymbolTable } from './symbols.ts';

const MAX_ID = Number.MAX_SAFE_INTEGER;
const OUT_OF_RANGE = UnparseableReason.numberOutOfRange;

export class MessageDecoder {
  /** Messages by type byte. */
  readonly counts = new Float64Array(256);
  /** Event times that stepped back, against the message before, whatever its symbol. */
  timeSteps = 0;
  /** Messages whose event time lies after the capture time of their packet. */
  negativeLatencies = 0;
  readonly openEvents: OpenEvents;
  /** Event time of the last message, ns from the base. */
  lastTime = Number.NEGATIVE_INFINITY;
  /** Names of the kind of book that the feed at hand has. */
  symbols: SymbolTable;
  private readonly rows: StreamRows;
  private readonly writer: EventWriter;
  private readonly tables: Record<Feed['bookKind'], SymbolTable>;
  feed: Feed;

  constructor(rows: StreamRows) {
    this.rows = rows;
    this.writer = rows.writer;
    this.openEvents = new OpenEvents(rows);
    const counter = new InstrumentCounter();
    const table = (kind: Feed['bookKind']): SymbolTable => new SymbolTable(rows.context, kind, counter);
    this.tables = { quotes: table('quotes'), levels: table('levels'), orders: table('orders') };
    this.feed = NO_FEED;
    this.symbols = this.tables.levels;
  }

  /** Says to which feed the next messages belong. */
  select(feed: Feed): void {
    this.feed = feed;
    this.symbols = this.tables[feed.bookKind];
  }

  /** The base of the time columns changes: the last time is not comparable any more. */
  rebased(): void {
    this.lastTime = Number.NEGATIVE_INFINITY;
  }

  /** Counts plain messages that were read elsewhere: sells and trades are not buys, trades are not sells. */
  count(plain: number, notBuys: number, trades: number): void {
    const { counts } = this;
    counts[TYPE.levelBuy] = (counts[TYPE.levelBuy] as number) + plain - notBuys;
    counts[TYPE.levelSell] = (counts[TYPE.levelSell] as number) + notBuys - trades;
    counts[TYPE.trade] = (counts[TYPE.trade] as number) + trades;
  }

  /** Reads one message of `length` ≥ 1 bytes at `at`; returns 0, or why it could not be read. Counts it in either case. */
  decode(view: DataView, at: number, length: number): Refusal {
    const type = view.getUint8(at);
    const counts = this.counts;
    counts[type] = (counts[type] as number) + 1;
    const least = this.feed.leastLength[type] as number;
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
