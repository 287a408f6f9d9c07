/**
 * Expected trouble as a value. Core functions return a Result where a caller can sensibly go on;
 * this file must not know what any error means.
 */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Returns a successful result. */
export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** Returns a failed result. */
export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}

/** Throws when a thing that the program itself guarantees does not hold: a bug, never bad input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}
