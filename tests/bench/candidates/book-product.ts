/**
 * The product's L2 book on the stream: prices and sizes at scale 8 with the tick unknown, as recordings without an
 * instrument list give them. usage: --data FILE --mode apply|snap|check [--through set]: `set` goes through BookSet,
 * with counting, trust and integrity, row by row of EventBatches.
 */
import { BookSet, LevelBook } from '../../../core/book/index.ts';
import { EventBatch, EventFlag, EventKind, Side, type Instrument } from '../../../core/model/index.ts';
import { readLevelFile, type LevelStream } from '../gen/level-file.ts';
import { need, readArguments } from '../lib/arguments.ts';
import { type BenchBook, DEPTH, type PassMode, runPass } from '../lib/pass.ts';

const SCALE = 8;
const BATCH_ROWS = 32_768;

const found = readArguments();
const stream = readLevelFile(need(found, 'data'));
const unitsPerTick = Math.round(10 ** SCALE * stream.tickSize);
const unitsPerLot = Math.round(10 ** SCALE * stream.lotSize);
const { messageStart } = stream;

const price = Float64Array.from(stream.tick, (tick) => tick * unitsPerTick);
const size = Float64Array.from(stream.lots, (lots) => lots * unitsPerLot);
const side = Uint8Array.from(stream.side, (s) => (s === 0 ? Side.bid : Side.ask));

interface Top {
  copyLevels(side: number, max: number, out: Float64Array, at?: number): number;
}

function readTop(book: Top, out: Float64Array): void {
  const bids = book.copyLevels(Side.bid, DEPTH, out, 0);
  out.fill(Number.NaN, 2 * bids, 2 * DEPTH);
  const asks = book.copyLevels(Side.ask, DEPTH, out, 2 * DEPTH);
  out.fill(Number.NaN, 2 * DEPTH + 2 * asks);
  for (let i = 0; i < out.length; i += 2) {
    out[i] /= unitsPerTick;
    out[i + 1] /= unitsPerLot;
  }
}

function levelBook(): BenchBook {
  const book = new LevelBook();
  return {
    prepare: () => undefined,
    apply: (message) => {
      const end = messageStart[message + 1];
      for (let i = messageStart[message]; i < end; i++) book.set(side[i], price[i], size[i]);
    },
    top: (out) => readTop(book, out),
  };
}

const INSTRUMENT: Instrument = {
  id: 0, venue: 'bench', symbol: 'BENCH', canonicalSymbol: null, assetClass: 'crypto', priceScale: SCALE, sizeScale: SCALE, tickUnits: null,
  priceText: 'canonical', bookKind: 'levels', synthetic: true,
};

/** Batches of whole messages, as the pipeline gets them. */
function batchesOf(source: LevelStream): { batches: EventBatch[]; batchOf: Uint32Array; rowOf: Uint32Array } {
  const messages = source.messageStart.length - 1;
  const batches: EventBatch[] = [];
  const batchOf = new Uint32Array(messages);
  const rowOf = new Uint32Array(messages);
  const baseNs = BigInt(Math.round(source.timeMs[0])) * 1_000_000n;
  let batch = EventBatch.allocate(BATCH_ROWS, baseNs);
  let rows = 0;
  for (let m = 0; m < messages; m++) {
    const first = messageStart[m];
    const end = messageStart[m + 1];
    if (rows + end - first > BATCH_ROWS) {
      batch.rows = rows;
      batches.push(batch);
      batch = EventBatch.allocate(BATCH_ROWS, baseNs);
      rows = 0;
    }
    batchOf[m] = batches.length;
    rowOf[m] = rows;
    const timeNs = (source.timeMs[first] - source.timeMs[0]) * 1e6;
    for (let i = first; i < end; i++, rows++) {
      batch.kind[rows] = EventKind.level;
      batch.side[rows] = side[i];
      batch.price[rows] = price[i];
      batch.size[rows] = size[i];
      batch.exchangeTime[rows] = timeNs;
      batch.receiveTime[rows] = timeNs;
      if (i === end - 1) batch.flags[rows] = EventFlag.eventEnd;
    }
  }
  batch.rows = rows;
  batches.push(batch);
  return { batches, batchOf, rowOf };
}

function setBook(): () => BenchBook {
  const { batches, batchOf, rowOf } = batchesOf(stream);
  return () => {
    const books = new BookSet();
    books.define(INSTRUMENT);
    const book = books.book(0);
    if (!book) throw new Error('the book set has no book');
    return {
      prepare: () => undefined,
      apply: (message) => {
        const from = rowOf[message];
        books.apply(batches[batchOf[message]], from, from + messageStart[message + 1] - messageStart[message]);
      },
      top: (out) => readTop(book, out),
    };
  };
}

const create = found.get('through') === 'set' ? setBook() : levelBook;
process.stdout.write(`${JSON.stringify(runPass(stream, create, need(found, 'mode') as PassMode))}\n`);
