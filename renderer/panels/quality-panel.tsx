/** Session events and data quality: gaps, restarts, status changes; each jumps to its time. */
import { useState, type ReactNode } from 'react';
import type { SessionEvent } from '../../core/contract/index.ts';
import { clockFromNs } from '../../core/units/index.ts';
import { actions, EVENTS_LIMIT, useView } from '../state/index.ts';
import { eventKindText } from './words.ts';

const SERIOUS = new Set(['gap', 'disconnect', 'unparseable', 'truncated', 'crossed', 'unknownOrder']);
const CAUTION = new Set(['restart', 'duplicate', 'late', 'timeStep', 'clear']);
const FIRST_SHOWN = 100;

export function QualityPanel(): ReactNode {
  const events = useView((s) => s.events);
  const phase = useView((s) => s.phase);
  const [lossesOnly, setLossesOnly] = useState(false);
  const cut = (events?.length ?? 0) >= EVENTS_LIMIT;
  const shown = (events ?? []).filter((e) => !lossesOnly || toneOf(e) !== 'calm').toReversed();
  return (
    <section className="panel grow" aria-label="Session events">
      <div className="panel-head">
        <h2>Session events</h2>
        {events ? (
          <button type="button" className="link" aria-pressed={lossesOnly} onClick={() => setLossesOnly(!lossesOnly)}>
            {lossesOnly ? 'show all' : `${cut ? `last ${events.length}` : events.length} · losses only`}
          </button>
        ) : null}
      </div>
      {phase !== 'open' ? <p className="hint pad">Gaps, restarts and status changes of the open session stand here.</p> : null}
      {phase === 'open' && events && shown.length === 0 ? (
        <p className="hint pad">{lossesOnly ? noLossesText(cut) : 'This session has no events beside its market data.'}</p>
      ) : null}
      <ul className="rows">
        {shown.slice(0, FIRST_SHOWN).map((event) => (
          <EventRow key={event.ordinal} event={event} />
        ))}
      </ul>
      {shown.length > FIRST_SHOWN || (cut && shown.length > 0) ? (
        <p className="hint pad">
          {shown.length > FIRST_SHOWN ? `The latest ${FIRST_SHOWN} are shown. ` : ''}
          {cut ? `Earlier events than the last ${EVENTS_LIMIT} are not listed.` : ''}
        </p>
      ) : null}
    </section>
  );
}

function noLossesText(cut: boolean): string {
  return cut
    ? `No losses among the last ${EVENTS_LIMIT} events; the counts below hold for the whole session.`
    : 'No losses: nothing is missing from this session.';
}

function EventRow({ event }: { readonly event: SessionEvent }): ReactNode {
  const tone = toneOf(event);
  return (
    <li className={`event ${tone}`}>
      <button type="button" title="Jump to this time" onClick={() => actions().seek(BigInt(event.timeNs))}>
        <span className="row-top">
          <span className="row-title">
            {tone === 'bad' ? '✕ ' : tone === 'caution' ? '▲ ' : ''}
            {eventKindText(event.kind)}
          </span>
          <span className="num">{clockFromNs(BigInt(event.timeNs), 3)}</span>
        </span>
        <span className="row-sub">{event.text}</span>
      </button>
    </li>
  );
}

function toneOf(event: SessionEvent): 'bad' | 'caution' | 'calm' {
  if (SERIOUS.has(event.kind)) return 'bad';
  return CAUTION.has(event.kind) ? 'caution' : 'calm';
}
