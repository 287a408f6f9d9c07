/**
 * The page side of the heatmap bench: drives the product's WebGL renderer in the page's own thread, so that a frame can be
 * fenced by reading one pixel back. Counts texture uploads at the context itself. Must not know the bench's goals.
 */
import { WebGlHeat } from '../../../renderer/gl/heat-webgl.ts';
import type { HeatUniforms } from '../../../renderer/gl/messages.ts';

export interface HeatmapRun {
  readonly frameMs: number[];
  readonly submitMs: number[];
  /** Texture uploads during the frames with row updates, and during frames that change only colours. */
  readonly rowUploads: number;
  readonly colourUploads: number;
  /** Different colours seen in a row of pixels: the picture is not blank. */
  readonly colours: number;
  readonly renderer: string;
}

interface HeatmapOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Time buckets held in the ring. */
  readonly rows: number;
  readonly bins: number;
  readonly frames: number;
  readonly rowsPerFrame: number;
}

const WARM_FRAMES = 10;

function uniforms(rows: number, bins: number, head: number, change: Partial<HeatUniforms> = {}): HeatUniforms {
  return {
    rowLeft: 0,
    rowSpan: rows,
    binLow: 0,
    binSpan: bins,
    rows,
    firstSlot: head,
    logLow: 0,
    logHigh: 8,
    gamma: 0.7,
    colourMap: 0,
    opacity: 1,
    ...change,
  };
}

function runHeatmap(options: HeatmapOptions): HeatmapRun {
  const { rows, bins, frames, rowsPerFrame } = options;
  const canvas = new OffscreenCanvas(options.widthPx, options.heightPx);
  const heat = new WebGlHeat(canvas);
  const gl = canvas.getContext('webgl');
  if (!gl) throw new Error('the renderer made no WebGL context');
  let uploads = 0;
  for (const name of ['texImage2D', 'texSubImage2D'] as const) {
    const original = (gl[name] as (...args: unknown[]) => void).bind(gl);
    Object.defineProperty(gl, name, {
      value: (...args: unknown[]) => {
        uploads++;
        original(...args);
      },
    });
  }
  heat.resize(options.widthPx, options.heightPx);
  heat.reset(bins, rows);
  const cells = new Float32Array(rowsPerFrame * bins);
  let seed = 1;
  const refill = (): void => {
    for (let i = 0; i < cells.length; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      if (seed % 10 === 0) cells[i] = (i % bins < bins / 2 ? -1 : 1) * (1 + (seed >>> 20));
    }
  };
  for (let slot = 0; slot + rowsPerFrame <= rows; slot += rowsPerFrame) {
    refill();
    heat.putRows(slot, rowsPerFrame, cells);
  }
  const pixel = new Uint8Array(4);
  const fence = (): void => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
  const frameMs: number[] = [];
  const submitMs: number[] = [];
  let head = 0;
  const before = uploads;
  for (let frame = -WARM_FRAMES; frame < frames; frame++) {
    refill();
    const startedAt = performance.now();
    heat.putRows(head, rowsPerFrame, cells);
    head = (head + rowsPerFrame) % (rows - (rows % rowsPerFrame));
    heat.draw(uniforms(rows, bins, head));
    const submitted = performance.now();
    fence();
    if (frame < 0) continue;
    submitMs.push(submitted - startedAt);
    frameMs.push(performance.now() - startedAt);
  }
  const rowUploads = uploads - before;
  for (let i = 0; i < frames; i++) {
    heat.draw(uniforms(rows, bins, head, { colourMap: i % 5, gamma: 0.5 + i / frames, logHigh: 6 + (i % 4) }));
    fence();
  }
  const line = new Uint8Array(4 * options.widthPx);
  gl.readPixels(0, options.heightPx >> 1, options.widthPx, 1, gl.RGBA, gl.UNSIGNED_BYTE, line);
  const colours = new Set(new Uint32Array(line.buffer)).size;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : 'unknown';
  heat.destroy();
  return { frameMs, submitMs, rowUploads, colourUploads: uploads - before - rowUploads, colours, renderer };
}

Object.assign(globalThis, { runHeatmap });
