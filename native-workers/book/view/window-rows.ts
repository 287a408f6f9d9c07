/** Which rows a window shows, given the play head. Must not know books. */
import type { ViewWindow } from '../../../core/contract/index.ts';
import { rowFromTimeNs } from '../../../core/view/index.ts';

/** Part of a following window that lies after the play head and is still empty. */
const MARGIN = 0.1;

/** First and last row of a window, both included. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** Returns the rows of a window: up to its end, or, when it follows, up to a tenth of its rows after the head. */
export function rowsOfWindow(window: ViewWindow, headNs: bigint): RowRange {
  const last =
    window.endNs === null
      ? rowFromTimeNs(headNs, window.bucketNs) + Math.floor(window.rows * MARGIN)
      : rowFromTimeNs(BigInt(window.endNs) - 1n, window.bucketNs);
  return { first: last - window.rows + 1, last };
}

/**
 * Returns the rows that an append frame adds: from the row of the head of the frame before (it may have grown) to the
 * head's, inside the window. `first` = `last` + 1 means none. Null when the window has moved on by its whole length.
 */
export function rowsToAppend(window: ViewWindow, sentHeadRow: number, headNs: bigint): RowRange | null {
  const headRow = rowFromTimeNs(headNs, window.bucketNs);
  if (window.endNs === null) return headRow - sentHeadRow >= window.rows ? null : { first: sentHeadRow, last: headRow };
  const range = rowsOfWindow(window, headNs);
  const first = Math.min(Math.max(sentHeadRow, range.first), range.last + 1);
  return { first, last: Math.max(Math.min(headRow, range.last), first - 1) };
}
