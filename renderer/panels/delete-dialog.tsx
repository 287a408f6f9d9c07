/** Asks before a session is deleted from this machine. */
import type { ReactNode } from 'react';
import { bytesText } from '../charts/index.ts';
import { Button, Modal } from '../components/index.ts';
import { actions, useCatalogue, useUi } from '../state/index.ts';

export function DeleteDialog(): ReactNode {
  const sessionId = useUi((s) => s.deleting);
  const session = useCatalogue((s) => s.sessions?.find((one) => one.sessionId === sessionId));
  if (!session) return null;
  const close = (): void => useUi.setState({ deleting: null });
  return (
    <Modal title={`Delete ${session.title}?`} testId="delete-dialog" onClose={close}>
      <div className="form">
        <p>
          The recording of {bytesText(session.bytes)} is removed from this machine;{' '}
          {session.synthetic ? 'the synthetic sample can be made again.' : 'the source file stays.'}
        </p>
        <div className="buttons end">
          <Button onClick={close}>Cancel</Button>
          <Button
            tone="primary"
            data-testid="delete-confirm"
            onClick={() => {
              close();
              actions().deleteSession(session.sessionId);
            }}
          >
            Delete
          </Button>
        </div>
      </div>
    </Modal>
  );
}
