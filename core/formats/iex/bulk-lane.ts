/**
 * The lane for what captures consist of: plain packets of plain messages, in one loop with everything that lasts held in
 * locals and no call that could change it. It reads only what it is sure of and stops before anything else, between packets
 * or between messages; whoever called it reads on from there by the general path, which gives the same rows. Must not know
 * how anything unusual is treated.
 */
import { EventFlag, EventKind, Side } from '../../model/index.ts';
import { MAX_RECORD_BYTES, TimeWords } from './capture/index.ts';
import { MAX_PRICE_UNITS, MAX_SIZE } from './fields.ts';
import type { MessageDecoder } from './messages.ts';
import { OpenBatch } from './open-batch.ts';
import { IEX_TP_HEADER_BYTES, IEX_TP_VERSION, PLAIN_STATUS, PLAIN_TRADE, SALE_FLAGS, STATUS_CODES, TYPE } from './protocol.ts';
import { MAX_TIME_OFFSET_NS, REBASE_NS, type StreamRows } from './rows.ts';
import type { Stream } from './sequence-gate.ts';

const WORD = 4_294_967_296;
const RECORD_HEADER_BYTES = 16;
/** Ethernet without tags, IPv4 without options, UDP. */
const FRAME_HEADER_BYTES = 42;
const SEGMENT_AT = RECORD_HEADER_BYTES + FRAME_HEADER_BYTES;
const LEAST_RECORD_BYTES = SEGMENT_AT + IEX_TP_HEADER_BYTES;
/** Least length of a plain message with its length field, bytes. */
const LEAST_MESSAGE_BYTES = 20;
/** Upper words of a sequence number from here on may not be exact. */
const MAX_UPPER_WORD = 1 << 20;

// Bindings of other modules are looked up and checked at every use; in the loop these stand for them.
const { status: STATUS, level: LEVEL, trade: TRADE, boundary: BOUNDARY } = EventKind;
const { eventEnd: EVENT_END, singlePriceCross: CROSS } = EventFlag;
const { none: NO_SIDE, unknown: UNKNOWN_SIDE } = Side;
const TRADE_MARK = PLAIN_TRADE;
const STATUS_MARK = PLAIN_STATUS;
const HALT = TYPE.tradingStatus;
const SHORT_SALE = TYPE.shortSaleTest;
const CODES = STATUS_CODES;
const SALES = SALE_FLAGS;
const MOST_SHARES = MAX_SIZE;
const MOST_UNITS = MAX_PRICE_UNITS;
const FARTHEST_EVENT = MAX_TIME_OFFSET_NS;
const FARTHEST_PACKET = REBASE_NS;
const MOST_RECORD_BYTES = MAX_RECORD_BYTES;
const SEGMENT_HEADER_BYTES = IEX_TP_HEADER_BYTES;
const VERSION = IEX_TP_VERSION;
/** Chunks and batches are smaller: a position masked with it is itself, and the engine knows that sums of it do not overflow. */
const POSITION = 0x3fffffff;
/** The same for rows: a batch has fewer. */
const ROW = 0x3ffffff;
/** Added to an event's time: NaN, no open event, when the flag says that the event is complete. */
const OPEN = Float64Array.of(0, Number.NaN);

export class BulkLane {
  /** Where the next message begins while some are left of a packet. */
  at = 0;
  /** Messages of the packet at hand that were not read yet; 0 = the lane stands between packets. */
  left = 0;
  /** Where the payload of the packet at hand ends. */
  payloadEnd = 0;
  /** Where the next record begins. */
  next = 0;
  /** Nanoseconds that one unit of the fraction of a record's time stands for. */
  nanosPerFraction = 1;
  /** Messages, packets and heartbeats read by the last `run`. */
  messages = 0;
  packets = 0;
  heartbeats = 0;
  private readonly rows: StreamRows;
  private readonly decoder: MessageDecoder;
  private readonly open: OpenBatch;
  private readonly time = new TimeWords();

  constructor(rows: StreamRows, decoder: MessageDecoder) {
    this.rows = rows;
    this.decoder = decoder;
    this.open = new OpenBatch(rows.writer);
  }

  /**
   * Reads the messages that are left, then records up to `end`, for as long as all is plain. Afterwards the position above,
   * the open batch, the counts and `stream` are as the general path would have left them.
   */
  run(view: DataView, end: number, stream: Stream): void {
    const { rows, decoder, open, nanosPerFraction } = this;
    const { writer } = rows;
    const { slots, names } = decoder.symbols;
    const { plain, leastLength, id: protocol } = decoder.feed;
    const { counts } = decoder;
    const { times } = decoder.openEvents;
    open.refresh();
    const { out } = open;
    const codeAt = open.codeAt & POSITION;
    const refAt = open.refAt & POSITION;
    const kindAt = open.kindAt & POSITION;
    const sideAt = open.sideAt & POSITION;
    const flagsAt = open.flagsAt & POSITION;
    const instrumentAt = open.instrumentAt & POSITION;
    const priceAt = open.priceAt & POSITION;
    const sizeAt = open.sizeAt & POSITION;
    const exchangeTimeAt = open.exchangeTimeAt & POSITION;
    const receiveTimeAt = open.receiveTimeAt & POSITION;
    const sequenceAt = open.sequenceAt & POSITION;
    const mask = slots.length - 1;
    const { baseSeconds, baseNanos } = rows;
    const baseHi = rows.baseHi >>> 0;
    const baseLo = rows.baseLo >>> 0;
    const { channel, session } = stream;
    // Version 1 in the lowest byte, the protocol in the upper half.
    const opening = (protocol << 16) | VERSION;
    // A boundary and the message itself must fit: then the batch cannot change inside the loop.
    const lastRow = writer.capacity - 2;
    let received = rows.receiveTime;
    let expected = stream.expected;
    let sendHi = stream.sendHi >>> 0;
    let sendLo = stream.sendLo >>> 0;
    let seconds = 0;
    let nanos = 0;
    let at = this.at & POSITION;
    let left = this.left & POSITION;
    let payloadEnd = this.payloadEnd & POSITION;
    let next = this.next & POSITION;
    let sequence = expected - left;
    let runFrom = rows.sequence;
    let row = writer.used & ROW;
    let packets = 0;
    let heartbeats = 0;
    let admitted = left;
    let notBuys = 0;
    let trades = 0;
    let statuses = 0;
    let steps = 0;
    let early = 0;
    let last = decoder.lastTime;
    for (;;) {
      if (left === 0) {
        const record = next & POSITION;
        const space = end - record - LEAST_RECORD_BYTES;
        if (space < 0 || row > lastRow) break;
        const captured = view.getInt32(record + 8, true);
        if (captured < LEAST_RECORD_BYTES - RECORD_HEADER_BYTES || captured > space + LEAST_RECORD_BYTES - RECORD_HEADER_BYTES) break;
        if (captured > MOST_RECORD_BYTES || captured < view.getUint32(record + 12, true)) break;
        // Ethernet type 0x0800, IP version 4 with a header of five words; no fragment, UDP.
        if ((view.getInt32(record + 28, true) & 0xffffff) !== 0x450008) break;
        if ((view.getInt32(record + 36, true) & 0xff00ff3f) !== 0x11000000) break;
        const ipBytes = view.getUint16(record + 32);
        const udpBytes = view.getUint16(record + 54);
        const segment = record + SEGMENT_AT;
        const payload = view.getUint16(segment + 12, true);
        if (ipBytes + 14 > captured || udpBytes + 20 > ipBytes || payload + 48 > udpBytes) break;
        if ((view.getInt32(segment, true) & 0xffff00ff) !== opening) break;
        if (view.getUint32(segment + 4, true) !== channel || view.getUint32(segment + 8, true) !== session) break;
        const upper = view.getUint32(segment + 28, true);
        const first = upper * WORD + view.getUint32(segment + 24, true);
        if (first !== expected || upper >= MAX_UPPER_WORD || first < 2) break;
        const second = view.getUint32(record, true);
        const fraction = view.getUint32(record + 4, true) * nanosPerFraction;
        const time = (second - baseSeconds) * 1e9 + (fraction - baseNanos);
        if (!(time >= received && time <= FARTHEST_PACKET) || second === 0) break;
        received = time;
        seconds = second;
        nanos = fraction;
        const hi = view.getUint32(segment + 36, true);
        const lo = view.getUint32(segment + 32, true);
        if (hi > sendHi || (hi === sendHi && lo > sendLo)) {
          sendHi = hi;
          sendLo = lo;
        }
        packets++;
        next = record + RECORD_HEADER_BYTES + captured;
        at = segment + SEGMENT_HEADER_BYTES;
        payloadEnd = at + payload;
        left = view.getUint16(segment + 14, true);
        expected = first + left;
        admitted += left;
        if (left === 0) {
          heartbeats++;
          continue;
        }
        sequence = first;
        runFrom = first;
      }
      const place = at & POSITION;
      const rest = payloadEnd - place;
      if (row > lastRow || rest < LEAST_MESSAGE_BYTES) break;
      const length = view.getUint16(place, true);
      const type = view.getUint8(place + 2);
      const what = plain[type] as number;
      if (what === 0 || length < (leastLength[type] as number) || length > rest - 2) break;
      const low = view.getUint32(place + 12, true);
      const high = view.getUint32(place + 16, true);
      // Two looks and no loop: an inner loop would keep the engine from hoisting what stays the same.
      const mixed = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
      const hash = mixed ^ (mixed >>> 15);
      let id = (slots[hash & mask] as number) - 1;
      if (id < 0) break;
      if (names[2 * id] !== low || names[2 * id + 1] !== high) {
        id = (slots[(hash + 1) & mask] as number) - 1;
        if (id < 0 || names[2 * id] !== low || names[2 * id + 1] !== high) break;
      }
      const time = (view.getUint32(place + 8, true) - baseHi) * WORD + (view.getUint32(place + 4, true) - baseLo);
      if (!(time <= FARTHEST_EVENT && time >= -FARTHEST_EVENT)) break;
      const byte = view.getUint8(place + 3);
      let rowKind: number = LEVEL;
      let rowSide = what;
      let rowFlags = byte & EVENT_END;
      let number = sequence;
      let shares = 0;
      let units = 0;
      if (what === STATUS_MARK) {
        const code = CODES[type * 256 + byte] as number;
        if (code === 0) break;
        out.setUint16(codeAt + 2 * row, code, true);
        if (type === HALT) out.setFloat64(refAt + 8 * row, view.getUint32(place + 20), true);
        else if (type === SHORT_SALE) out.setFloat64(refAt + 8 * row, view.getUint8(place + 20), true);
        rowKind = STATUS;
        rowSide = NO_SIDE;
        rowFlags = 0;
        statuses++;
        runFrom = left > 1 ? sequence + 1 : sequence;
        counts[type] = (counts[type] as number) + 1;
      } else {
        shares = view.getUint32(place + 20, true);
        units = view.getInt32(place + 28, true) * WORD + view.getUint32(place + 24, true);
        if (id >= times.length || !(units >= 0 && units < MOST_UNITS) || shares > MOST_SHARES) break;
        if (what === TRADE_MARK) {
          number = view.getUint32(place + 36, true) * WORD + view.getUint32(place + 32, true);
          if (number > Number.MAX_SAFE_INTEGER) break;
          rowKind = TRADE;
          rowFlags = SALES[byte] as number;
          rowSide = (rowFlags & CROSS) !== 0 ? NO_SIDE : UNKNOWN_SIDE;
          trades++;
        }
        notBuys += what >>> 1;
        const opened = times[id] as number;
        // NaN, no open event, differs from itself.
        if (opened === opened && opened !== time) {
          out.setUint8(kindAt + row, BOUNDARY);
          out.setUint32(flagsAt + 4 * row, EVENT_END, true);
          out.setUint32(instrumentAt + 4 * row, id, true);
          out.setFloat64(exchangeTimeAt + 8 * row, opened, true);
          out.setFloat64(receiveTimeAt + 8 * row, received, true);
          out.setFloat64(sequenceAt + 8 * row, sequence, true);
          row = (row + 1) & ROW;
          times[id] = Number.NaN;
        }
        if (rowKind === LEVEL) times[id] = time + (OPEN[rowFlags] as number);
      }
      if (time < last) steps++;
      if (time > received) early++;
      last = time;
      out.setUint8(kindAt + row, rowKind);
      out.setUint8(sideAt + row, rowSide);
      out.setUint32(flagsAt + 4 * row, rowFlags, true);
      out.setUint32(instrumentAt + 4 * row, id, true);
      out.setFloat64(priceAt + 8 * row, units, true);
      out.setFloat64(sizeAt + 8 * row, shares, true);
      out.setFloat64(exchangeTimeAt + 8 * row, time, true);
      out.setFloat64(receiveTimeAt + 8 * row, received, true);
      out.setFloat64(sequenceAt + 8 * row, number, true);
      row = (row + 1) & ROW;
      left = (left - 1) & POSITION;
      sequence++;
      at = (place + 2 + length) & POSITION;
    }
    const done = admitted - left;
    writer.take(row - writer.used);
    decoder.count(done - statuses, notBuys, trades);
    decoder.timeSteps += steps;
    decoder.negativeLatencies += early;
    decoder.lastTime = last;
    this.at = at;
    this.left = left;
    this.payloadEnd = payloadEnd;
    this.next = next;
    this.messages = done;
    this.packets = packets;
    this.heartbeats = heartbeats;
    rows.sequence = runFrom;
    if (packets === 0) return;
    stream.expected = expected;
    stream.sendHi = sendHi;
    stream.sendLo = sendLo;
    this.time.setSeconds(seconds, nanos);
    rows.received(this.time, received);
  }
}
