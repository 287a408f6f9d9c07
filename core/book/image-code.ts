/**
 * The `code` of the snapshotBegin and snapshotEnd rows of a keyframe: unlike an image that a venue sent, a keyframe also
 * carries how far the book was trusted. Part of the recording format. Must not know rows.
 */
import { type BookState, KEYFRAME_CODE } from '../model/index.ts';

const STATE_MASK = 0x07;
const FROM_IMAGE = 0x08;
const CROSSED = 0x10;
const TRADED = 0x20;

/** What a keyframe says beside the depth. */
export interface ImageFacts {
  readonly state: BookState;
  readonly fromImage: boolean;
  readonly crossed: boolean;
  /** There was a trade before: snapshotEnd holds its price and side. */
  readonly traded: boolean;
}

/** Returns the code of a keyframe's bracket rows. */
export function imageCode(facts: ImageFacts): number {
  return KEYFRAME_CODE | facts.state | (facts.fromImage ? FROM_IMAGE : 0) | (facts.crossed ? CROSSED : 0) | (facts.traded ? TRADED : 0);
}

/** Returns the facts in the code of a keyframe's bracket row, null when the image came from a venue. */
export function readImageCode(code: number): ImageFacts | null {
  if ((code & KEYFRAME_CODE) === 0) return null;
  return {
    state: (code & STATE_MASK) as BookState,
    fromImage: (code & FROM_IMAGE) !== 0,
    crossed: (code & CROSSED) !== 0,
    traded: (code & TRADED) !== 0,
  };
}
