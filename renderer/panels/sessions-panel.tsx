/** The session list: what there is to open, with its size, counts and whether it was verified. */
import type { ReactNode } from 'react';
import type { SessionSummary } from '../../core/model/index.ts';
import { bytesText, shortNumber } from '../charts/index.ts';
import { actions, useCatalogue, useUi, useView } from '../state/index.ts';
import { spanText } from './words.ts';

export function SessionsPanel(): ReactNode {
  const sessions = useCatalogue((s) => s.sessions);
  const openId = useView((s) => s.sessionId);
  return (
    <section className="panel grow" aria-label="Sessions">
      <div className="panel-head">
        <h2>Sessions</h2>
        <button type="button" className="link" onClick={() => useUi.setState({ openDialog: true })} data-testid="open-capture">
          Open a capture…
        </button>
      </div>
      {sessions === null ? (
        <Skeleton />
      ) : sessions.length === 0 ? (
        <p className="hint pad">No session yet. Open a capture, or drop one anywhere on the window.</p>
      ) : null}
      <ul className="rows">
        {sessions?.map((session) => (
          <SessionRow key={session.sessionId} session={session} open={session.sessionId === openId} />
        ))}
      </ul>
    </section>
  );
}

function SessionRow({ session, open }: { readonly session: SessionSummary; readonly open: boolean }): ReactNode {
  return (
    <li className={open ? 'session open' : 'session'}>
      <button
        type="button"
        data-testid={`session-${session.sessionId}`}
        aria-current={open}
        title={session.title}
        onClick={() => {
          // The open one stays as it is; one that failed to open is tried again.
          if (!open || useView.getState().phase === 'failed') actions().openSession(session.sessionId);
        }}
      >
        <span className="row-top">
          <span className="row-title">{session.title}</span>
          <span className="num dim nowrap">{bytesText(session.bytes)}</span>
        </span>
        <span className="row-sub">{spanText(session)}</span>
        <span className="row-sub">
          {session.protocol} · {session.instruments.toLocaleString('en')} {session.instruments === 1 ? 'symbol' : 'symbols'} ·{' '}
          {shortNumber(session.events)} events
          {session.trades > 0 ? ` · ${shortNumber(session.trades)} trades` : ''}
        </span>
        <span className="row-tags">
          {session.synthetic ? <em className="tag warn">synthetic</em> : null}
          {session.verified === true ? <em className="tag ok">✓ verified</em> : null}
          {session.verified === false ? <em className="tag bad">✕ differs from what was imported</em> : null}
          {session.gaps > 0 ? (
            <em className="tag bad">
              {session.gaps} {session.gaps === 1 ? 'gap' : 'gaps'}
            </em>
          ) : null}
        </span>
      </button>
    </li>
  );
}

function Skeleton(): ReactNode {
  return (
    <div className="skeleton" role="status" aria-label="Loading sessions">
      <i />
      <i />
      <i />
    </div>
  );
}
