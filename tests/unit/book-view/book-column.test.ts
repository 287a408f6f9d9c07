import { expect, it } from 'vitest';
import { type EventBatch, EventFlag, EventKind, EventWriter, Side } from '../../../core/model/index.ts';
import { MARKET_INSTRUMENT, MARKET_START_NS } from '../../fixtures/market-rows.ts';
import { RecordedSession } from '../../fixtures/recorded-session.ts';
import { ViewHarness } from '../../fixtures/view-harness.ts';

const MID = 100_000;

/** One image of `levels` levels a side, one price unit apart. */
function deepBook(levels: number): EventBatch[] {
  const batches: EventBatch[] = [];
  const writer = new EventWriter(MARKET_START_NS, (batch) => batches.push(batch), 65_536);
  const write = (kind: number, side: number, price: number, flags: number): void => {
    const row = writer.next();
    const c = writer.batch;
    c.kind[row] = kind;
    c.side[row] = side;
    c.price[row] = price;
    c.size[row] = kind === EventKind.level ? 1 : 0;
    c.flags[row] = flags;
    c.receiveTime[row] = c.exchangeTime[row] = 1_000;
    c.sequence[row] = 1;
  };
  write(EventKind.snapshotBegin, Side.none, 0, EventFlag.snapshot);
  for (let i = 1; i <= levels; i++) {
    write(EventKind.level, Side.bid, MID - i, EventFlag.snapshot);
    write(EventKind.level, Side.ask, MID + i, EventFlag.snapshot);
  }
  write(EventKind.snapshotEnd, Side.none, 0, EventFlag.snapshot | EventFlag.eventEnd);
  writer.flush();
  return batches;
}

it.each([
  ['all within a window of ±3,000', 3_000, 3_000],
  ['no more than 8,192 a side', 10_000, 8_192],
  ['the best 400 of a window that shows fewer', 50, 400],
])('the book column has %s', async (_, reach, wanted) => {
  const harness = new ViewHarness(new RecordedSession('s', [MARKET_INSTRUMENT], deepBook(12_000)).connect());
  const { toNs } = await harness.open();
  const window = { endNs: null, bucketNs: 100_000_000, rows: 4, lowUnits: MID - reach, binUnits: reach / 10, bins: 20 };
  void harness.handlers['view.window']({ viewId: 'v', epoch: 1, window });
  void harness.handlers['replay.seek']({ viewId: 'v', epoch: 1, timeNs: toNs });
  const { bids, asks } = await harness.nextFull();
  expect([bids.length / 2, asks.length / 2]).toEqual([wanted, wanted]);
  expect([bids[0], bids.at(-2), asks[0], asks.at(-2)]).toEqual([MID - 1, MID - wanted, MID + 1, MID + wanted]);
  harness.close();
});
