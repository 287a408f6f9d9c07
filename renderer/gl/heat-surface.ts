/**
 * The page's end of the heatmap: hands the canvas to the drawing thread, sends rows and draw commands, keeps at most one
 * draw in flight. Must not know what the rows mean or where they come from.
 */
import { colourMapIndex } from '../charts/index.ts';
import type { FromSurface, HeatUniforms, SurfaceCounters, ToSurface } from './messages.ts';

export interface HeatSurfaceListener {
  onReady(renderer: 'webgl' | 'canvas2d', detail: string): void;
  onLost(): void;
  /** The picture must be rebuilt: call reset and putRows again. */
  onRestored(): void;
  onDrawn(): void;
  /** The drawing thread could not start; nothing will be drawn. */
  onFailed(reason: string): void;
}

/** Draws the heatmap on a canvas in another thread. One surface per canvas, for the life of the canvas. */
export class HeatSurface {
  counters: SurfaceCounters = { uploads: 0, draws: 0, drawMs: 0, uploadMs: 0, contextLosses: 0 };
  private readonly worker: Worker;
  private drawing = false;
  private waiting: HeatUniforms | null = null;
  private nextReadId = 1;
  private readonly reads = new Map<number, (rgba: readonly number[]) => void>();
  private readonly listener: HeatSurfaceListener;

  constructor(canvas: HTMLCanvasElement, listener: HeatSurfaceListener, forceFallback: boolean) {
    this.listener = listener;
    this.worker = new Worker(new URL('./gl-worker.ts', import.meta.url), { type: 'module', name: 'gl-worker' });
    this.worker.addEventListener('message', (event: MessageEvent<FromSurface>) => this.receive(event.data));
    this.worker.addEventListener('error', (event) => listener.onFailed(event.message || 'the drawing thread did not start'));
    const offscreen = canvas.transferControlToOffscreen();
    this.worker.postMessage({ type: 'init', canvas: offscreen, forceFallback } satisfies ToSurface, [offscreen]);
  }

  resize(widthPx: number, heightPx: number): void {
    this.send({ type: 'resize', widthPx, heightPx });
  }

  reset(bins: number, capacity: number): void {
    this.send({ type: 'reset', bins, capacity });
  }

  /** Sends rows to ring slots from `slot` on; the cells are copied, then the copy is handed over. */
  putRows(slot: number, rows: number, cells: Float32Array): void {
    const copy = new Float32Array(cells);
    const message: ToSurface = { type: 'rows', slot, rows, cells: copy };
    this.worker.postMessage(message, [copy.buffer]);
  }

  /** Draws now, or as soon as the draw in flight is done (then only the newest one). */
  draw(uniforms: HeatUniforms): void {
    if (this.drawing) {
      this.waiting = uniforms;
      return;
    }
    this.drawing = true;
    this.send({ type: 'draw', uniforms });
  }

  /** Resolves with the colour of the last picture at a device pixel, from the top left. */
  readPixel(x: number, y: number): Promise<readonly number[]> {
    const id = this.nextReadId++;
    return new Promise((resolve) => {
      this.reads.set(id, resolve);
      this.send({ type: 'read-pixel', id, x, y });
    });
  }

  /** True when no draw is in flight: the counters and the picture are up to date. */
  get idle(): boolean {
    return !this.drawing;
  }

  loseContext(): void {
    this.send({ type: 'lose-context' });
  }

  /** Returns the index that the uniforms want for a colour map id. */
  colourMapIndex(id: string): number {
    return colourMapIndex(id);
  }

  destroy(): void {
    this.worker.terminate();
  }

  private send(message: ToSurface): void {
    this.worker.postMessage(message);
  }

  private receive(message: FromSurface): void {
    switch (message.type) {
      case 'ready':
        this.listener.onReady(message.renderer, message.detail);
        break;
      case 'lost':
        this.listener.onLost();
        break;
      case 'restored':
        this.listener.onRestored();
        break;
      case 'pixel':
        this.reads.get(message.id)?.(message.rgba);
        this.reads.delete(message.id);
        break;
      case 'drawn': {
        this.counters = message.counters;
        this.drawing = false;
        const next = this.waiting;
        this.waiting = null;
        if (next) this.draw(next);
        this.listener.onDrawn();
        break;
      }
    }
  }
}
