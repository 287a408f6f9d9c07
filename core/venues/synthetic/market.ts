/**
 * A seeded agent-based market for samples, demonstrations and tests: patient traders place and cancel limit orders with
 * heavy-tailed distances, takers trade towards the fair price, walls come and go, and now and then someone sweeps. It is
 * labelled synthetic and must never be taken for a venue. Must not know files, workers or the screen.
 */
import {
  AGGRESSOR_METHOD_SHIFT,
  AggressorMethod,
  type DecoderContext,
  EventFlag,
  EventKind,
  type Instrument,
  Side,
} from '../../model/index.ts';
import { FairPrice } from './fair-price.ts';
import { type BookSide, LevelBook } from './level-book.ts';
import { Random } from './random.ts';
import { Walls } from './walls.ts';

const NS_PER_SECOND = 1_000_000_000;
const WINDOW_TICKS = 8_192;
const START_TICK = WINDOW_TICKS / 2;
/** One tick is 0.5: five units of 10^-1. The window's middle is at 64 200.0. */
const TICK_UNITS = 5;
const LOWEST_UNITS = 642_000 - START_TICK * TICK_UNITS;
const RESTING_ORDERS = 3_200;
const WALLS = 22;
const WALL_EVERY_NS = 90_000_000;
const VENUE_AGGRESSOR = AggressorMethod.venue << AGGRESSOR_METHOD_SHIFT;

export interface SyntheticOptions {
  readonly seed: number;
  /** Length of the session. */
  readonly seconds: number;
  /** Start, ns UTC; the same start and seed give the same rows. */
  readonly startNs: bigint;
}

export interface SyntheticMarket {
  readonly done: boolean;
  /** Goes on until about `maxRows` rows are written or the session is over. Does not flush the writer. */
  step(maxRows: number): void;
}

/** The one instrument of the synthetic venue. Price unit 0.1, tick 0.5; size unit 0.001. */
const SYNTHETIC_INSTRUMENT: Instrument = {
  id: 0,
  venue: 'synthetic',
  symbol: 'SYN-BTC/USD',
  canonicalSymbol: 'SYN-BTC/USD',
  assetClass: 'crypto',
  priceScale: 1,
  sizeScale: 3,
  tickUnits: TICK_UNITS,
  priceText: 'canonical',
  bookKind: 'levels',
  synthetic: true,
};

/** Creates the market; its first step writes a full image of the book, then one atomic event an action. */
export function createSyntheticMarket(context: DecoderContext, options: SyntheticOptions): SyntheticMarket {
  context.report.container = 'synthetic';
  context.report.protocol = `synthetic market, seed ${options.seed}`;
  context.defineInstrument(SYNTHETIC_INSTRUMENT);
  context.writer.rebase(options.startNs);
  return new Market(context, options);
}

interface RestingOrder {
  readonly side: BookSide;
  readonly tick: number;
  readonly size: number;
  readonly life: number;
}

class Market implements SyntheticMarket {
  done = false;
  private readonly context: DecoderContext;
  private readonly random: Random;
  private readonly book = new LevelBook(WINDOW_TICKS);
  private readonly fair: FairPrice;
  private readonly walls: Walls;
  private readonly orders: RestingOrder[] = [];
  private readonly endNs: number;
  private timeNs = 0;
  private receiveNs = 0;
  private nextWallNs = WALL_EVERY_NS;
  private nextSweepNs: number;
  private updateId = 1;
  private tradeId = 1;
  private rows = 0;
  private lastRow = -1;

  constructor(context: DecoderContext, options: SyntheticOptions) {
    this.context = context;
    this.random = new Random(options.seed);
    this.fair = new FairPrice(this.random, START_TICK);
    this.walls = new Walls(this.random, this.book, WALLS);
    this.endNs = options.seconds * NS_PER_SECOND;
    this.nextSweepNs = 8 * NS_PER_SECOND;
  }

  step(maxRows: number): void {
    const stop = this.rows + maxRows;
    if (this.rows === 0) this.open();
    while (this.rows < stop && !this.done) {
      this.timeNs += this.random.between(100, 2 * this.fair.paceMicros) * 1_000;
      if (this.timeNs >= this.endNs) this.done = true;
      else this.act();
    }
  }

  private open(): void {
    for (let i = 0; i < RESTING_ORDERS; i++) this.place();
    this.walls.fill(this.fair.tick);
    this.stamp();
    this.row(EventKind.snapshotBegin, EventFlag.snapshot);
    for (const side of [Side.bid, Side.ask] as const) {
      for (let tick = 0; tick < WINDOW_TICKS; tick++) if (this.book.sizeAt(side, tick) > 0) this.level(side, tick, EventFlag.snapshot);
    }
    this.row(EventKind.snapshotEnd, EventFlag.snapshot);
    this.endEvent('snapshot');
  }

  private act(): void {
    const { book, fair, random } = this;
    fair.step(this.timeNs);
    fair.holdWithin(book.bestBid - 6, book.bestAsk + 6);
    this.stamp();
    if (this.timeNs >= this.nextWallNs) {
      this.nextWallNs = this.timeNs + WALL_EVERY_NS;
      const touched = this.walls.step(this.timeNs, fair.tick);
      if (touched !== null) this.tell('wall', touched.side, touched.tick);
    } else if (this.timeNs >= this.nextSweepNs) {
      this.nextSweepNs = this.timeNs + random.between(9, 38) * NS_PER_SECOND;
      const up = fair.direction === 0 ? random.chance(500) : fair.direction > 0;
      this.take('sweep', up ? Side.bid : Side.ask, random.between(9_000, 34_000), random.between(3, 9));
    } else if (fair.tick > book.bestAsk && random.chance(260)) {
      this.take('market', Side.bid, this.takerSize(), 3);
    } else if (fair.tick < book.bestBid && random.chance(260)) {
      this.take('market', Side.ask, this.takerSize(), 3);
    } else if (random.chance(22)) {
      this.take('market', random.chance(500 + 120 * fair.direction) ? Side.bid : Side.ask, this.takerSize(), 2);
    } else if (this.orders.length < RESTING_ORDERS || random.chance(500)) {
      const placed = this.place();
      this.tell('limit', placed.side, placed.tick);
    } else {
      this.cancel();
    }
  }

  private place(): RestingOrder {
    const { book, random } = this;
    const side: BookSide = random.chance(500) ? Side.bid : Side.ask;
    const distance = random.chance(450) ? random.heavy(60) : random.chance(400) ? random.between(1, 40) : random.between(1, 180);
    const wanted = this.fair.tick + (side === Side.bid ? -distance : distance);
    const tick = book.restingTick(side, wanted);
    const liking = tick % 10 === 0 ? 4 : tick % 5 === 0 ? 2 : 1;
    const size = liking * (random.between(20, 260) + 12 * random.heavy(120));
    book.add(side, tick, size);
    const order: RestingOrder = { side, tick, size, life: book.lifeOf(tick) };
    this.orders.push(order);
    return order;
  }

  private cancel(): void {
    const { book, orders, random } = this;
    for (let attempt = 0; attempt < 12 && orders.length > 0; attempt++) {
      const at = random.below(orders.length);
      const order = orders[at];
      const gone = book.lifeOf(order.tick) !== order.life;
      const distance = Math.abs(order.tick - this.fair.tick);
      // Far orders are patient, unless the market has left them behind.
      if (!gone && distance > 12 && distance < 190 && random.chance(700)) continue;
      orders[at] = orders[orders.length - 1];
      orders.pop();
      if (gone || book.remove(order.side, order.tick, order.size) === 0) continue;
      this.tell('cancel', order.side, order.tick);
      return;
    }
  }

  private takerSize(): number {
    const { random } = this;
    return random.between(10, 400) + 40 * random.heavy(100);
  }

  private take(name: string, aggressor: BookSide, size: number, maxLevels: number): void {
    const fills = this.book.match(aggressor, size, maxLevels);
    if (fills.length === 0) return;
    for (const fill of fills) {
      const row = this.row(EventKind.trade, VENUE_AGGRESSOR);
      const { batch } = this.context.writer;
      batch.side[row] = aggressor;
      batch.price[row] = LOWEST_UNITS + fill.tick * TICK_UNITS;
      batch.size[row] = fill.size;
      batch.sequence[row] = this.tradeId++;
    }
    const resting = aggressor === Side.bid ? Side.ask : Side.bid;
    for (const fill of fills) this.level(resting, fill.tick, 0);
    this.endEvent(name);
  }

  private tell(name: string, side: BookSide, tick: number): void {
    this.level(side, tick, 0);
    this.endEvent(name);
  }

  private level(side: BookSide, tick: number, flags: number): void {
    const row = this.row(EventKind.level, flags);
    const { batch } = this.context.writer;
    batch.side[row] = side;
    batch.price[row] = LOWEST_UNITS + tick * TICK_UNITS;
    batch.size[row] = this.book.sizeAt(side, tick);
  }

  private row(kind: number, flags: number): number {
    const { writer } = this.context;
    const row = writer.next();
    const { batch } = writer;
    batch.kind[row] = kind;
    batch.flags[row] = flags;
    batch.exchangeTime[row] = this.timeNs;
    batch.receiveTime[row] = this.receiveNs;
    batch.sequence[row] = this.updateId;
    this.lastRow = row;
    this.rows++;
    return row;
  }

  private endEvent(name: string): void {
    // The batch that holds the last row is still open: a full one is only handed on by the next row.
    this.context.writer.batch.flags[this.lastRow] |= EventFlag.eventEnd;
    this.updateId++;
    const { report } = this.context;
    report.packets++;
    report.messages++;
    report.messagesByType[name] = (report.messagesByType[name] ?? 0) + 1;
  }

  /** 5 to 40 ms on the way; what was sent later never arrives earlier. */
  private stamp(): void {
    const latencyMicros = 5_000 + 290 * this.random.heavy(120);
    this.receiveNs = Math.max(this.receiveNs, this.timeNs + latencyMicros * 1_000);
  }
}
