/** Says that the host is gone and what happens next. */
import type { ReactNode } from 'react';
import { Button } from '../components/index.ts';
import { actions, useConnection } from '../state/index.ts';

export function ConnectionBanner(): ReactNode {
  const phase = useConnection((s) => s.phase);
  const attempt = useConnection((s) => s.attempt);
  if (phase !== 'lost') return null;
  return (
    <div className="banner" role="alert" data-testid="disconnected">
      <span>The host is not answering. Recordings are safe; the page connects again by itself (attempt {attempt}).</span>
      <Button onClick={() => actions().reconnect()}>Try now</Button>
    </div>
  );
}
