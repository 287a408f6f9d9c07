/**
 * The product's L2 book on the stream: prices and sizes at scale 8 with the tick unknown, as recordings without an
 * instrument list give them. usage: --data FILE --mode apply|snap|check [--through set]: `set` goes through BookSet,
 * with counting, trust and integrity, row by row of EventBatches.
 */
import { BookSet, LevelBook } from '../../../core/book/index.ts';
import { Side } from '../../../core/model/index.ts';
import { readLevelFile } from '../gen/level-file.ts';
import { need, readArguments } from '../lib/arguments.ts';
import { BENCH_INSTRUMENT, levelBatches, unitColumns } from '../lib/level-batches.ts';
import { type BenchBook, DEPTH, type PassMode, runPass } from '../lib/pass.ts';

const found = readArguments();
const stream = readLevelFile(need(found, 'data'));
const columns = unitColumns(stream);
const { messageStart } = stream;

interface Top {
  copyLevels(side: number, max: number, out: Float64Array, at?: number): number;
}

function readTop(book: Top, out: Float64Array): void {
  const bids = book.copyLevels(Side.bid, DEPTH, out, 0);
  out.fill(Number.NaN, 2 * bids, 2 * DEPTH);
  const asks = book.copyLevels(Side.ask, DEPTH, out, 2 * DEPTH);
  out.fill(Number.NaN, 2 * DEPTH + 2 * asks);
  for (let i = 0; i < out.length; i += 2) {
    out[i] /= columns.unitsPerTick;
    out[i + 1] /= columns.unitsPerLot;
  }
}

function levelBook(): BenchBook {
  const book = new LevelBook();
  const { side, price, size } = columns;
  return {
    prepare: () => undefined,
    apply: (message) => {
      const end = messageStart[message + 1];
      for (let i = messageStart[message]; i < end; i++) book.setRow(side[i], price, size, i);
    },
    top: (out) => readTop(book, out),
  };
}

function setBook(): () => BenchBook {
  const { batches, batchOf, rowOf } = levelBatches(stream, columns);
  return () => {
    const books = new BookSet();
    books.define(BENCH_INSTRUMENT);
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
