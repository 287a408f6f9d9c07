/** Where single steps of the play head lead to. Pure searches in sorted times; must not know where times come from. */

/** Returns how many of the first `count` sorted times are ≤ `time`. */
export function countUpTo(times: Float64Array, count: number, time: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the nearest of the sorted times strictly after (1) or before (−1) `time`, null when there is none. */
export function neighbourTime(times: Float64Array, time: number, direction: 1 | -1): number | null {
  const upTo = countUpTo(times, times.length, time);
  if (direction === 1) return upTo < times.length ? times[upTo] : null;
  let at = upTo - 1;
  while (at >= 0 && times[at] === time) at--;
  return at >= 0 ? times[at] : null;
}

/**
 * Returns the last ns of the next bucket (1), or of the bucket before the head's (−1): after the step a bucket is complete.
 * A head inside a bucket first completes it.
 */
export function bucketStep(headNs: bigint, bucketNs: number, direction: 1 | -1): bigint {
  const bucket = BigInt(bucketNs);
  const startNs = (headNs / bucket) * bucket;
  if (direction === -1) return startNs - 1n;
  const endNs = startNs + bucket - 1n;
  return headNs < endNs ? endNs : endNs + bucket;
}
