/**
 * Binance messages → rows in application order. Each depth update passes its symbol's gate first: what comes before the
 * image waits, what the image holds is dropped and counted, a hole voids the book until the next image. Must not know
 * files or line forms: it is handed one JSON text with its receive time, by an import or by a live connector.
 */
import { type DecoderContext, EventKind, LateCode, type TimedText, UnparseableReason, type VenueMapper } from '../../model/index.ts';
import { BinanceMessage } from './message.ts';
import { RowEmitter } from './rows.ts';
import { createScanner } from './scan.ts';
import type { HeldUpdate } from './sequence.ts';
import { type BinanceVenue, type SymbolState, SymbolTable, type SyncFacts, sizeScaleOf, symbolOfUrl } from './symbols.ts';
import { readJson } from './wire.ts';

const PROTOCOLS: Record<BinanceVenue, string> = {
  binance: 'Binance spot',
  'binance-usdm': 'Binance USD-M futures',
  'binance-coinm': 'Binance COIN-M futures',
};

/** Receive time minus event time over all socket messages that carry an event time. ns */
export interface ClockFacts {
  count: number;
  minNs: number;
  maxNs: number;
  negative: number;
}

export interface BinanceMapper extends VenueMapper {
  readonly clock: Readonly<ClockFacts>;
  /** Messages that the byte scanner left to JSON.parse. */
  readonly fallbacks: number;
  syncFacts(): ReadonlyMap<string, Readonly<SyncFacts>>;
}

/** Creates the mapper of one recording or connection. */
export function createBinanceMapper(context: DecoderContext, options: { venue: BinanceVenue }): BinanceMapper {
  context.report.protocol = PROTOCOLS[options.venue];
  return new Mapper(context, options.venue);
}

class Mapper implements BinanceMapper {
  fallbacks = 0;
  readonly clock: ClockFacts = { count: 0, minNs: Number.POSITIVE_INFINITY, maxNs: Number.NEGATIVE_INFINITY, negative: 0 };
  private readonly context: DecoderContext;
  private readonly symbols: SymbolTable;
  private readonly rows: RowEmitter;
  private readonly message: BinanceMessage;
  private readonly scan = createScanner();
  private lastHi = 0;
  private lastLo = 0;

  constructor(context: DecoderContext, venue: BinanceVenue) {
    this.context = context;
    this.message = new BinanceMessage(sizeScaleOf(venue));
    this.symbols = new SymbolTable(context, venue);
    this.rows = new RowEmitter(context.writer);
  }

  line({ timeHi, timeLo, url, bytes, start, end }: TimedText): void {
    const { report } = this.context;
    report.packets++;
    this.checkTime(timeHi, timeLo);
    const message = this.message;
    if (this.scan(bytes, start, end, message) < 0) {
      this.fallbacks++;
      const refused = readJson(bytes, start, end, message);
      if (refused !== 0) return this.refuse(refused, bytes.subarray(start, end));
    }
    const state = this.target(message, url);
    if (message.type === 'depthSnapshot' && state === null) {
      return this.refuse(UnparseableReason.unknownMessage, bytes.subarray(start, end));
    }
    report.messages++;
    report.messagesByType[message.countedAs] = (report.messagesByType[message.countedAs] ?? 0) + 1;
    this.rows.at(timeHi, timeLo, message.eventTime);
    if (message.type !== 'depthSnapshot') this.measureClock();
    if (state !== null) this.apply(state, message);
  }

  control(): void {
    this.context.report.packets++;
  }

  unreadable(reason: UnparseableReason, where: string, bytes: Uint8Array): void {
    this.context.report.packets++;
    this.refuse(reason, bytes, where);
  }

  truncated(bytes: Uint8Array): void {
    const { report } = this.context;
    report.packets++;
    report.truncatedBytes += bytes.length;
    this.rows.at(this.lastHi, this.lastLo, 0);
    this.rows.note(EventKind.truncated, -1, { size: bytes.length });
    this.context.deadLetter({
      reason: 'the file ends inside this line',
      where: 'last line',
      bytes: bytes.slice(0, 4_096),
      receiveNs: this.lastNs(),
    });
  }

  end(): void {
    for (const { gate, room, instrument } of this.symbols.all()) {
      if (!gate.waiting || room.count === 0) continue;
      this.rows.at(this.lastHi, this.lastLo, 0);
      if (room.dropped > 0) this.rows.note(EventKind.late, instrument.id, { size: room.dropped, code: LateCode.overflow });
      this.rows.note(EventKind.late, instrument.id, { size: room.count, code: LateCode.noImage });
    }
  }

  syncFacts(): ReadonlyMap<string, Readonly<SyncFacts>> {
    const facts = new Map<string, Readonly<SyncFacts>>();
    for (const state of this.symbols.all()) if (state.hasDepth) facts.set(state.instrument.symbol, state.facts);
    return facts;
  }

  private target(message: BinanceMessage, url: string | null): SymbolState | null {
    if (message.type === 'other') return null;
    const symbol = message.symbol !== '' ? message.symbol : symbolOfUrl(url);
    if (symbol !== null) return this.symbols.get(symbol);
    return this.symbols.soleImageTarget();
  }

  private apply(state: SymbolState, message: BinanceMessage): void {
    const id = state.instrument.id;
    switch (message.type) {
      case 'depthUpdate':
        return this.depth(state, message, null);
      case 'depthSnapshot':
        return this.image(state, message);
      case 'bookTicker':
        return this.rows.quote(id, message);
      case 'trade':
        if (message.outsideBook) return;
        state.hasTrades = true;
        return this.rows.trade(id, message);
      case 'aggTrade':
        // The same fills come as single trades: reporting both would double the volume.
        if (!state.hasTrades) this.rows.trade(id, message);
        return;
      default:
        return;
    }
  }

  /** Passes one update through the gate; `held` when it comes out of the waiting room. The row times are set already. */
  private depth(state: SymbolState, update: BinanceMessage | HeldUpdate, held: HeldUpdate | null): void {
    const { gate, facts, instrument } = state;
    const expected = gate.lastId;
    state.hasDepth = true;
    switch (gate.accept(update.firstId, update.lastId, update.previousId)) {
      case 'apply':
        facts.applied++;
        facts.levelUpdates += update.bids + update.asks;
        facts.lastId = update.lastId;
        return this.rows.update(instrument.id, update, update.lastId);
      case 'stale':
        facts.staleDropped++;
        this.context.report.staleDropped++;
        if (held === null) this.rows.note(EventKind.late, instrument.id, { sequence: update.lastId, size: 1 });
        return;
      case 'duplicate':
        facts.duplicates++;
        this.context.report.duplicates++;
        return this.rows.note(EventKind.duplicate, instrument.id, { sequence: update.firstId, size: 1 });
      case 'gap':
        this.gap(state, update, expected);
        return this.hold(state, update, held);
      case 'hold':
        return this.hold(state, update, held);
    }
  }

  private hold(state: SymbolState, update: BinanceMessage | HeldUpdate, held: HeldUpdate | null): void {
    if (held !== null) state.room.keep(held);
    else state.room.hold(update as BinanceMessage, this.lastHi, this.lastLo);
  }

  private gap(state: SymbolState, update: BinanceMessage | HeldUpdate, expected: number): void {
    state.facts.gaps++;
    this.context.report.gaps++;
    const id = state.instrument.id;
    // Futures ids have holes by nature, so only spot tells how many are missing.
    const missing = update.previousId < 0 ? Math.max(0, update.firstId - expected - 1) : 0;
    this.rows.note(EventKind.gap, id, { sequence: expected + 1, ref: update.firstId, size: missing });
    this.rows.note(EventKind.clear, id, { sequence: update.firstId });
  }

  private image(state: SymbolState, message: BinanceMessage): void {
    const { gate, room, facts, instrument } = state;
    const imageId = message.lastId;
    const isStale = (lastId: number): boolean => gate.isStale(lastId, imageId);
    if (!gate.canUse(imageId, room.firstFresh(isStale))) {
      return this.rows.note(EventKind.late, instrument.id, { sequence: imageId, size: 1, code: LateCode.unusableImage });
    }
    const waiting = room.takeAll();
    if (room.dropped > 0) this.rows.note(EventKind.late, instrument.id, { size: room.dropped, code: LateCode.overflow });
    room.dropped = 0;
    if (facts.images === 0) facts.bufferedBeforeSnapshot = waiting.length;
    facts.images++;
    facts.imageId = imageId;
    gate.start(imageId);
    this.rows.image(instrument.id, message, imageId);
    const stale = waiting.filter((update) => isStale(update.lastId)).length;
    if (stale > 0) this.rows.note(EventKind.late, instrument.id, { sequence: imageId, size: stale });
    for (const update of waiting) {
      this.rows.at(update.timeHi, update.timeLo, update.eventTime);
      this.depth(state, update, update);
    }
  }

  private checkTime(timeHi: number, timeLo: number): void {
    const stepNs = (this.lastHi - timeHi) * 4_294_967_296 + (this.lastLo - timeLo);
    this.lastHi = timeHi;
    this.lastLo = timeLo;
    if (stepNs <= 0) return;
    this.context.report.timeSteps++;
    this.rows.at(timeHi, timeLo, 0);
    this.rows.note(EventKind.timeStep, -1, { size: stepNs });
  }

  private measureClock(): void {
    const latency = this.rows.latencyNs;
    if (Number.isNaN(latency)) return;
    const { clock } = this;
    clock.count++;
    if (latency < clock.minNs) clock.minNs = latency;
    if (latency > clock.maxNs) clock.maxNs = latency;
    if (latency < 0) clock.negative++;
  }

  private refuse(reason: UnparseableReason, bytes: Uint8Array, where?: string): void {
    const { report } = this.context;
    report.unparseable++;
    this.rows.at(this.lastHi, this.lastLo, 0);
    this.rows.note(EventKind.unparseable, -1, { code: reason });
    this.context.deadLetter({
      reason: REASONS[reason] ?? 'cannot be read',
      where: where ?? `packet ${report.packets}`,
      bytes: bytes.slice(0, 4_096),
      receiveNs: this.lastNs(),
    });
  }

  private lastNs(): string | null {
    if (this.lastHi === 0 && this.lastLo === 0) return null;
    return ((BigInt(this.lastHi) << 32n) | BigInt(this.lastLo)).toString();
  }
}

const REASONS: Readonly<Partial<Record<number, string>>> = {
  [UnparseableReason.notJson]: 'not JSON',
  [UnparseableReason.unknownMessage]: 'no message that Binance is known to send, or an image whose symbol cannot be told',
  [UnparseableReason.badField]: 'a field is missing or of the wrong form',
  [UnparseableReason.numberOutOfRange]: 'a price or size does not fit the scale below 2^53 units',
  [UnparseableReason.noReceiveTime]: 'the line has no receive time',
  [UnparseableReason.overrunsSegment]: 'the line is longer than 64 MB',
};
