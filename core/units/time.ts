/**
 * Nanosecond times as text and back. Times are UTC bigint nanoseconds since the epoch; inside columns they are
 * Float64 offsets from a batch's base. Must not know clocks or time zones other than UTC.
 */
import { err, ok, type Result } from '../util/index.ts';

export const NS_PER_SECOND = 1_000_000_000;
export const NS_PER_MS = 1_000_000;

/** Returns `2023-10-02T11:34:35.036572612Z` for nanoseconds since the epoch. */
export function isoFromNs(timeNs: bigint): string {
  const second = timeNs >= 0n ? timeNs / 1_000_000_000n : (timeNs - 999_999_999n) / 1_000_000_000n;
  const fraction = timeNs - second * 1_000_000_000n;
  const head = new Date(Number(second) * 1000).toISOString().slice(0, 19);
  return `${head}.${fraction.toString().padStart(9, '0')}Z`;
}

/** Returns `HH:MM:SS` with the given number of fraction digits (0–9), UTC. */
export function clockFromNs(timeNs: bigint, fractionDigits: number): string {
  const iso = isoFromNs(timeNs);
  return fractionDigits === 0 ? iso.slice(11, 19) : iso.slice(11, 20 + fractionDigits);
}

/**
 * Returns nanoseconds since the epoch for decimal nanoseconds or an ISO date-time with a zone (`Z` or ±hh:mm) and up to
 * nine fraction digits.
 */
export function nsFromText(text: string): Result<bigint, string> {
  if (/^-?\d{1,19}$/.test(text)) return ok(BigInt(text));
  const m = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (!m) return err(`"${text}" is not a time: use nanoseconds or an ISO time with a zone, such as 2024-08-08T23:54:30Z`);
  const ms = Date.parse(`${m[1]}T${m[2]}${m[4]}`);
  if (Number.isNaN(ms)) return err(`"${text}" is not a date that exists`);
  return ok(BigInt(ms) * 1_000_000n + BigInt((m[3] ?? '').padEnd(9, '0')));
}
