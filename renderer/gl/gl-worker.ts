/**
 * The drawing thread: owns the canvas of the heatmap, draws when told and never by itself. Falls back from WebGL to a
 * 2D canvas and says so. Its script is served with its own content policy (regl needs `unsafe-eval`).
 */
import { CanvasHeat } from './heat-canvas.ts';
import { WebGlHeat } from './heat-webgl.ts';
import type { FromSurface, HeatRenderer, HeatUniforms, SurfaceCounters, ToSurface } from './messages.ts';

let renderer: HeatRenderer | null = null;
let lost = false;
let grid = { bins: 1, capacity: 1 };
/** What the picture shows; null when it must be drawn again whatever the uniforms are. */
let shown: HeatUniforms | null = null;
const counters: SurfaceCounters = { uploads: 0, draws: 0, drawMs: 0, uploadMs: 0, contextLosses: 0 };

function post(message: FromSurface): void {
  globalThis.postMessage(message);
}

globalThis.addEventListener('message', (event: MessageEvent<ToSurface>) => handle(event.data));

function handle(message: ToSurface): void {
  if (message.type === 'init') {
    init(message.canvas, message.forceFallback);
    return;
  }
  if (!renderer) return;
  if (message.type === 'resize' || message.type === 'reset' || message.type === 'rows') shown = null;
  switch (message.type) {
    case 'resize':
      renderer.resize(message.widthPx, message.heightPx);
      break;
    case 'reset':
      grid = message;
      if (!lost) renderer.reset(message.bins, message.capacity);
      break;
    case 'rows':
      putRows(renderer, message);
      break;
    case 'draw':
      draw(renderer, message);
      break;
    case 'lose-context':
      if (renderer instanceof WebGlHeat) renderer.loseContext();
      break;
    case 'read-pixel':
      post({ type: 'pixel', id: message.id, rgba: renderer.readPixel(message.x, message.y) });
      break;
  }
}

function putRows(target: HeatRenderer, message: Extract<ToSurface, { type: 'rows' }>): void {
  if (lost) return;
  const startMs = performance.now();
  target.putRows(message.slot, message.rows, message.cells);
  counters.uploads++;
  counters.uploadMs = performance.now() - startMs;
}

function draw(target: HeatRenderer, message: Extract<ToSurface, { type: 'draw' }>): void {
  if (!lost && !(shown && sameUniforms(shown, message.uniforms))) {
    const startMs = performance.now();
    target.draw(message.uniforms);
    counters.draws++;
    counters.drawMs = performance.now() - startMs;
    shown = message.uniforms;
  }
  post({ type: 'drawn', counters: { ...counters } });
}

function sameUniforms(a: HeatUniforms, b: HeatUniforms): boolean {
  return (Object.keys(a) as (keyof HeatUniforms)[]).every((key) => a[key] === b[key]);
}

function init(canvas: OffscreenCanvas, forceFallback: boolean): void {
  const refusal = forceFallback ? 'chosen by the address of the page' : webGlRefusal();
  if (refusal === null) {
    const webgl = new WebGlHeat(canvas);
    renderer = webgl;
    watchContext(canvas);
    post({ type: 'ready', renderer: 'webgl', detail: webgl.detail });
    return;
  }
  renderer = new CanvasHeat(canvas);
  post({ type: 'ready', renderer: 'canvas2d', detail: refusal });
}

/** Tries all of it on a canvas of its own, since a canvas that once had a WebGL context gives no 2D one. */
function webGlRefusal(): string | null {
  try {
    const probe = new OffscreenCanvas(2, 2);
    const heat = new WebGlHeat(probe);
    heat.reset(2, 2);
    heat.putRows(0, 1, new Float32Array([1, -1]));
    heat.destroy();
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function watchContext(canvas: OffscreenCanvas): void {
  canvas.addEventListener('webglcontextlost', (event) => {
    event.preventDefault();
    lost = true;
    counters.contextLosses++;
    post({ type: 'lost' });
  });
  canvas.addEventListener('webglcontextrestored', () => {
    // Everything on the card is gone: a new renderer on the same context, filled again from the page's frame store.
    if (renderer instanceof WebGlHeat) renderer.destroy();
    renderer = new WebGlHeat(canvas);
    lost = false;
    shown = null;
    renderer.reset(grid.bins, grid.capacity);
    post({ type: 'restored' });
  });
}
