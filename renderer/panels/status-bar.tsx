/** The truth about the machine: rate, losses, memory, frames, and what draws them. */
import type { ReactNode } from 'react';
import { bytesText, shortNumber } from '../charts/index.ts';
import { useConnection, useLive, useView } from '../state/index.ts';

const RENDERERS = {
  starting: 'starting',
  webgl: 'WebGL',
  canvas2d: '2D canvas (no WebGL)',
  lost: 'context lost',
  failed: 'not drawing',
} as const;

export function StatusBar(): ReactNode {
  const status = useConnection((s) => s.status);
  const info = useConnection((s) => s.info);
  const summary = useView((s) => s.summary);
  const frameMs = useLive((s) => s.frameMs);
  const fps = useLive((s) => s.framesPerSecond);
  const renderer = useLive((s) => s.renderer);
  const detail = useLive((s) => s.rendererDetail);
  const dropped = useLive((s) => s.droppedFrames);
  return (
    <footer className="status num">
      <Item name="events" value={status ? `${shortNumber(status.eventsPerSecond)}/s` : '–'} />
      <Item name="gaps" value={summary ? summary.gaps.toLocaleString('en') : '–'} bad={(summary?.gaps ?? 0) > 0} />
      <Item name="dead letters" value={status ? status.deadLetters.toLocaleString('en') : '–'} bad={(status?.deadLetters ?? 0) > 0} />
      {dropped > 0 ? <Item name="old frames dropped" value={dropped.toLocaleString('en')} /> : null}
      <span className="status-gap" />
      {info ? <Item name="host" value={`${info.version} · ${info.shell}`} /> : null}
      <Item name="mem" value={status ? bytesText(status.memoryBytes) : '–'} />
      <Item name="frame" value={`${frameMs.toFixed(1)} ms${fps > 0 ? ` · ${fps.toFixed(0)} fps` : ''}`} />
      <span
        data-testid="status-gl"
        title={detail}
        className={renderer === 'canvas2d' || renderer === 'failed' || renderer === 'lost' ? 'bad' : ''}
      >
        gl <b>{RENDERERS[renderer]}</b>
      </span>
    </footer>
  );
}

function Item({ name, value, bad = false }: { readonly name: string; readonly value: string; readonly bad?: boolean }): ReactNode {
  return (
    <span className={bad ? 'bad' : ''}>
      {name} <b>{value}</b>
    </span>
  );
}
