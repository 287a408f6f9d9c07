/**
 * A made-up host in the page: answers the calls of the contract from the made-up market and sends ViewFrames through the
 * real codec. Its time moves only when a test (or play) moves it.
 */
import type { CallName, CallParams, CallResults, StreamName, ViewInfo, ViewWindow } from '../../../core/contract/index.ts';
import { encodeViewFrame, RowFlag, type ViewFrame } from '../../../core/frames/index.ts';
import {
  emptySourceReport,
  type InstrumentActivity,
  type Manifest,
  type QualityBand,
  type SessionSummary,
} from '../../../core/model/index.ts';
import type { HostLink } from '../../../renderer/client/index.ts';
import { noise, PRICE_SCALE, SIZE_SCALE, sizeAt, touchAt, tradesAt } from './made-up-market.ts';

const FROM_NS = 1_795_095_000_000_000_000n;
const LENGTH_S = 6 * 3600;
const STEP_UNITS = 1;
const BOOK_LEVELS = 900;
const PLAIN_SIZE = 1000;

type Observer = { onItem(item: unknown): void | Promise<void>; onError(error: Error): void };

export interface MadeUpOptions {
  readonly empty: boolean;
  /** Every bid cell holds the same size and every ask cell a hundred times it: a known cell gives a known colour. */
  readonly plain: boolean;
  readonly gaps: boolean;
  /** Rows are flagged (gap, then resync) that no band of the session names. */
  readonly flags: boolean;
}

export class MadeUpHost implements HostLink {
  headS = 3540;
  playing = false;
  speed = 1;
  private epoch = 0;
  private window: ViewWindow | null = null;
  private frames: Observer | null = null;
  private busy = false;
  private lastSent: { firstRow: number; rows: number; epoch: number } | null = null;
  readonly calls: string[] = [];
  private readonly options: MadeUpOptions;

  constructor(options: MadeUpOptions) {
    this.options = options;
  }

  call<K extends CallName>(name: K, params: CallParams<K>): Promise<CallResults[K]> {
    this.calls.push(name);
    return Promise.resolve(this.answer(name, params as Record<string, unknown>) as CallResults[K]);
  }

  subscribe<K extends StreamName>(name: K, _params: unknown, observer: never): () => void {
    const to = observer as unknown as Observer;
    if (name === 'sessions') queueMicrotask(() => to.onItem(this.options.empty ? [] : [summary(), ...OTHERS]));
    if (name === 'jobs') queueMicrotask(() => to.onItem(this.options.empty ? [] : JOBS));
    if (name === 'status')
      queueMicrotask(() => to.onItem({ memoryBytes: 412e6, eventsPerSecond: 18_420, deadLetters: 2, cacheBytes: 1.1e9 }));
    if (name === 'view.frames') {
      this.frames = to;
      void this.send();
    }
    return () => {
      if (name === 'view.frames') this.frames = null;
    };
  }

  onClose(): void {
    // It never closes.
  }

  /** Moves the head and sends the frame. */
  async advance(seconds: number): Promise<void> {
    this.headS += seconds;
    await this.send();
  }

  private answer(name: CallName, params: Record<string, unknown>): unknown {
    switch (name) {
      case 'app.info':
        return { version: '0.1.0', shell: 'browser', dataDir: '/data', node: '24' };
      case 'sessions.manifest':
        return manifest(this.options);
      case 'sessions.activity':
        return { fromNs: FROM_NS.toString(), toNs: toNs(LENGTH_S), counts: activity(), bands: bands(this.options) };
      case 'sessions.events':
        return EVENTS;
      case 'view.open':
        return viewInfo();
      case 'view.window':
        this.window = params['window'] as ViewWindow;
        this.epoch = params['epoch'] as number;
        this.lastSent = null;
        queueMicrotask(() => void this.send());
        return null;
      case 'replay.seek':
        this.headS = Number((BigInt(params['timeNs'] as string) - FROM_NS) / 1_000_000_000n);
        this.epoch = params['epoch'] as number;
        this.lastSent = null;
        queueMicrotask(() => void this.send());
        return null;
      case 'replay.play':
        this.speed = params['speed'] as number;
        this.playing = true;
        queueMicrotask(() => void this.send());
        return null;
      case 'replay.pause':
        this.playing = false;
        queueMicrotask(() => void this.send());
        return null;
      default:
        return null;
    }
  }

  private async send(): Promise<void> {
    if (!this.frames || !this.window || this.busy) return;
    this.busy = true;
    await this.frames.onItem(encodeViewFrame(this.frame(this.window)));
    this.busy = false;
    if (this.lastSent?.epoch !== this.epoch) await this.send();
  }

  private frame(window: ViewWindow): ViewFrame {
    const { bucketNs, bins, binUnits } = window;
    const [bid, ask] = touchAt(this.headS);
    const lowUnits = window.lowUnits ?? (Math.floor((bid + ask) / 2 / binUnits) - Math.floor(bins / 2)) * binUnits;
    const headNs = FROM_NS + BigInt(Math.round(this.headS * 1e9));
    const headRow = Number(headNs / BigInt(bucketNs));
    const endRow = window.endNs === null ? headRow : Number((BigInt(window.endNs) - 1n) / BigInt(bucketNs));
    const wantedFirst = endRow - window.rows + 1;
    const kind = this.lastSent && this.lastSent.epoch === this.epoch ? 'append' : 'full';
    const firstRow = kind === 'append' && this.lastSent ? this.lastSent.firstRow + this.lastSent.rows - 1 : wantedFirst;
    const rows = Math.max(1, endRow - firstRow + 1);
    this.lastSent = { firstRow, rows, epoch: this.epoch };
    const heat = new Float32Array(rows * bins);
    const touch = new Float64Array(rows * 2).fill(Number.NaN);
    const volume = new Float64Array(rows * 2);
    const rowFlags = new Uint8Array(rows);
    const trades: number[] = [];
    for (let r = 0; r < rows; r++) {
      const row = firstRow + r;
      const second = Number(BigInt(row) * BigInt(bucketNs) - FROM_NS) / 1e9;
      if (second < 0 || row > headRow) {
        rowFlags[r] = RowFlag.empty;
        continue;
      }
      if (this.options.flags) rowFlags[r] = flagAt(second);
      const [b, a] = touchAt(second);
      touch[r * 2] = b;
      touch[r * 2 + 1] = a;
      for (let i = 0; i < bins; i++) heat[r * bins + i] = this.cell(second, lowUnits + i * binUnits, binUnits);
      for (const [ns = 0, price = 0, size = 0, side = 0] of bucketNs >= 1e9 ? tradesAt(Math.floor(second)) : []) {
        trades.push(r * bucketNs + ns, price, size, side);
        volume[r * 2 + side - 1] = (volume[r * 2 + side - 1] as number) + size;
      }
    }
    return {
      kind,
      epoch: this.epoch,
      playing: this.playing,
      speed: this.speed,
      headNs,
      firstRow,
      rows,
      bucketNs,
      lowUnits,
      binUnits,
      bins,
      bookState: 2,
      lastTradeUnits: ask,
      lastTradeSide: 1,
      heat,
      touch,
      rowFlags,
      volume,
      trades: new Float64Array(trades),
      bids: this.levels(bid, -1),
      asks: this.levels(ask, 1),
    };
  }

  private cell(second: number, price: number, binUnits: number): number {
    if (!this.options.plain) return sizeAt(second, price, binUnits);
    const [b, a] = touchAt(second);
    return price <= b ? -PLAIN_SIZE : price >= a ? PLAIN_SIZE * 100 : 0;
  }

  private levels(best: number, direction: 1 | -1): Float64Array {
    const out = new Float64Array(BOOK_LEVELS * 2);
    for (let i = 0; i < BOOK_LEVELS; i++) {
      out[i * 2] = best + direction * i;
      out[i * 2 + 1] = Math.abs(sizeAt(this.headS, best + direction * i, 1));
    }
    return out;
  }
}

function toNs(second: number): string {
  return (FROM_NS + BigInt(Math.round(second * 1e9))).toString();
}

function activity(): number[] {
  return Array.from({ length: 480 }, (_, i) =>
    Math.round(300 + 900 * noise(i, 41) + 1500 * Math.exp(-(((i - 60) / 40) ** 2)) + 700 * Math.exp(-(((i - 430) / 30) ** 2))),
  );
}

const INSTRUMENT: InstrumentActivity = {
  id: 0,
  venue: 'binance',
  symbol: 'BTCUSDT',
  canonicalSymbol: 'BTC/USDT',
  assetClass: 'crypto',
  priceScale: PRICE_SCALE,
  sizeScale: SIZE_SCALE,
  tickUnits: 1,
  priceText: 'canonical',
  bookKind: 'levels',
  synthetic: false,
  events: 41_200_000,
  trades: 2_100_000,
  levelUpdates: 39_000_000,
};

function viewInfo(): ViewInfo {
  return {
    viewId: 'view-1',
    sessionId: 'a1',
    instrument: INSTRUMENT,
    fromNs: FROM_NS.toString(),
    toNs: toNs(LENGTH_S),
    stepUnits: STEP_UNITS,
    suggested: { endNs: null, bucketNs: 1_000_000_000, rows: 330, lowUnits: null, binUnits: 10, bins: 88 },
  };
}

function summary(): SessionSummary {
  return {
    sessionId: 'a1',
    title: 'BTC/USDT depth and trades',
    venue: 'binance',
    protocol: 'Binance spot',
    synthetic: false,
    instruments: 1,
    events: 43_300_000,
    trades: 2_100_000,
    levelUpdates: 41_200_000,
    gaps: 1,
    bytes: 1.2e9,
    firstReceiveNs: FROM_NS.toString(),
    lastReceiveNs: toNs(LENGTH_S),
    createdAt: '2026-11-19T20:10:00Z',
    verified: null,
  };
}

const OTHERS: readonly SessionSummary[] = [
  {
    ...summary(),
    sessionId: 'b2',
    title: '20261118_IEXTP1_DEEP1.0.pcap.gz',
    venue: 'iex',
    protocol: 'DEEP 1.0',
    instruments: 8214,
    events: 312e6,
    bytes: 9.8e9,
    gaps: 0,
    verified: true,
    createdAt: '2026-11-18T20:10:00Z',
  },
  {
    ...summary(),
    sessionId: 'c3',
    title: 'Synthetic market, seed 7',
    venue: 'synthetic',
    protocol: 'synthetic',
    synthetic: true,
    events: 1.2e6,
    bytes: 41e6,
    gaps: 0,
    createdAt: '2026-11-17T20:10:00Z',
  },
];

const JOBS = [
  {
    jobId: 'j1',
    kind: 'import',
    title: '20261119_IEXTP1_DEEP1.0.pcap.gz',
    state: 'running',
    phase: 'reading',
    bytesDone: 620,
    bytesTotal: 1000,
    messages: 4e6,
    messagesPerSecond: 4.1e6,
    secondsLeft: 72,
    sessionId: null,
    alreadyImported: false,
    error: null,
    remarks: '2 gaps',
  },
];

const EVENTS = [
  { ordinal: 10, timeNs: toNs(2100), instrumentId: 0, kind: 'status', text: 'BTCUSDT: trading' },
  {
    ordinal: 20,
    timeNs: toNs(3290),
    instrumentId: 0,
    kind: 'gap',
    text: '41 updates missing (9,120,004 – 9,120,044); book void until the next image',
  },
  { ordinal: 30, timeNs: toNs(3312), instrumentId: 0, kind: 'snapshotEnd', text: 'book image 9,120,060 applied, book in sync' },
];

/** Gap from second 3400 on, resync from 3420, sound again from 3440. */
function flagAt(second: number): number {
  if (second < 3400 || second >= 3440) return 0;
  return second < 3420 ? RowFlag.gap : RowFlag.resync;
}

function bands(options: MadeUpOptions): QualityBand[] {
  if (!options.gaps) return [];
  return [
    { kind: 'gap', instrumentId: 0, fromNs: toNs(3290), toNs: toNs(3312), text: 'gap: 41 updates missing' },
    { kind: 'resync', instrumentId: 0, fromNs: toNs(3312), toNs: toNs(3326), text: 'resync' },
  ];
}

function manifest(options: MadeUpOptions): Manifest {
  return {
    formatVersion: 1,
    software: 'Depthscope 0.1.0',
    sessionId: 'a1',
    title: 'BTC/USDT depth and trades',
    venue: 'binance',
    synthetic: false,
    sources: [{ name: 'btcusdt-20261119.ndjson.zst', bytes: 1.2e9, sha256: 'ab'.repeat(32) }],
    createdAt: '2026-11-19T20:10:00Z',
    report: {
      ...emptySourceReport(),
      container: 'journal, zstd',
      protocol: 'Binance spot',
      messages: 43_300_000,
      messagesByType: { depthUpdate: 41_190_000, trade: 2_100_000, snapshot: 12 },
      gaps: 1,
      trades: 2_100_000,
      levelUpdates: 41_200_000,
      unknownLevelRemovals: 0,
      unknownOrders: 0,
      crossed: 0,
      negativeLatencies: 0,
      events: 43_300_000,
      firstTimeNs: null,
      lastTimeNs: null,
      firstReceiveNs: FROM_NS.toString(),
      lastReceiveNs: toNs(LENGTH_S),
      finalBooksSha256: '9f3c'.repeat(16),
      finalQuotesSha256: null,
      stateHash: '4b7d'.repeat(16),
      session: 'a1',
      seconds: 31,
      alreadyImported: false,
    },
    instruments: [
      INSTRUMENT,
      ...Array.from({ length: 4000 }, (_, i) => ({
        ...INSTRUMENT,
        id: i + 1,
        symbol: `SYM${i}`,
        canonicalSymbol: null,
        events: 40_000_000 - i * 9000,
      })),
    ],
    bands: bands(options),
    chunks: [],
    streams: {},
    files: [],
  };
}
