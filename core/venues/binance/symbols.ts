/**
 * The instruments of one Binance recording: defined on first use, with their gate and waiting room. Nothing is guessed from a
 * symbol's letters: without an instrument list there is no canonical symbol and no tick. Must not know messages or rows.
 */
import type { DecoderContext, Instrument } from '../../model/index.ts';
import { PRICE_SCALE } from './message.ts';
import { DepthGate, WaitingRoom } from './sequence.ts';

export type BinanceVenue = 'binance' | 'binance-usdm' | 'binance-coinm';

/**
 * Returns the decimal digits of a size unit. Spot writes eight. Futures write at most three, but books with more than 90 million
 * in one level, which eight digits have no room for below 2^53.
 */
export function sizeScaleOf(venue: BinanceVenue): number {
  return venue === 'binance' ? 8 : 6;
}

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

  constructor(context: DecoderContext, venue: BinanceVenue) {
    this.context = context;
    this.venue = venue;
  }

  all(): Iterable<SymbolState> {
    return this.states.values();
  }

  /** Returns the state of a symbol, defining its instrument the first time. */
  get(symbol: string): SymbolState {
    const known = this.states.get(symbol);
    if (known !== undefined) return known;
    const instrument: Instrument = {
      id: this.states.size,
      venue: this.venue,
      symbol,
      canonicalSymbol: null,
      assetClass: this.venue === 'binance' ? 'crypto' : 'future',
      priceScale: PRICE_SCALE,
      sizeScale: sizeScaleOf(this.venue),
      tickUnits: null,
      priceText: 'canonical',
      bookKind: 'levels',
      synthetic: false,
    };
    const state: SymbolState = {
      instrument,
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
