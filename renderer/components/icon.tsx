/** Small line icons, drawn here; always beside a word or with a label on their button. */
import type { ReactNode } from 'react';

const PATHS = {
  play: 'M5 3l9 5-9 5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  back: 'M8 3L3 8l5 5zM13 3L8 8l5 5z',
  forward: 'M3 3l5 5-5 5zM8 3l5 5-5 5z',
  stepBack: 'M3 3h2v10H3zM13 3L6 8l7 5z',
  stepForward: 'M11 3h2v10h-2zM3 3l7 5-7 5z',
  close: 'M4 3l4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z',
  caret: 'M4 6l4 5 4-5z',
  logo: 'M2 2h6v3H2zM2 6.5h10v3H2zM2 11h7v3H2z',
} as const;

export function Icon({ name, size = 14 }: { readonly name: keyof typeof PATHS; readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
