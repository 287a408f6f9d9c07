/**
 * A made-up venue with a known true book sends its updates and images through a line that loses, repeats and delays. Whatever
 * arrives, a book that the rows call complete must be the true book at that update id.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventFlag, EventKind, Side } from '../../../core/model/index.ts';
import type { BinanceVenue } from '../../../core/venues/binance/index.ts';
import { decodeJournal } from '../../fixtures/decoding.ts';

type Levels = ReadonlyMap<string, number>;

interface TrueUpdate {
  readonly first: number;
  readonly last: number;
  readonly previous: number;
  readonly changes: readonly (readonly [string, number, number])[];
  /** The whole book after it: `side price` → size. */
  readonly after: Levels;
}

const change = fc.tuple(fc.constantFrom('b', 'a'), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 3 }));
const step = fc.record({
  changes: fc.array(change, { maxLength: 3 }),
  ids: fc.integer({ min: 1, max: 3 }),
  /** Ids that futures leave out before an update. */
  hole: fc.integer({ min: 0, max: 2 }),
  fate: fc.constantFrom('arrives', 'arrives', 'arrives', 'arrives', 'arrives', 'arrives', 'lost', 'twice'),
  /** An image follows, taken this many updates ago and `into` ids into the next one; −1: none. */
  imageLag: fc.constantFrom(-1, -1, -1, 0, 1, 3),
  into: fc.integer({ min: 0, max: 2 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function trueFeed(steps: readonly Step[], futures: boolean): TrueUpdate[] {
  const book = new Map<string, number>();
  let id = 100;
  return steps.map(({ changes, ids, hole }) => {
    const previous = id;
    const first = id + 1 + (futures ? hole : 0);
    id = first + ids - 1;
    for (const [side, price, size] of changes) {
      if (size === 0) book.delete(`${side} ${price}`);
      else book.set(`${side} ${price}`, size);
    }
    return { first, last: id, previous, changes, after: new Map(book) };
  });
}

function updateText(update: TrueUpdate, futures: boolean): string {
  const of = (side: string): string[][] => update.changes.filter((c) => c[0] === side).map((c) => [String(c[1]), String(c[2])]);
  const pu = futures ? { pu: update.previous } : {};
  return JSON.stringify({ e: 'depthUpdate', E: 1_723_161_255_208, s: 'X', U: update.first, u: update.last, ...pu, b: of('b'), a: of('a') });
}

function imageText(update: TrueUpdate, lastUpdateId: number): string {
  const of = (side: string): string[][] =>
    [...update.after].filter(([key]) => key.startsWith(side)).map(([key, size]) => [key.slice(2), String(size)]);
  return JSON.stringify({ lastUpdateId, symbol: 'X', bids: of('b'), asks: of('a') });
}

/** Returns how many complete books were found equal to the truth. */
function check(steps: readonly Step[], venue: BinanceVenue): number {
  const futures = venue !== 'binance';
  const feed = trueFeed(steps, futures);
  const texts: string[] = [];
  const truth = new Map<number, Levels>();
  const images = new Map<number, Levels>();
  for (const [i, update] of feed.entries()) {
    const { fate, imageLag, into } = steps[i];
    truth.set(update.last, update.after);
    if (fate !== 'lost') texts.push(updateText(update, futures));
    if (fate === 'twice') texts.push(updateText(update, futures));
    const source = feed[i - imageLag];
    if (imageLag < 0 || source === undefined) continue;
    const next = feed[i - imageLag + 1];
    const imageId = next === undefined ? source.last : Math.min(source.last + into, next.last - 1);
    images.set(imageId, source.after);
    texts.push(imageText(source, imageId));
  }
  const lines = texts.map((text, i) => `${1_723_161_253_000_000_000n + BigInt(i)} ${text}\n`).join('');
  const { batches, report } = decodeJournal([new TextEncoder().encode(lines)], venue);
  expect(report.unparseable).toBe(0);
  const book = new Map<string, number>();
  let equal = 0;
  for (const batch of batches) {
    for (let row = 0; row < batch.rows; row++) {
      const kind = batch.kind[row];
      if (kind === EventKind.snapshotBegin || kind === EventKind.clear) book.clear();
      if (kind === EventKind.level) {
        const key = `${batch.side[row] === Side.bid ? 'b' : 'a'} ${batch.price[row] / 1e8}`;
        if (batch.size[row] === 0) book.delete(key);
        else book.set(key, Math.round(batch.size[row] / (futures ? 1e6 : 1e8)));
      }
      const isComplete = (batch.flags[row] & EventFlag.eventEnd) !== 0;
      const isImage = kind === EventKind.snapshotEnd;
      if (!isComplete || !(isImage || kind === EventKind.level || kind === EventKind.boundary)) continue;
      const wanted = (isImage ? images : truth).get(batch.sequence[row]);
      expect([...book].sort()).toEqual([...(wanted ?? [])].sort());
      equal++;
    }
  }
  return equal;
}

describe.each<BinanceVenue>(['binance', 'binance-usdm'])('the %s gate', (venue) => {
  it('never lets through a book that is not the true one', () => {
    let equal = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        equal += check(steps, venue);
      }),
      { numRuns: 400, seed: 21 },
    );
    // The gate must not earn this by letting nothing through.
    expect(equal).toBeGreaterThan(2_000);
  });
});
