/** Errors in words, until dismissed. */
import type { ReactNode } from 'react';
import { Icon } from '../components/index.ts';
import { dismissNotice, useUi } from '../state/index.ts';

export function Notices(): ReactNode {
  const notices = useUi((s) => s.notices);
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.id} className="notice" title={notice.detail}>
          <span>{notice.text}</span>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismissNotice(notice.id)}>
            <Icon name="close" size={11} />
          </button>
        </div>
      ))}
    </div>
  );
}
