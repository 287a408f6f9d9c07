/** Facts of the open session: source, protocol, counts, losses, hashes, and the buttons that verify or delete it. */
import { useState, type ReactNode } from 'react';
import type { Manifest } from '../../core/model/index.ts';
import { bytesText } from '../charts/index.ts';
import { Button } from '../components/index.ts';
import { actions, useUi, useView } from '../state/index.ts';
import { messageTypeText } from './words.ts';

export function FactsPanel(): ReactNode {
  const manifest = useView((s) => s.manifest);
  const verified = useView((s) => s.summary?.verified ?? null);
  if (!manifest) return null;
  const { report } = manifest;
  return (
    <section className="panel facts" aria-label="Session facts">
      <div className="facts-title">
        <h2>{manifest.title}</h2>
        <p>
          {manifest.synthetic
            ? 'Synthetic market, made by a seeded model. Not a recording of any venue.'
            : `${report.protocol}, ${report.container}`}
        </p>
      </div>
      <Checks manifest={manifest} />
      <dl className="fact-list">
        {Object.entries(report.messagesByType)
          .sort((a, b) => b[1] - a[1])
          .slice(0, 8)
          .map(([type, count]) => (
            <Fact key={type} name={messageTypeText(type)} value={count.toLocaleString('en')} />
          ))}
        <Fact name="messages" value={report.messages.toLocaleString('en')} />
        <Fact name="level updates" value={report.levelUpdates.toLocaleString('en')} />
        <Fact name="trades" value={report.trades.toLocaleString('en')} />
        {manifest.sources.map((source) => (
          <Fact key={source.sha256} name={source.name} value={bytesText(source.bytes)} />
        ))}
      </dl>
      <div className="hashes">
        <Hash name="state hash" value={report.stateHash} />
        {report.finalBooksSha256 ? <Hash name="final books" value={report.finalBooksSha256} /> : null}
        {report.finalQuotesSha256 ? <Hash name="final quotes" value={report.finalQuotesSha256} /> : null}
      </div>
      <div className="buttons">
        <Button data-testid="verify" onClick={() => actions().verify(manifest.sessionId)}>
          Verify recording
        </Button>
        <span className="hint">
          {verified === null ? 'not verified yet' : verified ? '✓ equal to what was imported' : '✕ differs from what was imported'}
        </span>
        <Button tone="quiet" className="push" data-testid="delete" onClick={() => useUi.setState({ deleting: manifest.sessionId })}>
          Delete…
        </Button>
      </div>
    </section>
  );
}

function Checks({ manifest }: { readonly manifest: Manifest }): ReactNode {
  const { report } = manifest;
  const losses: readonly (readonly [string, number])[] = [
    ['gaps', report.gaps],
    ['duplicates skipped', report.duplicates],
    ['restarts', report.restarts],
    ['unreadable messages', report.unparseable],
    ['crossed books', report.crossed],
    ['unknown orders', report.unknownOrders],
    ['bytes cut off at the end', report.truncatedBytes],
  ];
  // Facts of the venue's clocks, not losses: IEX sends them in any healthy session.
  const remarks: readonly (readonly [string, number])[] = [
    ['times that step back', report.timeSteps],
    ['received before sent', report.negativeLatencies],
  ];
  return (
    <ul className="checks">
      {losses.map(([name, count]) => (
        <li key={name} className={count === 0 ? 'ok' : 'bad'}>
          <span aria-hidden="true">{count === 0 ? '✓' : '✕'}</span> {name} <b className="num">{count.toLocaleString('en')}</b>
        </li>
      ))}
      {remarks.map(([name, count]) => (
        <li key={name} className={count === 0 ? 'ok' : 'remark'}>
          <span aria-hidden="true">{count === 0 ? '✓' : '△'}</span> {name} <b className="num">{count.toLocaleString('en')}</b>
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt title={name}>{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}

function Hash({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="hash">
      <span>{name}</span>
      <code className="num" title={value}>
        {value.slice(0, 12)}…{value.slice(-6)}
      </code>
      <Button tone="quiet" onClick={copy} aria-label={`Copy the ${name}`}>
        {copied ? 'copied' : 'copy'}
      </Button>
    </div>
  );
}
