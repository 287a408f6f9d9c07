/** The whole window as a drop zone while files are dragged over it. */
import type { ReactNode } from 'react';
import { useUi } from '../state/index.ts';

export function DropOverlay(): ReactNode {
  const dropping = useUi((s) => s.dropping);
  if (!dropping) return null;
  return (
    <div className="drop-overlay" data-testid="drop-overlay">
      <p>Drop to import</p>
      <span>IEX HIST captures, venue recordings; .gz and .zst too</span>
    </div>
  );
}
