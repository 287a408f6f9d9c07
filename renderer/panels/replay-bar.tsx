/** The transport: play, step, speed, and the session as a strip to click and drag on. */
import { PLAY_SPEEDS } from '../../core/contract/index.ts';
import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { clockFromNs } from '../../core/units/index.ts';
import { drawActivityStrip, type ChartTheme } from '../charts/index.ts';
import { Icon } from '../components/index.ts';
import { actions, useLive, useSettings, useView } from '../state/index.ts';

const PAGE_SHARE = 20;

export function ReplayBar({ theme }: { readonly theme: () => ChartTheme }): ReactNode {
  const open = useView((s) => s.phase === 'open');
  const playing = useLive((s) => s.playing);
  const speed = useSettings((s) => s.speed);
  return (
    <section className="transport" aria-label="Replay">
      <div className="transport-buttons">
        <Step label="Back one bucket" icon="back" disabled={!open} onClick={() => actions().step(-1, 'bucket')} />
        <Step label="Back one event" icon="stepBack" disabled={!open} onClick={() => actions().step(-1, 'event')} />
        <button
          type="button"
          className="play"
          data-testid="play"
          disabled={!open}
          aria-label={playing ? 'Pause' : 'Play'}
          title="Space"
          onClick={() => actions().togglePlay()}
        >
          <Icon name={playing ? 'pause' : 'play'} size={17} />
        </button>
        <Step label="Forward one event" icon="stepForward" disabled={!open} onClick={() => actions().step(1, 'event')} />
        <Step label="Forward one bucket" icon="forward" disabled={!open} onClick={() => actions().step(1, 'bucket')} />
        <label className="speed">
          <span className="visually-hidden">Speed</span>
          <select
            className="num"
            data-testid="speed"
            value={speed}
            onChange={(e) => {
              actions().setSpeed(Number(e.target.value));
              // Space belongs to play again, not to this list.
              e.target.blur();
            }}
          >
            {PLAY_SPEEDS.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </label>
      </div>
      <SeekStrip theme={theme} />
    </section>
  );
}

function Step(props: {
  readonly label: string;
  readonly icon: 'back' | 'forward' | 'stepBack' | 'stepForward';
  readonly disabled: boolean;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <button
      type="button"
      className="icon-button step"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
      data-testid={props.icon}
    >
      <Icon name={props.icon} size={15} />
    </button>
  );
}

function SeekStrip({ theme }: { readonly theme: () => ChartTheme }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const info = useView((s) => s.info);
  const activity = useView((s) => s.activity);
  const headNs = useLive((s) => s.headNs);
  const windowFromNs = useLive((s) => s.windowFromNs);
  const windowToNs = useLive((s) => s.windowToNs);
  const dragging = useRef(false);
  const spanNs = info ? Number(BigInt(info.toNs) - BigInt(info.fromNs)) : 0;
  const headOffsetNs = info && headNs ? Number(BigInt(headNs) - BigInt(info.fromNs)) : 0;

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const paint = (): void => {
      const ratio = devicePixelRatio;
      const { clientWidth: widthPx, clientHeight: heightPx } = element;
      if (element.width !== Math.round(widthPx * ratio)) element.width = Math.round(widthPx * ratio);
      if (element.height !== Math.round(heightPx * ratio)) element.height = Math.round(heightPx * ratio);
      const g = element.getContext('2d');
      if (!g) return;
      g.setTransform(ratio, 0, 0, ratio, 0, 0);
      g.clearRect(0, 0, widthPx, heightPx);
      if (!info) return;
      const origin = BigInt(info.fromNs);
      const losses = (activity?.bands ?? []).map((band) => ({
        fromNs: Number(BigInt(band.fromNs) - origin),
        toNs: Number(BigInt(band.toNs) - origin),
        serious: band.kind === 'gap' || band.kind === 'disconnect',
      }));
      drawActivityStrip(g, theme(), {
        widthPx,
        heightPx,
        originNs: origin,
        spanNs,
        counts: activity?.counts ?? [],
        losses,
        headNs: headOffsetNs,
        windowFromNs,
        windowToNs,
      });
    };
    paint();
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [info, activity, spanNs, headOffsetNs, windowFromNs, windowToNs, theme]);

  const seekTo = (event: PointerEvent<HTMLDivElement>): void => {
    if (!info) return;
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    actions().seek(BigInt(info.fromNs) + BigInt(Math.round(share * spanNs)));
  };
  const press = (event: KeyboardEvent): void => {
    const page = BigInt(Math.round(spanNs / PAGE_SHARE));
    if (!info || !headNs) return;
    const targets: Record<string, bigint> = { Home: BigInt(info.fromNs), PageUp: BigInt(headNs) - page, PageDown: BigInt(headNs) + page };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    actions().seek(target);
  };
  return (
    <div
      className="strip"
      data-testid="seek-strip"
      role="slider"
      tabIndex={info ? 0 : -1}
      aria-label="Time of the session"
      aria-valuemin={0}
      aria-valuemax={Math.round(spanNs / 1e6)}
      aria-valuenow={Math.round(headOffsetNs / 1e6)}
      aria-valuetext={headNs ? `${clockFromNs(BigInt(headNs), 3)} UTC` : 'no session'}
      onPointerDown={(event) => {
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (dragging.current) seekTo(event);
      }}
      onPointerUp={() => {
        dragging.current = false;
      }}
      onPointerCancel={() => {
        dragging.current = false;
      }}
      onKeyDown={press}
    >
      <canvas ref={canvas} />
    </div>
  );
}
