/** Chooses among thousands of instruments: most active first, search by symbol, keyboard all the way. */
import { useMemo, useState, type ReactNode } from 'react';
import type { InstrumentActivity } from '../../core/model/index.ts';
import { shortNumber } from '../charts/index.ts';
import { listKey, Modal, VirtualList } from '../components/index.ts';
import { actions, useUi, useView } from '../state/index.ts';

const ROW_PX = 28;
const LIST_PX = 420;

export function InstrumentPicker(): ReactNode {
  const open = useUi((s) => s.picker);
  return open ? <Picker /> : null;
}

function Picker(): ReactNode {
  const manifest = useView((s) => s.manifest);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(() => filterInstruments(manifest?.instruments ?? [], query), [manifest, query]);
  const close = (): void => useUi.setState({ picker: false });
  const choose = (index: number): void => {
    const instrument = found[index];
    if (instrument) actions().openInstrument(instrument.id);
  };
  return (
    <Modal title="Instrument" testId="instrument-picker" onClose={close}>
      <input
        className="field"
        type="text"
        placeholder="Symbol"
        aria-label="Search instruments"
        aria-controls="instruments"
        aria-activedescendant={`instruments-${active}`}
        role="combobox"
        aria-expanded="true"
        value={query}
        onChange={(e) => {
          setQuery(e.target.value);
          setActive(0);
        }}
        onKeyDown={(e) => {
          const next = listKey(e, active, found.length);
          if (next === null) return;
          e.preventDefault();
          if (next === 'choose') choose(active);
          else setActive(next);
        }}
      />
      <div className="list-head num">
        <span>symbol</span>
        <span>events</span>
        <span>trades</span>
      </div>
      {found.length === 0 ? <p className="hint pad">No instrument of this session matches “{query}”.</p> : null}
      <VirtualList
        id="instruments"
        label="Instruments, most active first"
        items={found}
        rowPx={ROW_PX}
        heightPx={Math.min(LIST_PX, found.length * ROW_PX)}
        active={active}
        onChoose={choose}
        row={(one) => (
          <>
            <span>
              {one.canonicalSymbol ?? one.symbol}
              {one.synthetic ? ' (synthetic)' : ''}
            </span>
            <span className="num">{shortNumber(one.events)}</span>
            <span className="num">{shortNumber(one.trades)}</span>
          </>
        )}
      />
      <p className="hint">
        {found.length.toLocaleString('en')} of {(manifest?.instruments.length ?? 0).toLocaleString('en')} instruments, most active first
      </p>
    </Modal>
  );
}

/** Returns the instruments that match, the one of exactly that name first, then those that start with it; the order is otherwise kept. */
export function filterInstruments(instruments: readonly InstrumentActivity[], query: string): readonly InstrumentActivity[] {
  const wanted = query.trim().toUpperCase();
  if (wanted === '') return instruments;
  const equal: InstrumentActivity[] = [];
  const starts: InstrumentActivity[] = [];
  const holds: InstrumentActivity[] = [];
  for (const one of instruments) {
    const symbol = one.symbol.toUpperCase();
    const canonical = (one.canonicalSymbol ?? '').toUpperCase();
    if (symbol === wanted || canonical === wanted) equal.push(one);
    else if (symbol.startsWith(wanted) || canonical.startsWith(wanted)) starts.push(one);
    else if (symbol.includes(wanted) || canonical.includes(wanted)) holds.push(one);
  }
  return [...equal, ...starts, ...holds];
}
