/**
 * Deterministic 32-bit generator (sfc32). Only integer operations and IEEE division, so that every machine makes the
 * same bytes. Must not be used outside benches and test inputs.
 */
export interface RandomSource {
  u32(): number;
  /** Uniform in [0, 1). */
  unit(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  /** Heavy tail clustered at 0: P(X > x) about c ÷ (x + c), at most `cap`. */
  pareto(c: number, cap: number): number;
}

/** Returns the generator for a seed. */
export function sfc32(seed: number): RandomSource {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88;
  let c = 0xb7e15162 ^ (seed << 7);
  let d = 1;
  const u32 = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  a |= 0;
  c |= 0;
  for (let i = 0; i < 20; i++) u32();
  return {
    u32,
    unit: () => u32() / 4294967296,
    below: (n) => Math.floor((u32() / 4294967296) * n),
    pareto: (scale, cap) => {
      const u = u32() / 4294967296;
      const x = Math.floor((scale * u) / (1 - u + scale / cap));
      return Math.min(x, cap);
    },
  };
}
