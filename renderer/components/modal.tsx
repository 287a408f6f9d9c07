/** A modal dialog on the browser's own dialog element: focus stays inside, Escape closes. */
import { useEffect, useRef, type ReactNode } from 'react';

export function Modal(props: {
  readonly title: string;
  readonly testId?: string;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) {
      element.showModal();
      // The browser would focus the close button.
      element.querySelector<HTMLElement>('input, select')?.focus();
    }
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={props.wide ? 'modal wide' : 'modal'}
      data-testid={props.testId}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) props.onClose();
      }}
    >
      <div className="modal-body">
        <header className="modal-head">
          <h2>{props.title}</h2>
          <button type="button" className="button quiet" onClick={props.onClose} aria-label="Close">
            Esc
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
