/**
 * Bands from the flags of the rows on the map: what the session's own list does not name is still marked. Must not know
 * drawing or the host.
 */
import { RowFlag } from '../../core/frames/index.ts';
import type { FrameStore } from '../frames/index.ts';
import type { MapBand } from './bands.ts';

/** The worst first: a row has one band. */
const KINDS: readonly { readonly flag: number; readonly kind: MapBand['kind']; readonly text: string }[] = [
  { flag: RowFlag.gap, kind: 'gap', text: 'gap: data missing' },
  { flag: RowFlag.restart, kind: 'restart', text: 'restart' },
  { flag: RowFlag.resync, kind: 'resync', text: 'resync: waiting for an image' },
  { flag: RowFlag.stale, kind: 'stale', text: 'stale: not confirmed since a gap' },
];

/** Returns a band for each run of equally flagged rows that no band of the same kind in `named` touches, in time order. */
export function bandsFromRows(store: FrameStore, named: readonly MapBand[]): MapBand[] {
  const out: MapBand[] = [];
  let kind: (typeof KINDS)[number] | undefined;
  let from = 0;
  for (let i = 0; i <= store.rows; i++) {
    const next = i < store.rows ? kindOf(store.rowFlags[store.slotFromRow(store.firstRow + i)] as number) : undefined;
    if (next === kind) continue;
    if (kind) {
      const fromNs = store.offsetNsFromRow(store.firstRow + from);
      const band = { kind: kind.kind, text: kind.text, fromNs, toNs: store.offsetNsFromRow(store.firstRow + i) };
      if (!named.some((other) => other.kind === band.kind && other.fromNs <= band.toNs && other.toNs >= band.fromNs)) out.push(band);
    }
    kind = next;
    from = i;
  }
  return out;
}

function kindOf(flags: number): (typeof KINDS)[number] | undefined {
  return flags === 0 ? undefined : KINDS.find(({ flag }) => (flags & flag) !== 0);
}
