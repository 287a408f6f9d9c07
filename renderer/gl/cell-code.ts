/**
 * Cells as 16-bit codes for the graphics card: a side and a logarithm of the size. Read-outs never use them, they take
 * the exact numbers of the frame store. Must not know textures, rings or colours.
 */

/** Steps per doubling of the size: a code is at most 1 part in 1,024 away from its size, far below one palette colour. */
export const CODE_STEPS = 512;
/** Power of two of the smallest size that has its own code; smaller ones share it. The largest is above 2^53. */
export const CODE_LOW_EXPONENT = -10;
/** Bit that marks an ask. */
export const CODE_ASK = 0x8000;

const CODE_MAX = 0x7fff;
/** A float's bits count in steps of its mantissa: 23 bits of it, of which the upper 9 are kept. */
const SHIFT = 23 - Math.log2(CODE_STEPS);
const HALF_STEP = 1 << (SHIFT - 1);
const LOW_STEPS = (127 + CODE_LOW_EXPONENT) * CODE_STEPS;

/**
 * Writes the code of each cell to `out`: 0 = nothing, else 1 + (steps above 2^CODE_LOW_EXPONENT), with CODE_ASK for
 * positive sizes. Codes of one side grow with the size. @shape out at least as long as cells
 */
export function encodeCells(cells: Float32Array, out: Uint16Array): void {
  const bits = new Int32Array(cells.buffer, cells.byteOffset, cells.length);
  for (let i = 0; i < bits.length; i++) {
    const pattern = bits[i] as number;
    const magnitude = pattern & 0x7fffffff;
    if (magnitude === 0) {
      out[i] = 0;
      continue;
    }
    // The bits of a positive float, read as an integer, are a logarithm with straight pieces: no log() per cell.
    const code = ((magnitude + HALF_STEP) >> SHIFT) - LOW_STEPS + 1;
    out[i] = (code < 1 ? 1 : code > CODE_MAX ? CODE_MAX : code) | (pattern < 0 ? 0 : CODE_ASK);
  }
}
