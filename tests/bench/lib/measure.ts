/**
 * What a bench gives back: measures with their goals, and how candidates are compared fairly: every round runs every
 * candidate once, in a fresh process, in rotating order. Must not know any single bench.
 */
import { spawnSync } from 'node:child_process';
import { median, spread } from './stats.ts';

/** One line of the result. */
export interface Measure {
  /** Name in the performance page, for instance `P1`; empty when it has none. */
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The floor or ceiling to hold; null when the value is only reported. */
  readonly goal: { readonly atLeast: number } | { readonly atMost: number } | null;
  /** (max − min) ÷ median over the rounds; null for a single value. */
  readonly spread: number | null;
  /** All that was measured for it, per candidate. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Settings of a run. */
export interface BenchContext {
  readonly rounds: number;
  /** Folder for generated inputs, kept between runs. */
  readonly dataDir: string;
  /** Says what is going on, on standard error. */
  note(text: string): void;
}

/** A bench: returns its measures; throws when a truth check fails or something it needs is absent. */
export type Bench = (context: BenchContext) => Promise<Measure[]>;

/** A command that prints one JSON object as its last line. */
export interface Candidate {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Returns a candidate that runs a file of `candidates/` under this Node. */
export function nodeCandidate(name: string, file: string, args: readonly string[], flags: readonly string[] = []): Candidate {
  return { name, command: process.execPath, args: [...flags, new URL(`../candidates/${file}`, import.meta.url).pathname, ...args] };
}

/** Runs a candidate once and returns the object that it printed. Throws with its standard error when it fails. */
export function runOnce(candidate: Candidate, extra: readonly string[] = []): Record<string, number> {
  const run = spawnSync(candidate.command, [...candidate.args, ...extra], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0)
    throw new Error(`${candidate.name} failed: ${run.stderr?.slice(-1500) || run.error?.message || `status ${run.status}`}`);
  const line = run.stdout.trim().split('\n').at(-1) ?? '';
  return JSON.parse(line) as Record<string, number>;
}

/** Returns the values of `metric` per candidate over `rounds` interleaved rounds. */
export function interleave(candidates: readonly Candidate[], metric: string, rounds: number): Map<string, number[]> {
  return interleaveAll(candidates, [metric], rounds)[0];
}

/** Returns the values of each of `metrics` per candidate over `rounds` interleaved rounds. */
export function interleaveAll(candidates: readonly Candidate[], metrics: readonly string[], rounds: number): Map<string, number[]>[] {
  const values = metrics.map(() => new Map<string, number[]>(candidates.map(({ name }) => [name, []])));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[(i + round) % candidates.length];
      if (!candidate) continue;
      const found = runOnce(candidate);
      metrics.forEach((metric, m) => {
        const value = found[metric];
        if (value === undefined) throw new Error(`${candidate.name} printed no ${metric}`);
        values[m].get(candidate.name)?.push(value);
      });
    }
  }
  return values;
}

/** Returns the median ratio of two candidates of one interleaved run, with the larger of their spreads. */
export function ratio(
  values: Map<string, number[]>,
  of: string,
  to: string,
): { value: number; spread: number; detail: Record<string, unknown> } {
  const a = values.get(of) ?? [];
  const b = values.get(to) ?? [];
  return {
    value: median(a) / median(b),
    spread: Math.max(spread(a), spread(b)),
    detail: { [of]: { median: median(a), spread: spread(a), values: a }, [to]: { median: median(b), spread: spread(b), values: b } },
  };
}

/** Throws unless both are equal: a run counts only when its truth holds. */
export function demandEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(actual)}; the measurement does not count`);
}
