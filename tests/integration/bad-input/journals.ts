/** Small Binance spot journals for tests of damage. */
export const RECEIVE_NS = 1_700_000_000_123_456_789n;

/** Returns the line of one trade: number `id`, received `id` milliseconds after the start unless told otherwise. */
export function tradeLine(id: number, receiveNs: bigint = RECEIVE_NS + BigInt(id) * 1_000_000n): string {
  const ms = Number(RECEIVE_NS / 1_000_000n) + id;
  const data = { e: 'trade', E: ms, s: 'BTCUSDT', t: id, p: '100.5', q: '1', T: ms, m: true };
  return `${receiveNs} ${JSON.stringify({ stream: 'btcusdt@trade', data })}\n`;
}

/** Returns trades `from` to `to`, both included. */
export function tradeLines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => tradeLine(from + i)).join('');
}
