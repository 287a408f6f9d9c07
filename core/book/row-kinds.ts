/** Which kinds of rows carry a time of the venue. Must not know what the rows do. */
import { EventKind } from '../model/index.ts';

/** Returns true for trades, depth and quotes: kinds whose code 1 says that the venue sent no time. */
export function isMarket(kind: number): boolean {
  return kind <= EventKind.orderExecute || kind === EventKind.quote;
}

/** Returns true for kinds that stand for a message of the venue with a time of its own. */
export function isTimed(kind: number): boolean {
  return kind <= EventKind.clear || kind === EventKind.quote || (kind >= EventKind.status && kind <= EventKind.officialPrice);
}
