/** A recorded session as the catalogue lists it and the manifest describes it. Times are decimal ns UTC as text (JSON has no bigint). */
import type { Instrument } from './instrument.ts';
import type { ImportReport } from './report.ts';

export const RECORDING_FORMAT_VERSION = 1;

export interface SourceFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How busy an instrument was; instrument lists are sorted by `events`, most active first. */
export interface InstrumentActivity extends Instrument {
  readonly events: number;
  readonly trades: number;
  readonly levelUpdates: number;
}

/** A stretch of time in which the data of an instrument (or of all) cannot be trusted. */
export interface QualityBand {
  /** gap: messages are missing; resync: waiting for a new image; restart: the stream began again; stale: not confirmed since. */
  readonly kind: 'gap' | 'resync' | 'restart' | 'stale' | 'disconnect';
  readonly instrumentId: number | null;
  readonly fromNs: string;
  readonly toNs: string;
  readonly text: string;
}

/** A file of a recording as it was sealed. */
export interface RecordedFile {
  /** Below the session folder, with `/` between names. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** manifest.json of a recording. */
export interface Manifest {
  readonly formatVersion: number;
  readonly software: string;
  readonly sessionId: string;
  readonly title: string;
  readonly venue: string;
  readonly synthetic: boolean;
  readonly sources: readonly SourceFile[];
  readonly createdAt: string;
  readonly report: ImportReport;
  readonly instruments: readonly InstrumentActivity[];
  readonly bands: readonly QualityBand[];
  /** Contiguous ranges of ordinals, one `chunk=NNNNN` folder per stream and entry. */
  readonly chunks: readonly {
    readonly firstOrdinal: number;
    readonly rows: number;
    readonly firstReceiveNs: string;
    readonly lastReceiveNs: string;
  }[];
  readonly streams: Readonly<Record<string, { readonly rows: number; readonly bytes: number }>>;
  /** Every file of the recording but the manifest and its digest. */
  readonly files: readonly RecordedFile[];
}

/** A row of the session list. */
export interface SessionSummary {
  readonly sessionId: string;
  readonly title: string;
  readonly venue: string;
  readonly protocol: string;
  readonly synthetic: boolean;
  readonly instruments: number;
  readonly events: number;
  readonly trades: number;
  readonly levelUpdates: number;
  readonly gaps: number;
  readonly bytes: number;
  readonly firstReceiveNs: string | null;
  readonly lastReceiveNs: string | null;
  readonly createdAt: string;
  /** null until `verify` ran. */
  readonly verified: boolean | null;
}
