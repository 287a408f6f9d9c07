/** The sheet of keys. */
import type { ReactNode } from 'react';
import { Modal } from '../components/index.ts';
import { useUi } from '../state/index.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['← →', 'step one bucket; with Shift ten'],
  ['↑ ↓', 'pan price; with Shift ten times'],
  ['C', 'centre on the touch'],
  ['L or End', 'follow the play head'],
  ['[ ]', 'finer or coarser price grouping'],
  ['- =', 'zoom time out or in'],
  ['Wheel', 'zoom time at the cursor; with Shift or Ctrl, or over the price axis, zoom price'],
  ['Drag', 'pan; on an axis, scale it'],
  ['Double-click', 'price axis: centre; time axis: follow the head'],
  ['Ctrl K', 'search symbols and sessions'],
  ['O', 'open a capture'],
];

export function KeysSheet(): ReactNode {
  const open = useUi((s) => s.keysSheet);
  if (!open) return null;
  return (
    <Modal title="Keys" testId="keys-sheet" onClose={() => useUi.setState({ keysSheet: false })}>
      <dl className="keys">
        {KEYS.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
