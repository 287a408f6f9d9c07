/**
 * Binance messages → rows in application order. Each depth update passes its symbol's gate first: what comes before the
 * image waits, what the image holds is dropped and counted, a hole voids the book until the next image. Must not know
 * files or line forms: it is handed one JSON text with its receive time, by an import or by a live connector.
 */
import { type DecoderContext, EventKind, type TimedText, UnparseableReason, type VenueMapper } from '../../model/index.ts';
import { DepthFlow } from './depth.ts';
import { checkMarket, MARKET_NAMES } from './market.ts';
import { BinanceMessage } from './message.ts';
import { FIRST_MICROSECOND_STAMP, type NoteFields, RowEmitter } from './rows.ts';
import { createScanner } from './scan.ts';
import { type BinanceVenue, isForeignList, type SymbolState, SymbolTable, type SyncFacts, symbolOfUrl } from './symbols.ts';
import { readJson } from './wire.ts';

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

/**
 * Creates the mapper of one recording or connection.
 * @errors FormatError `format.wrong-venue` from `line` when a depth update is certainly of another market than `venue`
 */
export function createBinanceMapper(context: DecoderContext, options: { venue: BinanceVenue }): BinanceMapper {
  context.report.protocol = MARKET_NAMES[options.venue];
  return new Mapper(context, options.venue);
}

class Mapper implements BinanceMapper {
  fallbacks = 0;
  readonly clock: ClockFacts = { count: 0, minNs: Number.POSITIVE_INFINITY, maxNs: Number.NEGATIVE_INFINITY, negative: 0 };
  private readonly context: DecoderContext;
  private readonly venue: BinanceVenue;
  /** Address of the answer at hand. */
  private url: string | null = null;
  private readonly symbols: SymbolTable;
  private readonly rows: RowEmitter;
  private readonly message: BinanceMessage;
  private readonly scan = createScanner();
  private readonly depth: DepthFlow;
  private readonly last = { hi: 0, lo: 0 };
  private early: { readonly kind: number; readonly fields: NoteFields }[] = [];

  constructor(context: DecoderContext, venue: BinanceVenue) {
    this.context = context;
    this.venue = venue;
    this.symbols = new SymbolTable(context, venue);
    this.message = new BinanceMessage((symbol) => this.symbols.scalesOf(symbol !== '' ? symbol : (this.placeOf(this.url) ?? '')));
    this.rows = new RowEmitter(context.writer);
    this.depth = new DepthFlow(context, this.rows);
  }

  line({ timeHi, timeLo, url, bytes, start, end }: TimedText): void {
    const { report } = this.context;
    report.packets++;
    this.checkTime(timeHi, timeLo);
    const message = this.message;
    this.url = url;
    if (this.scan(bytes, start, end, message) < 0) {
      this.fallbacks++;
      const refused = readJson(bytes, start, end, message);
      if (refused !== 0) {
        this.refuse(refused, bytes.subarray(start, end));
        return;
      }
    }
    if (message.type === 'exchangeInfo') this.takeList(message, url);
    const state = this.target(message, url);
    const isPlaced = message.type !== 'depthSnapshot' || state !== null;
    if (!isPlaced || !isTime(message.eventTime) || !isTime(message.tradeTime)) {
      this.refuse(isPlaced ? UnparseableReason.badField : UnparseableReason.unknownMessage, bytes.subarray(start, end));
      return;
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
    this.noteStream(EventKind.truncated, { size: bytes.length });
    this.context.deadLetter({
      reason: 'the file ends inside this line',
      where: 'last line',
      bytes: bytes.slice(0, 4_096),
      receiveNs: this.lastNs(),
    });
  }

  end(): void {
    this.rows.at(this.last.hi, this.last.lo, 0);
    this.tellEarly();
    for (const state of this.symbols.all()) this.depth.end(state);
  }

  syncFacts(): ReadonlyMap<string, Readonly<SyncFacts>> {
    const facts = new Map<string, Readonly<SyncFacts>>();
    for (const state of this.symbols.all()) if (state.hasDepth) facts.set(state.instrument.symbol, state.facts);
    return facts;
  }

  private target(message: BinanceMessage, url: string | null): SymbolState | null {
    if (message.type === 'other' || message.type === 'exchangeInfo') return null;
    const symbol = message.symbol !== '' ? message.symbol : this.placeOf(url);
    return symbol === null ? null : this.symbols.get(symbol, message.scales);
  }

  /** The symbol of an image that does not carry it, null when it cannot be told. */
  private placeOf(url: string | null): string | null {
    return symbolOfUrl(url) ?? this.symbols.soleImageTarget()?.instrument.symbol ?? null;
  }

  private takeList(message: BinanceMessage, url: string | null): void {
    if (isForeignList(url, this.venue)) message.countedAs = 'exchangeInfoOfOtherMarket';
    else this.symbols.list(message.listed);
  }

  private apply(state: SymbolState, message: BinanceMessage): void {
    const id = state.instrument.id;
    if (message.type === 'depthUpdate') {
      // The first of each symbol decides: a later one that differs is damage, which is counted and never thrown.
      if (!state.hasDepth) checkMarket(this.venue, message.symbol, message.previousId);
      this.depth.update(state, message, this.last);
    } else if (message.type === 'depthSnapshot') this.depth.image(state, message);
    else if (message.type === 'bookTicker') this.rows.quote(id, message);
    else if (message.type === 'trade' && !message.outsideBook) {
      state.hasTrades = true;
      this.rows.trade(id, message);
    } else if (message.type === 'aggTrade' && !state.hasTrades) {
      // Once single trades have shown, the same fills come as those: reporting both would double the volume.
      this.rows.trade(id, message);
    }
  }

  private checkTime(hi: number, lo: number): void {
    const { last } = this;
    const stepNs = (last.hi - hi) * 4_294_967_296 + (last.lo - lo);
    last.hi = hi;
    last.lo = lo;
    if (stepNs <= 0 && this.early.length === 0) return;
    this.rows.at(hi, lo, 0);
    this.tellEarly();
    if (stepNs <= 0) return;
    this.context.report.timeSteps++;
    this.rows.note(EventKind.timeStep, -1, { size: stepNs });
  }

  /** A row for the whole stream at the last receive time; before there is one it waits for the first. */
  private noteStream(kind: number, fields: NoteFields): void {
    if (this.last.hi === 0 && this.last.lo === 0) {
      this.early.push({ kind, fields });
      return;
    }
    this.rows.at(this.last.hi, this.last.lo, 0);
    this.rows.note(kind, -1, fields);
  }

  private tellEarly(): void {
    for (const { kind, fields } of this.early) this.rows.note(kind, -1, fields);
    this.early = [];
  }

  private measureClock(): void {
    const latency = this.rows.latencyNs;
    if (Number.isNaN(latency)) return;
    const { clock } = this;
    clock.count++;
    if (latency < clock.minNs) clock.minNs = latency;
    if (latency > clock.maxNs) clock.maxNs = latency;
    if (latency < 0) {
      clock.negative++;
      this.context.report.negativeLatencies++;
    }
  }

  private refuse(reason: UnparseableReason, bytes: Uint8Array, where?: string): void {
    const { report } = this.context;
    report.unparseable++;
    this.noteStream(EventKind.unparseable, { code: reason });
    this.context.deadLetter({
      reason: REASONS[reason] ?? 'cannot be read',
      where: where ?? `packet ${report.packets}`,
      bytes: bytes.slice(0, 4_096),
      receiveNs: this.lastNs(),
    });
  }

  private lastNs(): string | null {
    const { hi, lo } = this.last;
    return hi === 0 && lo === 0 ? null : ((BigInt(hi) << 32n) | BigInt(lo)).toString();
  }
}

const LAST_MS = 4_102_444_800_000; // the year 2100

/** Whether a venue time is absent, or milliseconds or microseconds of this century: anything else does not fit the time columns. */
function isTime(time: number): boolean {
  return time < LAST_MS || (time >= FIRST_MICROSECOND_STAMP && time < LAST_MS * 1_000);
}

const REASONS: Readonly<Partial<Record<number, string>>> = {
  [UnparseableReason.notJson]: 'not JSON',
  [UnparseableReason.unknownMessage]: 'no message that Binance is known to send, or an image whose symbol cannot be told',
  [UnparseableReason.badField]: 'a field is missing or of the wrong form',
  [UnparseableReason.numberOutOfRange]: 'a price or size is finer than the scale, or beyond 2^53 units or nine whole digits',
  [UnparseableReason.noReceiveTime]: 'the line has no receive time',
  [UnparseableReason.overrunsSegment]: 'the line is longer than 64 MB',
};
