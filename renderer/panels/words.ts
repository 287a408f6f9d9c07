/** Words and dates that several panels share. */
import { isoFromNs } from '../../core/units/index.ts';
import type { RecordingVenue } from '../../core/contract/index.ts';
import { BookState, type SessionSummary } from '../../core/model/index.ts';

export const VENUES: readonly { readonly value: RecordingVenue; readonly label: string }[] = [
  { value: 'binance', label: 'Binance spot' },
  { value: 'binance-usdm', label: 'Binance USD-M futures' },
  { value: 'binance-coinm', label: 'Binance COIN-M futures' },
];

const BOOK_STATES: Readonly<Record<number, string>> = {
  [BookState.empty]: 'no book yet',
  [BookState.buffering]: 'waiting for a book image',
  [BookState.synced]: 'book in sync',
  [BookState.gap]: 'book void after a gap',
  [BookState.stale]: 'book stale after a gap',
};

const EVENT_KINDS: Readonly<Record<string, string>> = {
  gap: 'Gap',
  restart: 'Restart',
  duplicate: 'Duplicates skipped',
  disconnect: 'Disconnect',
  late: 'Late messages dropped',
  unparseable: 'Unreadable message',
  truncated: 'Cut tail',
  timeStep: 'Time stepped back',
  crossed: 'Crossed book',
  unknownOrder: 'Unknown order',
  status: 'Status',
  auction: 'Auction',
  officialPrice: 'Official price',
  clear: 'Books cleared',
  snapshotBegin: 'Book image begins',
  snapshotEnd: 'Book image',
  boundary: 'Event boundary',
  tradeCancel: 'Trade cancelled',
};

/** Returns an event kind in words. */
export function eventKindText(kind: string): string {
  return EVENT_KINDS[kind] ?? kind;
}

const IEX_TYPES: Readonly<Record<string, string>> = {
  S: 'system event',
  D: 'security directory',
  H: 'trading status',
  I: 'retail liquidity',
  O: 'operational halt',
  P: 'short sale test',
  E: 'security event',
  '8': 'bid level update',
  '5': 'ask level update',
  Q: 'quote update',
  T: 'trade',
  X: 'official price',
  B: 'trade break',
  A: 'auction',
  a: 'order add',
  M: 'order modify',
  R: 'order delete',
  L: 'order execute',
  C: 'clear book',
};

/** Returns the name of a message type; IEX sends single letters, which are kept in front. */
export function messageTypeText(type: string): string {
  const words = IEX_TYPES[type];
  return words === undefined ? type : `${type}  ${words}`;
}

/** Returns the state of the book in words. */
export function bookStateText(state: number): string {
  return BOOK_STATES[state] ?? 'unknown book state';
}

/** Returns `2026-11-19 13:30 – 20:00` (UTC), or `no timed events`. */
export function spanText(session: Pick<SessionSummary, 'firstReceiveNs' | 'lastReceiveNs'>): string {
  if (session.firstReceiveNs === null || session.lastReceiveNs === null) return 'no timed events';
  const from = isoFromNs(BigInt(session.firstReceiveNs));
  const to = isoFromNs(BigInt(session.lastReceiveNs));
  const short = BigInt(session.lastReceiveNs) - BigInt(session.firstReceiveNs) < 600_000_000_000n;
  const clock = (iso: string): string => iso.slice(11, short ? 19 : 16);
  return `${from.slice(0, 10)} ${clock(from)} – ${clock(to)}`;
}

/** Returns `100ms`, `1s`, `10s`, `1m`. */
export function bucketText(bucketNs: number): string {
  if (bucketNs < 1e9) return `${bucketNs / 1e6}ms`;
  return bucketNs < 6e10 ? `${bucketNs / 1e9}s` : `${bucketNs / 6e10}m`;
}
