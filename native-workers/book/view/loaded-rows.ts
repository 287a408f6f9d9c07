/**
 * Loads the rows that a frame is made of: all rows where the play head is, and for the buckets before it the thinned ones
 * when a window is long. Must not know books, frames or pacing.
 */
import { DepthscopeError } from '../../../core/contract/index.ts';
import { offsetFromRow } from '../../../core/view/index.ts';
import type { SegmentRun, Timeline } from './timeline.ts';
import type { RowRange } from './window-rows.ts';

/** Rows that one frame may be made of: about 500 MB in memory. */
const MOST_ROWS = 6_000_000;
/** Up to this many rows a window is made from all of them. */
const MOST_RAW_ROWS = 400_000;

/** The segments of one frame. */
export interface LoadedRows {
  /** Where the rows of complete buckets are from. */
  readonly timeline: Timeline;
  /** Segments of `timeline` that hold the window up to the head. */
  readonly run: SegmentRun;
  /** The segment of all rows that holds the head. */
  readonly headRun: SegmentRun;
}

/** A window of rows and the play head. @units headOffset: ns from the timeline's origin */
export interface WantedRows {
  readonly range: RowRange;
  readonly bucketNs: number;
  readonly headOffset: number;
}

/** Resolves with the rows of a window up to the head. `view.window-too-wide` when they are more than memory allows. */
export async function loadRows(all: Timeline, wanted: WantedRows, mostRawRows: number = MOST_RAW_ROWS): Promise<LoadedRows> {
  const { range, bucketNs, headOffset } = wanted;
  const first = offsetFromRow(range.first, bucketNs, all.originNs);
  const last = Math.min(offsetFromRow(range.last + 1, bucketNs, all.originNs) - 1, headOffset);
  const timeline = all.rowsIn(first, last) > mostRawRows ? all.coarserFor(bucketNs) : all;
  if (timeline.rowsIn(first, last) > MOST_ROWS) {
    throw new DepthscopeError(
      'view.window-too-wide',
      'This stretch of time holds too many events to draw at once; the map is as it was. Choose a shorter stretch.',
    );
  }
  const none = first > last || last < 0;
  const [headRun, run] = await Promise.all([all.ensure(headOffset, headOffset), none ? new Map() : timeline.ensure(first, last)]);
  return { timeline, run: timeline === all ? new Map([...headRun, ...run]) : run, headRun };
}
