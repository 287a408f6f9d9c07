/** What stands where the map would be: welcome, opening, failed; and the way back to the head. */
import type { ReactNode } from 'react';
import { BookState } from '../../core/model/index.ts';
import { Button } from '../components/index.ts';
import { actions, useCatalogue, useConnection, useLive, useUi, useView } from '../state/index.ts';
import { bookStateText } from './words.ts';

export function MapState(): ReactNode {
  const phase = useView((s) => s.phase);
  const error = useView((s) => s.error);
  const sessionId = useView((s) => s.sessionId);
  const drawn = useLive((s) => s.drawn);
  if (phase === 'none') return <Welcome />;
  if (phase === 'failed') {
    return (
      <div className="state" role="alert">
        <h1>This session could not be opened</h1>
        <p>{error?.userText}</p>
        <div className="buttons">
          <Button tone="primary" onClick={() => sessionId && actions().openSession(sessionId)}>
            Try again
          </Button>
          <Button onClick={() => useUi.setState({ openDialog: true })}>Open a capture…</Button>
        </div>
      </div>
    );
  }
  if (phase === 'opening' || !drawn) {
    return (
      <div className="state quiet" role="status">
        <div className="sweep" aria-hidden="true" />
        <p>Rebuilding the book…</p>
      </div>
    );
  }
  return <MapNotes />;
}

function MapNotes(): ReactNode {
  const following = useLive((s) => s.following);
  const bookState = useLive((s) => s.bookState);
  const bookEmpty = useLive((s) => s.bookEmpty);
  const renderer = useLive((s) => s.renderer);
  const detail = useLive((s) => s.rendererDetail);
  return (
    <div className="map-notes">
      {bookEmpty ? <NextActivity /> : null}
      {bookEmpty && bookState === BookState.synced ? <span className="note">the book is empty at this time</span> : null}
      {bookState !== BookState.synced ? (
        <span className="note warn" data-testid="book-state">
          {bookStateText(bookState)}
        </span>
      ) : null}
      {renderer === 'failed' ? (
        <span className="note bad" role="alert">
          The map cannot be drawn: {detail}
        </span>
      ) : null}
      {following ? null : (
        <Button tone="primary" className="to-head" data-testid="follow" onClick={() => actions().follow()}>
          Back to the head (L)
        </Button>
      )}
    </div>
  );
}

/** Long quiet starts are common (a venue opens hours after its feed): one click goes to where something happens. */
function NextActivity(): ReactNode {
  const activity = useView((s) => s.activity);
  const headNs = useLive((s) => s.headNs);
  if (!activity || headNs === null) return null;
  const fromNs = BigInt(activity.fromNs);
  const binNs = Number(BigInt(activity.toNs) - fromNs) / activity.counts.length;
  const headBin = Math.floor(Number(BigInt(headNs) - fromNs) / binNs);
  const next = activity.counts.findIndex((count, bin) => bin > headBin && count > 0);
  if (next < 0) return null;
  return <Button onClick={() => actions().seek(fromNs + BigInt(Math.ceil((next + 1) * binNs)))}>Go to the next activity</Button>;
}

const FORMATS: readonly (readonly [string, string])[] = [
  ['IEX HIST captures', 'TOPS 1.5 and 1.6, DEEP 1.0, DEEP+ in pcap or pcapng'],
  ['Venue recordings', 'Binance spot, USD-M and COIN-M, one “receive time, JSON” a line'],
  ['Compressed', '.gz and .zst of all of these; the content decides, not the name'],
];

function Welcome(): ReactNode {
  const connected = useConnection((s) => s.phase === 'connected');
  const busy = useCatalogue((s) => s.jobs.some((job) => job.state === 'running' || job.state === 'queued'));
  return (
    <div className="state welcome" data-testid="welcome">
      <h1>See the depth of a market</h1>
      <p>Drop a capture anywhere on this window. Its books are rebuilt message by message, and every loss is shown.</p>
      <dl>
        {FORMATS.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <div className="buttons">
        <Button tone="primary" disabled={!connected} onClick={() => useUi.setState({ openDialog: true })}>
          Open a capture…
        </Button>
        <Button disabled={!connected || busy} onClick={() => actions().importSample()}>
          Open the synthetic sample
        </Button>
      </div>
      {busy ? (
        <p className="hint" role="status">
          An import is under way; its session opens when it is ready.
        </p>
      ) : null}
    </div>
  );
}
