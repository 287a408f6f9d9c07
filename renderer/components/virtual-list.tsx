/** A list box for thousands of rows that renders only those in view; arrows move, Enter chooses. */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

const OVERSCAN = 6;

export interface VirtualListProps<T> {
  readonly items: readonly T[];
  readonly rowPx: number;
  readonly heightPx: number;
  readonly active: number;
  readonly label: string;
  readonly id: string;
  readonly row: (item: T) => ReactNode;
  readonly onChoose: (index: number) => void;
}

export function VirtualList<T>(props: VirtualListProps<T>): ReactNode {
  const { items, rowPx, heightPx, active } = props;
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const from = active * rowPx;
    if (from < element.scrollTop) element.scrollTop = from;
    else if (from + rowPx > element.scrollTop + heightPx) element.scrollTop = from + rowPx - heightPx;
  }, [active, rowPx, heightPx]);
  const first = Math.max(0, Math.floor(top / rowPx) - OVERSCAN);
  const last = Math.min(items.length, Math.ceil((top + heightPx) / rowPx) + OVERSCAN);
  return (
    <div
      ref={box}
      className="virtual"
      style={{ height: heightPx }}
      role="listbox"
      id={props.id}
      aria-label={props.label}
      onScroll={(e) => setTop(e.currentTarget.scrollTop)}
    >
      <div className="virtual-space" style={{ height: items.length * rowPx }}>
        {items.slice(first, last).map((item, i) => {
          const index = first + i;
          return (
            <div
              key={index}
              id={`${props.id}-${index}`}
              role="option"
              aria-selected={index === active}
              className="virtual-row"
              style={{ top: index * rowPx, height: rowPx }}
              tabIndex={-1}
              onClick={() => props.onChoose(index)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') props.onChoose(index);
              }}
            >
              {props.row(item)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Returns the active row after a key, or `choose` for Enter, null for keys that mean nothing to a list. */
export function listKey(event: KeyboardEvent, active: number, count: number): number | 'choose' | null {
  const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
  const move = moves[event.key];
  if (event.key === 'Enter') return 'choose';
  if (move === undefined) return null;
  return Math.min(count - 1, Math.max(0, active + move));
}
