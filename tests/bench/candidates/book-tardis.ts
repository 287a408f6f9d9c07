/** The order book of tardis-dev on the stream; its message objects are made outside the clock. usage: --data FILE --mode M */
import { createRequire } from 'node:module';
import { readLevelFile } from '../gen/level-file.ts';
import { need, readArguments } from '../lib/arguments.ts';
import { type BenchBook, DEPTH, type PassMode, runPass } from '../lib/pass.ts';

interface Level {
  price: number;
  amount: number;
}
interface TardisBook {
  update(change: { type: 'book_change'; isSnapshot: boolean; bids: Level[]; asks: Level[] }): void;
  bids(): IterableIterator<Level>;
  asks(): IterableIterator<Level>;
}
const { OrderBook } = createRequire(import.meta.url)('tardis-dev') as { OrderBook: new () => TardisBook };

const found = readArguments();
const stream = readLevelFile(need(found, 'data'));
const ticksPerUnit = Math.round(1 / stream.tickSize);
const lotsPerUnit = Math.round(1 / stream.lotSize);

function write(levels: Iterable<Level>, out: Float64Array, from: number): void {
  let at = from;
  for (const { price, amount } of levels) {
    if (at === from + 2 * DEPTH) return;
    out[at++] = price * ticksPerUnit;
    out[at++] = amount * lotsPerUnit;
  }
  out.fill(Number.NaN, at, from + 2 * DEPTH);
}

function tardisBook(): BenchBook {
  const book = new OrderBook();
  book.update({ type: 'book_change', isSnapshot: true, bids: [], asks: [] });
  let first = 0;
  let prepared: Parameters<TardisBook['update']>[0][] = [];
  return {
    prepare: (from, to) => {
      first = from;
      prepared = [];
      for (let m = from; m < to; m++) {
        const bids: Level[] = [];
        const asks: Level[] = [];
        for (let i = stream.messageStart[m]; i < stream.messageStart[m + 1]; i++) {
          (stream.side[i] === 0 ? bids : asks).push({ price: stream.tick[i] / ticksPerUnit, amount: stream.lots[i] / lotsPerUnit });
        }
        prepared.push({ type: 'book_change', isSnapshot: false, bids, asks });
      }
    },
    apply: (message) => book.update(prepared[message - first]),
    top: (out) => {
      write(book.bids(), out, 0);
      write(book.asks(), out, 2 * DEPTH);
    },
  };
}

process.stdout.write(`${JSON.stringify(runPass(stream, tardisBook, need(found, 'mode') as PassMode))}\n`);
