/**
 * Whether a depth update belongs to the market that a recording is read as. The wrong market would not fail by itself: its
 * updates never chain to an image, and the book would look real but stay nearly empty. Only what Binance always does counts:
 * where a symbol could be of either futures market, it is taken as it is. Must not know rows or JSON.
 */
import { FormatError } from '../../model/index.ts';
import type { BinanceVenue } from './symbols.ts';

/** What the venue calls each market, with its name before it. */
export const MARKET_NAMES: Record<BinanceVenue, string> = {
  binance: 'Binance spot',
  'binance-usdm': 'Binance USD-M futures',
  'binance-coinm': 'Binance COIN-M futures',
};

/**
 * Throws when a depth update is certainly of another market than `venue`: futures updates carry `pu` (`previousId` ≥ 0), spot
 * ones never do.
 * @errors FormatError `format.wrong-venue`
 */
export function checkMarket(venue: BinanceVenue, symbol: string, previousId: number): void {
  if (previousId < 0) {
    if (venue !== 'binance')
      throw wrongVenue(`This recording is of Binance spot (its depth updates carry no pu), not of ${MARKET_NAMES[venue]}: choose binance.`);
    return;
  }
  if (venue === 'binance')
    throw wrongVenue(
      'This recording is of Binance futures (its depth updates carry pu), not of Binance spot: choose binance-usdm or binance-coinm.',
    );
  const market = futuresMarketOf(symbol);
  if (market !== null && market !== venue)
    throw wrongVenue(
      `This recording is of ${MARKET_NAMES[market]} (it has the symbol ${symbol}), not of ${MARKET_NAMES[venue]}: choose ${market}.`,
    );
}

/**
 * Returns the futures market that a symbol is certainly of, null when it could be either. `_PERP` is COIN-M; dated contracts of
 * both are named alike and are told by the quote, except where BUSD could also be a coin ending in B against USD (BNBUSD).
 */
function futuresMarketOf(symbol: string): BinanceVenue | null {
  if (/USD_PERP$/.test(symbol) || /[^BDT]USD_\d{6}$/.test(symbol)) return 'binance-coinm';
  return /USD[TC](_\d{6})?$/.test(symbol) ? 'binance-usdm' : null;
}

function wrongVenue(userText: string): FormatError {
  return new FormatError('format.wrong-venue', userText);
}
