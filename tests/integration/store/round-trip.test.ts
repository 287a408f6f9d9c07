/** What goes into a recording comes out of it, exactly. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_INSTRUMENTS, EventFlag, EventKind, Side } from '../../../core/model/index.ts';
import { BASE_NS, batchOf, contentId, full, INSTRUMENTS, sessionOf, stepRows, StoreThread, temporaryFolder, type Row } from './helpers.ts';

let folder: ReturnType<typeof temporaryFolder>;
let store: StoreThread;
beforeEach(async () => {
  folder = temporaryFolder();
  store = StoreThread.start();
  await store.caller.call('open', { dataDir: folder.path });
});
afterEach(async () => {
  await store.stop();
  folder.remove();
});

const ID = contentId(1);
const SESSION = ID.slice(0, 16);

/** Rows of every stream over three instruments, seeded and irregular. */
function mixedRows(count: number): Row[] {
  const kinds = [
    EventKind.level,
    EventKind.trade,
    EventKind.quote,
    EventKind.status,
    EventKind.orderAdd,
    EventKind.orderExecute,
    EventKind.snapshotBegin,
  ];
  let state = 12345;
  const next = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
  return Array.from({ length: count }, (_, i) => ({
    kind: kinds[next(kinds.length)],
    side: next(4),
    code: next(65536),
    flags: next(2048),
    instrument: next(3),
    price: next(1e9),
    size: next(1e8),
    exchangeNs: BASE_NS + BigInt(i * 977 - next(5000)),
    receiveNs: BASE_NS + BigInt(i * 977),
    sequence: next(2 ** 40),
    ref: next(2 ** 40),
  }));
}

describe('a recorded session', () => {
  it('gives back every row of every stream in order', async () => {
    const rows = mixedRows(5000);
    await store.record(sessionOf(rows, 700), ID);
    const read = await store.readAll(SESSION);
    expect(read.ordinals).toEqual(rows.map((_, i) => i));
    expect(read.rows).toEqual(rows.map(full));
  });

  it('keeps the extremes of every column exactly', async () => {
    const two53 = 2 ** 53;
    const rows: Row[] = [
      { kind: EventKind.level, instrument: 2, price: two53, size: two53 - 1, receiveNs: BASE_NS, sequence: two53, ref: two53 },
      { kind: EventKind.level, instrument: 2, price: -two53, size: -(two53 - 1), receiveNs: BASE_NS - 1n, sequence: -two53, ref: -1 },
      {
        kind: EventKind.level,
        instrument: 0,
        price: 9_999_999_999_999,
        size: 999_999_999,
        receiveNs: BASE_NS - 4_294_967_296n,
        flags: 0xffff_f7ff,
      },
      {
        kind: EventKind.level,
        instrument: 0,
        price: -9_999_999_999_999,
        size: -999_999_999,
        receiveNs: BASE_NS + 4_294_967_295n,
        code: 0xffff,
      },
      { kind: EventKind.level, instrument: 1, price: two53 - 1, size: 1, receiveNs: BASE_NS, side: 255 },
      { kind: EventKind.gap, instrument: ALL_INSTRUMENTS, size: two53, receiveNs: BASE_NS, sequence: 1, ref: two53 },
      { kind: EventKind.timeStep, instrument: 0, size: 5_000_000_000, receiveNs: BASE_NS },
      {
        kind: EventKind.trade,
        instrument: 1,
        price: 6_173_763_000_000,
        size: 1,
        receiveNs: BASE_NS,
        exchangeNs: BASE_NS - 9_007_199_254_740_991n,
      },
      { kind: 250, instrument: 0, receiveNs: BASE_NS },
    ];
    await store.record(sessionOf(rows, 2), ID);
    expect((await store.readAll(SESSION)).rows).toEqual(rows.map(full));
  });

  it('keeps times that lie far from the rest exactly', async () => {
    const far = { kind: EventKind.trade, instrument: 0, price: 1, size: 1, receiveNs: BASE_NS, exchangeNs: 0n };
    const near = { kind: EventKind.trade, instrument: 0, price: 2, size: 1, receiveNs: BASE_NS + 7n };
    const later = { kind: EventKind.trade, instrument: 0, price: 3, size: 1, receiveNs: BASE_NS + 9_007_199_254_740_993n };
    const messages = sessionOf([near]);
    messages.splice(
      2,
      0,
      { type: 'batch', buffer: batchOf([far], 1, BASE_NS) },
      { type: 'batch', buffer: batchOf([later], 2, later.receiveNs) },
      {
        type: 'batch',
        buffer: batchOf([near], 3),
      },
    );
    await store.record(messages, ID);
    expect((await store.readAll(SESSION)).rows).toEqual([near, far, later, near].map(full));
  });

  it('keeps rows that do not fit the bulk paths in the middle of long runs', async () => {
    const rows = stepRows(9000);
    const odd: readonly Partial<Row>[] = [
      { price: 9_999_999_999_999, size: 999_999_999 },
      { instrument: 2, price: 123_456_789_012_345_680, size: 1 },
      { sequence: 2 ** 60, ref: -(2 ** 62) },
      { price: -5, size: 2 ** 29, ref: 2 ** 53 },
      { exchangeNs: 0n },
      { instrument: ALL_INSTRUMENTS, kind: EventKind.gap, size: 2 ** 52, sequence: 2 ** 52 },
      { instrument: 1, price: 2 ** 51, size: 3 },
    ];
    for (const [i, row] of odd.entries()) Object.assign(rows[500 + 1200 * i], row);
    await store.record(sessionOf(rows, 3000), ID);
    expect((await store.readAll(SESSION)).rows).toEqual(rows.map(full));
  });

  it('refuses a price of ten digits before the point and keeps nothing', async () => {
    const rows: Row[] = [{ kind: EventKind.level, instrument: 0, price: 10_000_000_000_000, size: 1, receiveNs: BASE_NS }];
    await expect(store.record(sessionOf(rows), ID)).rejects.toMatchObject({ wire: { code: 'store.out-of-range' } });
    expect(await store.caller.call('sessions.list', {})).toEqual([]);
  });

  it('refuses a fraction of a unit and a hole in the ordinals', async () => {
    const half: Row[] = [{ kind: EventKind.level, instrument: 0, price: 0.5, size: 1, receiveNs: BASE_NS }];
    await expect(store.record(sessionOf(half), ID)).rejects.toMatchObject({ wire: { code: 'store.out-of-range' } });
    const hole = [
      { type: 'instruments', instruments: INSTRUMENTS } as const,
      { type: 'batch', buffer: batchOf([{ kind: 3, receiveNs: BASE_NS }], 1) } as const,
    ];
    await expect(store.record(hole, ID)).rejects.toMatchObject({ wire: { code: 'store.broken-order' } });
  });

  it('leaves derived rows and images out of the source rows', async () => {
    const rows = mixedRows(10);
    const messages = sessionOf(rows, 5);
    messages.splice(2, 0, {
      type: 'derived',
      buffer: batchOf([{ kind: EventKind.crossed, flags: EventFlag.derived, price: 2, ref: 1, receiveNs: BASE_NS }], 0),
      ordinals: Float64Array.of(4),
    });
    messages.splice(3, 0, {
      type: 'keyframe',
      buffer: batchOf(
        [
          { kind: EventKind.snapshotBegin, receiveNs: BASE_NS },
          { kind: EventKind.snapshotEnd, receiveNs: BASE_NS, side: Side.none },
        ],
        0,
      ),
      ordinals: Float64Array.of(4, 4),
    });
    await store.record(messages, ID);
    expect((await store.readAll(SESSION)).rows).toEqual(rows.map(full));
    const manifest = await store.caller.call('sessions.manifest', { sessionId: SESSION });
    expect(manifest.streams['keyframe']?.rows).toBe(2);
  });

  it('is found by its content and listed once', async () => {
    await store.record(sessionOf(mixedRows(3)), ID, { events: 3 });
    await store.record(sessionOf(mixedRows(3)), ID, { events: 3 });
    const list = await store.caller.call('sessions.list', {});
    expect(list.map((session) => [session.sessionId, session.events])).toEqual([[SESSION, 3]]);
    expect(await store.caller.call('sessions.findContent', { contentId: ID })).toEqual(list[0]);
    expect(await store.caller.call('sessions.findContent', { contentId: contentId(2) })).toBeNull();
  });

  it('may be empty', async () => {
    await store.record(sessionOf([]), ID);
    expect((await store.readAll(SESSION)).rows).toEqual([]);
  });
});
