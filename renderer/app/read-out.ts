/** What the crosshair tells about the cell under it, as text. Must not know how it is drawn. */
import { clockFromNs } from '../../core/units/index.ts';
import { cursorTimeText, type ChartTheme, nsFromX, priceText, type ReadOut, shortSizeText, sizeText, unitsFromY } from '../charts/index.ts';
import { TRADE_STRIDE } from '../frames/index.ts';
import type { MapEngine } from './map-engine.ts';

/** Returns the read-out at a point of the map, null outside the known part. */
export function readOutAt(engine: MapEngine, at: { readonly x: number; readonly y: number }, theme: ChartTheme): ReadOut | null {
  const { store, view, layout, info } = engine;
  if (!info || store.rows === 0 || !engine.priceKnown) return null;
  const { priceScale, sizeScale } = info.instrument;
  const timeNs = nsFromX(view, layout, Math.min(at.x, layout.mapWidthPx - 1));
  const bin = Math.floor((unitsFromY(view, layout, at.y) + info.stepUnits / 2 - store.lowUnits) / store.binUnits);
  const priceUnits = store.lowUnits + bin * store.binUnits;
  const row = store.firstRow + Math.floor((timeNs - store.offsetNsFromRow(store.firstRow)) / store.bucketNs);
  const size = store.sizeAt(row, priceUnits);
  const traded = tradedIn(engine, row, priceUnits);
  const originNs = BigInt(info.fromNs);
  const absoluteNs = originNs + BigInt(Math.round(timeNs));
  const clock = clockFromNs(absoluteNs, 3);
  const price = priceText(priceUnits, priceScale, info.stepUnits);
  const percentile = engine.sample.percentileOfSize(Math.abs(size));
  return {
    title: `${clock}  ${price}`,
    priceTag: price,
    timeTag: cursorTimeText(absoluteNs, { fromNs: view.rightNs - view.spanNs, toNs: view.rightNs, originNs }),
    lines: [
      ['resting', size === 0 ? '–' : `${sizeText(Math.abs(size), sizeScale)}  p${Math.floor(Math.min(99, percentile))}`, null],
      ['side', size === 0 ? '–' : size < 0 ? '▲ bid' : '▼ ask', size === 0 ? null : size < 0 ? theme.bid : theme.ask],
      ['traded', tradedText(traded, sizeScale), null],
      ['from last', distanceText(priceUnits, store.lastTradeUnits, info.stepUnits), null],
    ],
  };
}

interface Traded {
  readonly bought: number;
  readonly sold: number;
  /** Trades whose aggressor is not known, or a cross. */
  readonly other: number;
}

function tradedText(traded: Traded, sizeScale: number): string {
  const parts: string[] = [];
  if (traded.bought > 0) parts.push(`${shortSizeText(traded.bought, sizeScale)} buy`);
  if (traded.sold > 0) parts.push(`${shortSizeText(traded.sold, sizeScale)} sell`);
  if (traded.other > 0) parts.push(`${shortSizeText(traded.other, sizeScale)} no side`);
  return parts.length === 0 ? '–' : parts.join(' ');
}

function tradedIn(engine: MapEngine, row: number, priceUnits: number): Traded {
  const { store } = engine;
  const fromNs = store.offsetNsFromRow(row);
  const toNs = fromNs + store.bucketNs;
  let bought = 0;
  let sold = 0;
  let other = 0;
  for (let i = store.trades.indexFrom(fromNs); i < store.trades.end; i++) {
    const at = i * TRADE_STRIDE;
    if ((store.trades.values[at] as number) >= toNs) break;
    const price = store.trades.values[at + 1] as number;
    if (price < priceUnits || price >= priceUnits + store.binUnits) continue;
    const side = store.trades.values[at + 3];
    const size = store.trades.values[at + 2] as number;
    if (side === 1) bought += size;
    else if (side === 2) sold += size;
    else other += size;
  }
  return { bought, sold, other };
}

function distanceText(priceUnits: number, lastUnits: number, stepUnits: number): string {
  if (!Number.isFinite(lastUnits) || lastUnits === 0) return '–';
  const ticks = Math.round((priceUnits - lastUnits) / stepUnits);
  const percent = ((priceUnits - lastUnits) / lastUnits) * 100;
  const sign = ticks > 0 ? '+' : ticks < 0 ? '−' : '';
  return `${sign}${Math.abs(ticks)} ticks  ${sign}${Math.abs(percent).toFixed(3)} %`;
}
