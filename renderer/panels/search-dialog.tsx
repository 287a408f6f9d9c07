/** Ctrl+K: sessions and the instruments of the open session in one search. */
import { useMemo, useState, type ReactNode } from 'react';
import { listKey, Modal, VirtualList } from '../components/index.ts';
import { actions, useCatalogue, useUi, useView } from '../state/index.ts';
import { filterInstruments } from './instrument-picker.tsx';
import { spanText } from './words.ts';

interface Hit {
  readonly kind: 'session' | 'instrument' | 'command';
  readonly title: string;
  readonly hint: string;
  readonly run: () => void;
}

const ROW_PX = 30;
const LIST_PX = 360;

export function SearchDialog(): ReactNode {
  const open = useUi((s) => s.search);
  return open ? <Search /> : null;
}

function Search(): ReactNode {
  const sessions = useCatalogue((s) => s.sessions);
  const manifest = useView((s) => s.manifest);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const hits = useMemo((): Hit[] => {
    const wanted = query.trim().toLowerCase();
    const matches = (text: string): boolean => text.toLowerCase().includes(wanted);
    const commands: Hit[] = [
      { kind: 'command' as const, title: 'Open a capture…', hint: 'O', run: () => useUi.setState({ openDialog: true }) },
      { kind: 'command' as const, title: 'Keys', hint: '?', run: () => useUi.setState({ keysSheet: true }) },
    ].filter((c) => matches(c.title));
    const found = (sessions ?? []).filter((s) => matches(`${s.title} ${s.venue} ${s.protocol}`));
    return [
      ...filterInstruments(manifest?.instruments ?? [], query).map((one) => ({
        kind: 'instrument' as const,
        title: one.canonicalSymbol ?? one.symbol,
        hint: one.venue,
        run: () => actions().openInstrument(one.id),
      })),
      ...found.map((s) => ({ kind: 'session' as const, title: s.title, hint: spanText(s), run: () => actions().openSession(s.sessionId) })),
      ...commands,
    ];
  }, [query, sessions, manifest]);
  const close = (): void => useUi.setState({ search: false });
  const choose = (index: number): void => {
    close();
    hits[index]?.run();
  };
  return (
    <Modal title="Search" testId="search-dialog" onClose={close}>
      <input
        className="field"
        type="text"
        placeholder="Symbol, session or command"
        aria-label="Search"
        role="combobox"
        aria-expanded="true"
        aria-controls="hits"
        aria-activedescendant={`hits-${active}`}
        value={query}
        onChange={(e) => {
          setQuery(e.target.value);
          setActive(0);
        }}
        onKeyDown={(e) => {
          const next = listKey(e, active, hits.length);
          if (next === null) return;
          e.preventDefault();
          if (next === 'choose') choose(active);
          else setActive(next);
        }}
      />
      {hits.length === 0 ? <p className="hint pad">Nothing here is called “{query}”.</p> : null}
      <VirtualList
        id="hits"
        label="Found"
        items={hits}
        rowPx={ROW_PX}
        heightPx={Math.min(LIST_PX, hits.length * ROW_PX)}
        active={active}
        onChoose={choose}
        row={(hit) => (
          <>
            <span>{hit.title}</span>
            <span className="dim">{hit.kind}</span>
            <span className="num dim">{hit.hint}</span>
          </>
        )}
      />
    </Modal>
  );
}
