/** Bands from row flags: runs, the worst flag, and what the session already names. */
import { describe, expect, it } from 'vitest';
import { RowFlag } from '../../../core/frames/index.ts';
import { bandsFromRows } from '../../../renderer/charts/index.ts';
import { FrameStore } from '../../../renderer/frames/index.ts';

function storeOf(flags: readonly number[], firstRow = 100): FrameStore {
  const store = new FrameStore();
  store.clear(0n);
  store.capacity = 8;
  store.bucketNs = 10;
  store.firstRow = firstRow;
  store.rows = flags.length;
  store.rowFlags = new Uint8Array(8);
  flags.forEach((flag, i) => {
    store.rowFlags[store.slotFromRow(firstRow + i)] = flag;
  });
  return store;
}

describe('bands from rows', () => {
  it('joins rows of one kind, round the end of the ring, and takes the worst flag of a row', () => {
    const { gap, resync, stale, empty } = RowFlag;
    const bands = bandsFromRows(storeOf([0, gap | stale, gap, resync, 0, empty, stale]), []);
    expect(bands.map(({ kind, fromNs, toNs }) => [kind, fromNs, toNs])).toEqual([
      ['gap', 1010, 1030],
      ['resync', 1030, 1040],
      ['stale', 1060, 1070],
    ]);
  });

  it('leaves out what a band of the session names, not what another kind covers', () => {
    const store = storeOf([RowFlag.gap, RowFlag.gap, RowFlag.resync]);
    const named = [{ kind: 'gap', text: 'gap: 41 updates missing', fromNs: 1015, toNs: 1025 }] as const;
    expect(bandsFromRows(store, named).map(({ kind }) => kind)).toEqual(['resync']);
    expect(bandsFromRows(storeOf([0, 0]), [])).toEqual([]);
  });
});
