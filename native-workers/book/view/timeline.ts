/**
 * The recorded rows of one instrument of one session, read from the store in segments of a fixed time grid as they are
 * needed: every row, or, at a coarser resolution, the last level row per price and bucket. Must not know views.
 */
import type { InstrumentActivity, Manifest } from '../../../core/model/index.ts';
import { DepthscopeError } from '../../../core/contract/index.ts';
import type { Caller, StoreCalls, TimelineResolution } from '../../protocol/index.ts';
import { Segment } from './segment.ts';
import type { TimelineCache } from './timeline-cache.ts';

/** The part of the store's calls that views need. */
export type TimelineStore = Pick<Caller<Pick<StoreCalls, 'read.timeline' | 'sessions.manifest'>>, 'call'>;

/** Rows that a segment holds on average: few enough to apply within a few milliseconds, enough to be worth a read. */
export const ROWS_PER_SEGMENT = 131_072;
const SHORTEST_SEGMENT_NS = 1e9;

/** Thinned resolutions, coarsest first. @units bucketNs: ns */
const COARSE: readonly { readonly resolution: TimelineResolution; readonly bucketNs: number }[] = [
  { resolution: '10m', bucketNs: 600e9 },
  { resolution: '1m', bucketNs: 60e9 },
  { resolution: '10s', bucketNs: 10e9 },
  { resolution: '1s', bucketNs: 1e9 },
];

/** What all timelines of a worker share. */
export interface TimelineContext {
  readonly store: TimelineStore;
  readonly cache: TimelineCache;
  readonly rowsPerSegment: number;
}

/** A run of neighbouring segments in memory. */
export type SegmentRun = ReadonlyMap<number, Segment>;

/** One instrument's road to its rows. @units offsets: ns from originNs */
export class Timeline {
  readonly sessionId: string;
  readonly instrument: InstrumentActivity;
  readonly resolution: TimelineResolution;
  readonly originNs: bigint;
  /** Offset of the session's last receive time. */
  readonly endOffset: number;
  readonly segmentNs: number;
  private readonly manifest: Manifest;
  private readonly context: TimelineContext;
  private readonly estimatedRows: number;
  private readonly coarser = new Map<TimelineResolution, Timeline>();

  constructor(manifest: Manifest, instrumentId: number, context: TimelineContext, resolution: TimelineResolution = 'raw') {
    const instrument = manifest.instruments.find((one) => one.id === instrumentId);
    if (!instrument) {
      throw new DepthscopeError('view.unknown-instrument', `Session "${manifest.title}" has no instrument with number ${instrumentId}.`);
    }
    const { firstReceiveNs, lastReceiveNs } = manifest.report;
    if (firstReceiveNs === null || lastReceiveNs === null) {
      throw new DepthscopeError('view.empty-session', `Session "${manifest.title}" holds no events, so there is nothing to show.`);
    }
    this.manifest = manifest;
    this.sessionId = manifest.sessionId;
    this.instrument = instrument;
    this.resolution = resolution;
    this.originNs = BigInt(firstReceiveNs);
    this.endOffset = Number(BigInt(lastReceiveNs) - this.originNs);
    this.context = context;
    this.estimatedRows = estimatedRows(manifest, instrument, resolution);
    const span = this.endOffset + 1;
    const { rowsPerSegment } = context;
    this.segmentNs = Math.ceil(Math.min(span, Math.max(SHORTEST_SEGMENT_NS, (span * rowsPerSegment) / Math.max(this.estimatedRows, 1))));
  }

  /**
   * Returns the coarsest timeline whose book is this one's at the end of every bucket of `bucketNs`; this one when there
   * is no other. Thinned rows tell less than all rows where receive times step back and where trust depends on each row.
   */
  coarserFor(bucketNs: number): Timeline {
    const { manifest, instrument } = this;
    if (instrument.bookKind !== 'levels' || manifest.report.timeSteps > 0) return this;
    if (manifest.bands.some(({ kind, instrumentId }) => kind === 'stale' && instrumentId === instrument.id)) return this;
    const found = COARSE.find((one) => bucketNs % one.bucketNs === 0 && manifest.streams[`lod_${one.resolution}`] !== undefined);
    if (!found) return this;
    const known = this.coarser.get(found.resolution) ?? new Timeline(manifest, instrument.id, this.context, found.resolution);
    this.coarser.set(found.resolution, known);
    return known;
  }

  /** Returns the segment number of an offset; offsets beyond the session belong to its first or last segment. */
  segmentOf(offset: number): number {
    return Math.floor(Math.min(Math.max(offset, 0), this.endOffset) / this.segmentNs);
  }

  /** Returns about how many rows lie between two offsets, as if the session were equally busy all the time. */
  rowsIn(fromOffset: number, toOffset: number): number {
    const from = Math.max(fromOffset, 0);
    const to = Math.min(toOffset, this.endOffset);
    return to < from ? 0 : (this.estimatedRows * (to - from + 1)) / (this.endOffset + 1);
  }

  /** Resolves with all segments that hold [fromOffset, toOffset]. Rejects with the store's error. */
  async ensure(fromOffset: number, toOffset: number): Promise<Map<number, Segment>> {
    const run = new Map<number, Segment>();
    const reads: Promise<void>[] = [];
    for (let k = this.segmentOf(fromOffset); k <= this.segmentOf(toOffset); k++) {
      reads.push(this.segment(k).then((segment) => void run.set(k, segment)));
    }
    await Promise.all(reads);
    return run;
  }

  private segment(index: number): Promise<Segment> {
    const { sessionId, instrument, originNs, resolution } = this;
    const { cache, store } = this.context;
    return cache.get(`${sessionId}/${instrument.id}/${resolution}/${index}`, async () => {
      const from = index * this.segmentNs;
      const data = await store.call('read.timeline', {
        sessionId,
        instrumentId: instrument.id,
        fromNs: (originNs + BigInt(from)).toString(),
        toNs: (originNs + BigInt(Math.min(from + this.segmentNs - 1, this.endOffset))).toString(),
        resolution,
      });
      return new Segment({ index, fromOffset: from, originNs, bookKind: instrument.bookKind, before: data.before, rows: data.rows });
    });
  }
}

/** Returns about how many rows the store reads at a resolution: there, thinned levels and trades are most of them. */
function estimatedRows({ instruments, streams }: Manifest, instrument: InstrumentActivity, resolution: TimelineResolution): number {
  const thinned = streams[`lod_${resolution}`];
  if (resolution === 'raw' || thinned === undefined) return instrument.events;
  const levels = instruments.reduce((sum, { levelUpdates }) => sum + levelUpdates, 0);
  return instrument.trades + (thinned.rows * instrument.levelUpdates) / Math.max(levels, 1);
}
