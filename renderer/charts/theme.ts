/** Colours and fonts of the 2D canvases. Filled from the CSS tokens by the page; must not know the DOM. */

export interface ChartTheme {
  readonly bg0: string;
  readonly bg1: string;
  readonly bg2: string;
  readonly line: string;
  readonly text0: string;
  readonly text1: string;
  readonly text2: string;
  readonly bid: string;
  readonly ask: string;
  readonly accent: string;
  readonly warn: string;
  readonly hot: string;
  readonly monoFont: string;
  readonly wordFont: string;
}

/** Returns `#rrggbb` with an opacity as `rgba(…)`. */
export function withAlpha(hex: string, alpha: number): string {
  const at = (i: number): number => Number.parseInt(hex.slice(i, i + 2), 16);
  return `rgba(${at(1)},${at(3)},${at(5)},${alpha})`;
}
