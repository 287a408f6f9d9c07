/**
 * Time buckets of a map: row index = floor(timeNs / bucketNs) on the UTC nanosecond axis. Inside a session times are
 * offsets from its first nanosecond, exact in a double. Must not know windows or heads.
 */

/** Returns the row of an absolute time. */
export function rowFromTimeNs(timeNs: bigint, bucketNs: number): number {
  const bucket = BigInt(bucketNs);
  const row = timeNs / bucket;
  return Number(timeNs < 0n && row * bucket !== timeNs ? row - 1n : row);
}

/** Returns the first ns of a row as an offset from `originNs`. @units ns */
export function offsetFromRow(row: number, bucketNs: number, originNs: bigint): number {
  return Number(BigInt(row) * BigInt(bucketNs) - originNs);
}
