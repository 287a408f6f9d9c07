/** Finds the next or previous event or trade of a timeline, reading on as far as needed. Must not know views. */
import { neighbourTime } from '../../../core/replay/index.ts';
import type { Timeline } from './timeline.ts';

/** Resolves with the offset of the nearest event or trade after or before `offset`, null when there is none. */
export async function neighbourOffset(
  timeline: Timeline,
  offset: number,
  unit: 'event' | 'trade',
  direction: 1 | -1,
): Promise<number | null> {
  const last = timeline.segmentOf(timeline.endOffset);
  for (let k = timeline.segmentOf(offset); k >= 0 && k <= last; k += direction) {
    const start = k * timeline.segmentNs;
    const segment = (await timeline.ensure(start, start)).get(k);
    if (!segment) return null;
    const times = unit === 'trade' ? segment.trades.time : segment.times.subarray(segment.lead);
    const found = neighbourTime(times, offset, direction);
    if (found !== null) return found;
  }
  return null;
}
