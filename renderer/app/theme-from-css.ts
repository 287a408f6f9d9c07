/** Reads the CSS tokens once, so that canvases and page share one set of colours. */
import type { ChartTheme } from '../charts/index.ts';

/** Returns the theme of the document's root. */
export function themeFromCss(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    bg0: token('--bg-0'),
    bg1: token('--bg-1'),
    bg2: token('--bg-2'),
    line: token('--line'),
    text0: token('--text-0'),
    text1: token('--text-1'),
    text2: token('--text-2'),
    bid: token('--bid'),
    ask: token('--ask'),
    accent: token('--accent'),
    warn: token('--warn'),
    hot: token('--hot'),
    monoFont: "11px 'JetBrains Mono', monospace",
    wordFont: '11px Inter, sans-serif',
  };
}
