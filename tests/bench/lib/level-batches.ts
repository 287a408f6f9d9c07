/** The generated L2 stream as EventBatches of whole messages, at scale 8, as the pipeline gets them from a recording. */
import { EventBatch, EventFlag, EventKind, type Instrument, Side } from '../../../core/model/index.ts';
import type { LevelStream } from '../gen/level-file.ts';

export const SCALE = 8;
const BATCH_ROWS = 32_768;

/** Scale 8 and no tick: what a recording without an instrument list gives. */
export const BENCH_INSTRUMENT: Instrument = {
  id: 0,
  venue: 'bench',
  symbol: 'BENCH',
  canonicalSymbol: null,
  assetClass: 'crypto',
  priceScale: SCALE,
  sizeScale: SCALE,
  tickUnits: null,
  priceText: 'canonical',
  bookKind: 'levels',
  synthetic: true,
};

/** Prices, sizes and sides of the stream in the units of BENCH_INSTRUMENT. */
export interface UnitColumns {
  readonly unitsPerTick: number;
  readonly unitsPerLot: number;
  readonly price: Float64Array;
  readonly size: Float64Array;
  readonly side: Uint8Array;
}

/** Returns the stream's columns in scaled units. */
export function unitColumns(stream: LevelStream): UnitColumns {
  const unitsPerTick = Math.round(10 ** SCALE * stream.tickSize);
  const unitsPerLot = Math.round(10 ** SCALE * stream.lotSize);
  const updates = stream.tick.length;
  const price = new Float64Array(updates);
  const size = new Float64Array(updates);
  const side = new Uint8Array(updates);
  // A loop, because mapping boxes each number, and the collector would still be busy when the clock starts.
  for (let i = 0; i < updates; i++) {
    price[i] = stream.tick[i] * unitsPerTick;
    size[i] = stream.lots[i] * unitsPerLot;
    side[i] = stream.side[i] === 0 ? Side.bid : Side.ask;
  }
  return { unitsPerTick, unitsPerLot, price, size, side };
}

/** Batches, and for each message its batch and first row. */
export interface LevelBatches {
  readonly batches: EventBatch[];
  readonly batchOf: Uint32Array;
  readonly rowOf: Uint32Array;
}

/** Returns batches of the stream's first `maxUpdates` updates (whole messages), ordinals set. */
export function levelBatches(stream: LevelStream, columns: UnitColumns, maxUpdates = Number.POSITIVE_INFINITY): LevelBatches {
  const { messageStart, timeMs } = stream;
  const { price, size, side } = columns;
  const messages = messageStart.length - 1;
  const batches: EventBatch[] = [];
  const batchOf = new Uint32Array(messages);
  const rowOf = new Uint32Array(messages);
  const baseNs = BigInt(Math.round(timeMs[0])) * 1_000_000n;
  let batch = EventBatch.allocate(BATCH_ROWS, baseNs);
  let rows = 0;
  let ordinal = 0;
  const close = (): void => {
    batch.rows = rows;
    batch.firstOrdinal = ordinal;
    ordinal += rows;
    batches.push(batch);
  };
  for (let m = 0; m < messages && messageStart[m + 1] <= maxUpdates; m++) {
    const first = messageStart[m];
    const end = messageStart[m + 1];
    if (rows + end - first > BATCH_ROWS) {
      close();
      batch = EventBatch.allocate(BATCH_ROWS, baseNs);
      rows = 0;
    }
    batchOf[m] = batches.length;
    rowOf[m] = rows;
    const timeNs = Math.round((timeMs[first] - timeMs[0]) * 1000) * 1000;
    for (let i = first; i < end; i++, rows++) {
      batch.kind[rows] = EventKind.level;
      batch.side[rows] = side[i];
      batch.price[rows] = price[i];
      batch.size[rows] = size[i];
      batch.exchangeTime[rows] = timeNs;
      batch.receiveTime[rows] = timeNs;
      batch.sequence[rows] = m + 1;
    }
    batch.flags[rows - 1] = EventFlag.eventEnd;
  }
  close();
  return { batches, batchOf, rowOf };
}
