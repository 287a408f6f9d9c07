/** The shell: header, left, centre, right, transport and status, and the dialogs above them. */
import { useEffect, type ReactNode } from 'react';
import {
  ConnectionBanner,
  DeleteDialog,
  DropOverlay,
  FactsPanel,
  Header,
  InstrumentPicker,
  JobsPanel,
  KeysSheet,
  Notices,
  OpenDialog,
  QualityPanel,
  ReplayBar,
  SearchDialog,
  SessionsPanel,
  StatusBar,
} from '../panels/index.ts';
import { useUi } from '../state/index.ts';
import { listenToDrops } from './drop-zone.ts';
import { listenToKeys } from './keys.ts';
import { MapPane } from './map-pane.tsx';
import { themeFromCss } from './theme-from-css.ts';
import type { Workstation } from './workstation.ts';
import './styles/tokens.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/panels.css';
import './styles/dialogs.css';

export function App({ workstation }: { readonly workstation: Workstation }): ReactNode {
  const facts = useUi((s) => s.facts);
  useEffect(() => {
    const stopKeys = listenToKeys(workstation);
    const stopDrops = listenToDrops();
    return () => {
      stopKeys();
      stopDrops();
    };
  }, [workstation]);
  return (
    <div className="shell">
      <Header />
      <aside className="left" aria-label="Sessions and jobs">
        <SessionsPanel />
        <JobsPanel />
      </aside>
      <MapPane workstation={workstation} />
      <ReplayBar theme={themeFromCss} />
      <aside id="facts" className={facts ? 'right shown' : 'right'} aria-label="Session events and facts">
        <QualityPanel />
        <FactsPanel />
      </aside>
      <StatusBar />
      <ConnectionBanner />
      <Notices />
      <OpenDialog />
      <InstrumentPicker />
      <SearchDialog />
      <KeysSheet />
      <DeleteDialog />
      <DropOverlay />
    </div>
  );
}
