/**
 * The instruments of one Binance recording: defined on first use from the venue's list as far as it has come by then, with
 * their gate and waiting room. Nothing is guessed from a symbol's letters: without a list there is no canonical symbol and no
 * tick. A definition never changes, since rows are already written in its units: a list that comes later leaves it. Must not
 * know messages or rows.
 */
import type { DecoderContext, Instrument } from '../../model/index.ts';
import type { ListedSymbol } from './instrument-list.ts';
import { type Scales, scaleOf } from './scales.ts';
import { DepthGate, WaitingRoom } from './sequence.ts';

export type BinanceVenue = 'binance' | 'binance-usdm' | 'binance-coinm';

/**
 * Scales without a list: all eight digits that the venue writes. Futures sizes have at most three, but books hold more than
 * 90 million in one level, which eight digits have no room for below 2^53.
 */
const DEFAULT_SCALES: Record<BinanceVenue, Scales> = {
  binance: { price: scaleOf(8, true), size: scaleOf(8, true) },
  'binance-usdm': { price: scaleOf(8, true), size: scaleOf(6, true) },
  'binance-coinm': { price: scaleOf(8, true), size: scaleOf(6, true) },
};

const LIST_PATHS: readonly (readonly [RegExp, BinanceVenue])[] = [
  [/\/api\/v\d+\/exchangeInfo/, 'binance'],
  [/\/fapi\/v\d+\/exchangeInfo/, 'binance-usdm'],
  [/\/dapi\/v\d+\/exchangeInfo/, 'binance-coinm'],
];

/** What the gate of one symbol did; for reports and tests. */
export interface SyncFacts {
  images: number;
  staleDropped: number;
  gaps: number;
  duplicates: number;
  /** Depth updates applied, and the levels in them. */
  applied: number;
  levelUpdates: number;
  /** Updates in the waiting room when the first image came. */
  bufferedBeforeSnapshot: number;
  /** Update id of the last image used and of the last update applied. */
  imageId: number;
  lastId: number;
}

export interface SymbolState {
  readonly instrument: Instrument;
  readonly scales: Scales;
  readonly gate: DepthGate;
  readonly room: WaitingRoom;
  readonly facts: SyncFacts;
  /** A depth update was seen. */
  hasDepth: boolean;
  /** A trade message was seen: aggregate trades then repeat the same fills. */
  hasTrades: boolean;
}

export class SymbolTable {
  private readonly context: DecoderContext;
  private readonly venue: BinanceVenue;
  private readonly states = new Map<string, SymbolState>();
  private readonly listed = new Map<string, ListedSymbol>();

  constructor(context: DecoderContext, venue: BinanceVenue) {
    this.context = context;
    this.venue = venue;
  }

  all(): Iterable<SymbolState> {
    return this.states.values();
  }

  /** Takes a list; a symbol that is listed again takes the newer entry until it is defined. */
  list(symbols: readonly ListedSymbol[]): void {
    for (const one of symbols) this.listed.set(one.symbol, one);
  }

  /** Returns the scales of a symbol: those of its definition, else of the list, else the default, open to its first message. */
  scalesOf(symbol: string): Scales {
    const state = this.states.get(symbol);
    if (state !== undefined) return state.scales;
    const scales = DEFAULT_SCALES[this.venue];
    const listed = this.listed.get(symbol);
    return listed === undefined ? scales : { price: listed.price ?? scales.price, size: listed.size ?? scales.size };
  }

  /** Returns the state of a symbol, defining its instrument the first time with the scales at which its first message was read. */
  get(symbol: string, { price, size }: Scales): SymbolState {
    const known = this.states.get(symbol);
    if (known !== undefined) return known;
    const listed = this.listed.get(symbol);
    const instrument: Instrument = {
      id: this.states.size,
      venue: this.venue,
      symbol,
      canonicalSymbol: listed?.canonicalSymbol ?? null,
      assetClass: this.venue === 'binance' ? 'crypto' : 'future',
      priceScale: price.digits,
      sizeScale: size.digits,
      tickUnits: listed?.tickUnits ?? null,
      priceText: 'canonical',
      bookKind: 'levels',
      synthetic: false,
    };
    const state: SymbolState = {
      instrument,
      scales: { price: scaleOf(price.digits), size: scaleOf(size.digits) },
      gate: new DepthGate(this.venue === 'binance' ? 'spot' : 'futures'),
      room: new WaitingRoom(),
      facts: {
        images: 0,
        staleDropped: 0,
        gaps: 0,
        duplicates: 0,
        applied: 0,
        levelUpdates: 0,
        bufferedBeforeSnapshot: 0,
        imageId: 0,
        lastId: 0,
      },
      hasDepth: false,
      hasTrades: false,
    };
    this.states.set(symbol, state);
    this.context.defineInstrument(instrument);
    return state;
  }

  /**
   * Returns the symbol that an image without one is for: the only one whose updates wait for an image, or the only one that the
   * recording has shown at all. null otherwise: an image given to the wrong symbol would void a book that is exact.
   */
  soleImageTarget(): SymbolState | null {
    const all = [...this.states.values()];
    const waiting = all.filter((state) => state.hasDepth && state.gate.waiting);
    const candidates = waiting.length > 0 ? waiting : all;
    return candidates.length === 1 ? candidates[0] : null;
  }
}

/** Returns the `symbol` parameter of a REST address in upper case, null when it has none. */
export function symbolOfUrl(url: string | null): string | null {
  const match = url === null ? null : /[?&]symbol=([^&#]+)/.exec(url);
  return match === null ? null : match[1].toUpperCase();
}

/** Whether a list from this address is of another of the venue's markets, where the same symbols are other instruments. */
export function isForeignList(url: string | null, venue: BinanceVenue): boolean {
  const market = url === null ? undefined : LIST_PATHS.find(([path]) => path.test(url));
  return market !== undefined && market[1] !== venue;
}
