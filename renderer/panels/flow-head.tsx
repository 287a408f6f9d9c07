/** The figures over the flow strip. They count what is in view. */
import type { ReactNode } from 'react';
import { useLive } from '../state/index.ts';

export function FlowHead(): ReactNode {
  const cumulativeDelta = useLive((s) => s.cumulativeDelta);
  const volume = useLive((s) => s.volume);
  const imbalance = useLive((s) => s.imbalance);
  return (
    <div className="flow-head num">
      <span>
        CVD in view <b>{cumulativeDelta}</b>
      </span>
      <span>
        volume <b>{volume}</b>
      </span>
      <span>
        imbalance (top 10) <b>{imbalance}</b>
      </span>
    </div>
  );
}
