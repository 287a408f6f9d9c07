/** Opens captures: by path on this machine, or by choosing files; asks for the venue where the content does not tell. */
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import type { RecordingVenue } from '../../core/contract/index.ts';
import { Button, Modal } from '../components/index.ts';
import { actions, useUi, type VenueQuestion } from '../state/index.ts';
import { VENUES } from './words.ts';

export function OpenDialog(): ReactNode {
  const open = useUi((s) => s.openDialog);
  return open ? <Dialog /> : null;
}

function Dialog(): ReactNode {
  const question = useUi((s) => s.question);
  const [path, setPath] = useState('');
  // A wrong venue still imports, with a wrong book: the user chooses it, nothing is chosen beforehand.
  const [venue, setVenue] = useState<RecordingVenue | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const close = (): void => useUi.setState({ openDialog: false, question: null });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (question && path.trim() === '') {
      if (question.files.length > 0) actions().importFiles(question.files, venue);
      else actions().importPaths(question.paths, venue);
      close();
      return;
    }
    const paths = path
      .split('\n')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    if (paths.length === 0) return;
    actions().importPaths(paths, venue);
    close();
  };
  return (
    <Modal title={question ? 'Which venue is this?' : 'Open a capture'} testId="open-dialog" onClose={close}>
      <form onSubmit={submit} className="form">
        {question ? (
          <p role="alert">{questionText(question)}</p>
        ) : (
          <>
            <label className="form-row">
              Path on this machine
              <input
                className="field num"
                name="path"
                data-testid="open-path"
                spellCheck={false}
                autoComplete="off"
                placeholder="/data/20240808_IEXTP1_DEEP1.0.pcap.gz"
                value={path}
                onChange={(e) => setPath(e.target.value)}
              />
            </label>
            <div className="form-row">
              <span>or</span>
              <Button onClick={() => chooser.current?.click()}>Choose files…</Button>
              <input
                ref={chooser}
                type="file"
                multiple
                className="visually-hidden"
                data-testid="open-files"
                aria-label="Capture files"
                tabIndex={-1}
                onChange={(e) => {
                  const files = [...(e.target.files ?? [])];
                  if (files.length > 0) actions().importFiles(files, venue);
                  close();
                }}
              />
            </div>
          </>
        )}
        <label className="form-row">
          Venue of a recording
          <select
            value={venue ?? ''}
            data-testid="open-venue"
            onChange={(e) => setVenue(VENUES.find((v) => v.value === e.target.value)?.value ?? null)}
          >
            <option value="">{question ? 'choose the venue' : 'told by the content (IEX captures)'}</option>
            {VENUES.map((one) => (
              <option key={one.value} value={one.value}>
                {one.label}
              </option>
            ))}
          </select>
        </label>
        <p className="hint">
          IEX HIST pcap or pcapng (TOPS 1.5, 1.6, DEEP 1.0, DEEP+) and recordings of Binance spot, USD-M and COIN-M; .gz and .zst of each.
          Several files chosen together are one stream, in order.
        </p>
        <div className="buttons end">
          <Button onClick={close}>Cancel</Button>
          <Button tone="primary" type="submit" data-testid="open-submit" disabled={question ? venue === null : path.trim() === ''}>
            Import
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function questionText({ paths, files }: VenueQuestion): string {
  const names = files.length > 0 ? files.map((file) => file.name) : paths.map((path) => path.split(/[\\/]/).at(-1) ?? path);
  return `${names.map((name) => `"${name}"`).join(', ')}: a recording of a venue that its content does not name. Which venue is it?`;
}
