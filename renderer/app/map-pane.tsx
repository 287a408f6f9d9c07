/** The map pane: canvases for the engine and the states around them (welcome, opening, failed). */
import { useEffect, useRef, type ReactNode } from 'react';
import { MapToolbar, MapState, FlowHead } from '../panels/index.ts';
import { useSettings, useView } from '../state/index.ts';
import { MapEngine } from './map-engine.ts';
import { listenToMap } from './map-input.ts';
import { themeFromCss } from './theme-from-css.ts';
import type { Workstation } from './workstation.ts';

export function MapPane({ workstation }: { readonly workstation: Workstation }): ReactNode {
  const pane = useRef<HTMLElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const flowHost = useRef<HTMLDivElement>(null);
  const flowShown = useSettings((s) => s.layers.flow);
  const open = useView((s) => s.phase === 'open');

  useEffect(() => {
    if (!pane.current || !host.current || !flowHost.current) return;
    // A canvas whose control went to the drawing thread cannot be used twice, so each mount makes its own.
    const make = (parent: HTMLElement, className: string): HTMLCanvasElement => {
      const canvas = document.createElement('canvas');
      canvas.className = className;
      parent.append(canvas);
      return canvas;
    };
    const heat = make(host.current, 'heat-canvas');
    const canvases = {
      heat,
      overlay: make(host.current, 'full-canvas'),
      cursor: make(host.current, 'full-canvas'),
      flow: make(flowHost.current, 'full-canvas'),
    };
    const forceFallback = new URLSearchParams(location.search).get('renderer') === '2d';
    const engine = new MapEngine(canvases, themeFromCss(), forceFallback);
    const element = pane.current;
    const observer = new ResizeObserver(() => engine.resize(element.clientWidth, element.clientHeight));
    observer.observe(element);
    const stopInput = listenToMap(element, engine);
    workstation.attachEngine(engine);
    return () => {
      workstation.attachEngine(null);
      stopInput();
      observer.disconnect();
      engine.destroy();
      for (const canvas of Object.values(canvases)) canvas.remove();
    };
  }, [workstation]);

  return (
    <main className="centre" aria-label="Depth map">
      <MapToolbar />
      <section
        className="map"
        data-testid="map"
        ref={pane}
        aria-label="Depth heatmap: wheel zooms, drag pans, question mark lists the keys"
      >
        <div className={open ? 'map-canvases' : 'map-canvases hidden'} ref={host} />
        <MapState />
      </section>
      <div className={flowShown && open ? 'flow' : 'flow collapsed'}>
        <FlowHead />
        <div className="flow-canvas" ref={flowHost} />
      </div>
    </main>
  );
}
