/** Finds the session and the instrument that a user names. Must not guess between two. */
import { DepthscopeError } from '../../core/contract/index.ts';
import type { InstrumentActivity, Manifest, SessionSummary } from '../host/index.ts';

const SHOWN = 5;

/** Returns the session with that id, unique id prefix or title; throws when there is none or more than one. */
export function sessionNamed(text: string, sessions: readonly SessionSummary[]): SessionSummary {
  const exact = sessions.find(({ sessionId }) => sessionId === text);
  if (exact) return exact;
  const wanted = text.toLowerCase();
  const matches = [
    sessions.filter(({ title }) => title === text),
    sessions.filter(({ title }) => title.toLowerCase() === wanted),
    sessions.filter(({ sessionId }) => wanted !== '' && sessionId.startsWith(wanted)),
  ].find((found) => found.length > 0);
  if (!matches) throw new DepthscopeError('store.unknown-session', `There is no session "${text}"; depthscope sessions lists them.`);
  if (matches.length > 1)
    throw new DepthscopeError(
      'store.ambiguous-session',
      `"${text}" names ${matches.length} sessions: ${matches
        .slice(0, SHOWN)
        .map(({ sessionId }) => sessionId)
        .join(', ')}.`,
    );
  return matches[0];
}

/** Returns the instrument with that symbol, as the venue writes it or canonical, in any case; throws when there is none. */
export function instrumentNamed(symbol: string, { instruments, title }: Manifest): InstrumentActivity {
  const wanted = symbol.toLowerCase();
  const found =
    instruments.find((each) => each.symbol === symbol) ??
    instruments.find((each) => each.symbol.toLowerCase() === wanted || each.canonicalSymbol?.toLowerCase() === wanted);
  if (found) return found;
  const most = instruments
    .slice(0, SHOWN)
    .map((each) => each.symbol)
    .join(', ');
  throw new DepthscopeError(
    'store.unknown-symbol',
    `${title} has no symbol "${symbol}"; the most active of its ${instruments.length} are ${most}.`,
  );
}
