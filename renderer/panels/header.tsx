/** The header: brand, the open session, search, mode and clock. */
import type { ReactNode } from 'react';
import { clockFromNs } from '../../core/units/index.ts';
import { Icon } from '../components/index.ts';
import { useConnection, useLive, useUi, useView } from '../state/index.ts';

export function Header(): ReactNode {
  const summary = useView((s) => s.summary);
  const info = useView((s) => s.info);
  const headNs = useLive((s) => s.headNs);
  return (
    <header className="header">
      <div className="brand">
        <Icon name="logo" />{' '}
        <span>
          Depth<b>scope</b>
        </span>
      </div>
      <div className="tab" title={summary?.title}>
        {summary ? summary.title : 'No session'}
      </div>
      <button type="button" className="search" onClick={() => useUi.setState({ search: true })} data-testid="search">
        <span>Search symbols, sessions…</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="header-right">
        {info?.instrument.synthetic || summary?.synthetic ? (
          <span className="badge synthetic" data-testid="badge-synthetic">
            SYNTHETIC
          </span>
        ) : null}
        <ModeBadge />
        <time className="clock" data-testid="clock">
          {headNs ? `${clockFromNs(BigInt(headNs), 3)} UTC` : '––:––:––.––– UTC'}
        </time>
        <HostDot />
        <FactsToggle />
      </div>
    </header>
  );
}

/** Only a narrow window shows it: there the right column lies over the map. */
function FactsToggle(): ReactNode {
  const shown = useUi((s) => s.facts);
  return (
    <button
      type="button"
      className="button quiet facts-toggle"
      data-testid="facts-toggle"
      aria-expanded={shown}
      aria-controls="facts"
      onClick={() => useUi.setState({ facts: !shown })}
    >
      Events and facts
    </button>
  );
}

function ModeBadge(): ReactNode {
  const open = useView((s) => s.phase === 'open');
  const playing = useLive((s) => s.playing);
  const speed = useLive((s) => s.speed);
  if (!open) return null;
  return playing ? (
    <span className="badge replay" data-testid="mode">
      REPLAY {speed}×
    </span>
  ) : (
    <span className="badge paused" data-testid="mode">
      PAUSED
    </span>
  );
}

function HostDot(): ReactNode {
  const phase = useConnection((s) => s.phase);
  const words = { connecting: 'connecting', connected: 'host ready', lost: 'host lost' }[phase];
  return (
    <span className="host-dot">
      <i className={`dot ${phase}`} aria-hidden="true" /> {words}
    </span>
  );
}
