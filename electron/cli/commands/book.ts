/** `depthscope book`: the book of an instrument as it stood at a time. */
import { isoFromNs, nsFromText } from '../../host/index.ts';
import { JSON_OPTION, required, UsageError, wholeNumber, type Command } from '../command.ts';
import { instrumentNamed, sessionNamed } from '../lookup.ts';
import { withHost } from '../with-host.ts';

const MAX_DEPTH = 100_000;

export const bookCommand: Command = {
  name: 'book',
  usage: 'SESSION --symbol S --at TIME [--depth N] [--json]',
  summary: 'Print the book of an instrument at a time.',
  details:
    'SESSION is an id, a unique beginning of one, or a title. TIME is nanoseconds or an ISO time with a zone, such as 2024-08-08T23:54:30Z.',
  options: {
    symbol: { type: 'string', value: 'S', help: "the venue's symbol" },
    at: { type: 'string', value: 'TIME', help: 'the moment, by receive time' },
    depth: { type: 'string', value: 'N', help: 'levels a side, 10 when absent' },
    json: JSON_OPTION,
  },
  positionals: [1, 1],
  run: (invocation) => {
    const symbol = required(invocation, 'symbol');
    const at = nsFromText(required(invocation, 'at'));
    if (!at.ok) throw new UsageError(at.error);
    const depth = wholeNumber(invocation, 'depth', { fallback: 10, least: 1, most: MAX_DEPTH });
    return withHost(invocation, async (host) => {
      const { sessionId } = sessionNamed(invocation.positionals[0], await host.store.call('sessions.list', {}));
      const instrument = instrumentNamed(symbol, await host.store.call('sessions.manifest', { sessionId }));
      const book = await host.bookAt({ sessionId, instrumentId: instrument.id, timeNs: at.value.toString(), depth });
      if (invocation.json) {
        invocation.terminal.out(`${JSON.stringify({ session: sessionId, symbol: instrument.symbol, ...book })}\n`);
        return;
      }
      invocation.terminal.out(`${instrument.symbol} at ${isoFromNs(BigInt(book.timeNs))}: ${book.state}\n${table(book.bids, book.asks)}`);
    });
  },
};

type Levels = readonly (readonly [price: string, size: string])[];

function table(bids: Levels, asks: Levels): string {
  const rows: string[][] = [['bid size', 'bid', 'ask', 'ask size']];
  for (let i = 0; i < Math.max(bids.length, asks.length); i++) {
    rows.push([bids[i]?.[1] ?? '', bids[i]?.[0] ?? '', asks[i]?.[0] ?? '', asks[i]?.[1] ?? '']);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padStart(widths[column])).join('  ')}\n`).join('');
}
