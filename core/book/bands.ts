/**
 * Stretches of session time in which a book cannot be trusted, collected as they open and close. Must not know why a
 * book lost trust, only when.
 */
import type { QualityBand } from '../model/index.ts';

interface OpenBand {
  readonly kind: QualityBand['kind'];
  readonly instrumentId: number | null;
  readonly fromNs: bigint;
  readonly text: string;
}

/** Collects QualityBands; times are ns on the session's receive axis. */
export class BandRecorder {
  private readonly done: QualityBand[] = [];
  private readonly open = new Map<string, OpenBand>();

  /** Records a band whose ends are both known. */
  add(band: OpenBand, toNs: bigint): void {
    this.done.push({ ...band, fromNs: band.fromNs.toString(), toNs: toNs.toString() });
  }

  /** Opens a band; while one of that kind is open for the instrument, the first stays. */
  begin(band: OpenBand): void {
    const key = `${band.kind} ${band.instrumentId}`;
    if (!this.open.has(key)) this.open.set(key, band);
  }

  /** Closes the instrument's band of that kind, if it is open. */
  end(kind: QualityBand['kind'], instrumentId: number | null, toNs: bigint): void {
    const key = `${kind} ${instrumentId}`;
    const band = this.open.get(key);
    if (band === undefined) return;
    this.open.delete(key);
    this.add(band, toNs);
  }

  /** Returns all bands by start time; those still open end at `lastNs`. */
  list(lastNs: bigint): QualityBand[] {
    const open = [...this.open.values()].map((band) => ({ ...band, fromNs: band.fromNs.toString(), toNs: lastNs.toString() }));
    return [...this.done, ...open].sort((a, b) => Number(BigInt(a.fromNs) - BigInt(b.fromNs)));
  }
}
