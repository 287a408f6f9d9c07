/**
 * The page side of the heatmap bench: drives the product's WebGL renderer, and its peers, in the page's own thread, so that
 * a frame can be fenced by reading one pixel back. Counts texture uploads at the context itself. Must not know the goals.
 */
import { buildLookup, LUT_WIDTH } from '../../../renderer/charts/index.ts';
import { WebGlHeat } from '../../../renderer/gl/heat-webgl.ts';
import { BACKGROUND, type HeatUniforms, RAMP_FLOOR } from '../../../renderer/gl/messages.ts';
import { FillRectMap, type HeatPeer, RingMap } from './heatmap-peers.ts';

export interface HeatmapOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Time buckets held in the ring. */
  readonly rows: number;
  readonly bins: number;
  readonly frames: number;
  readonly rowsPerFrame: number;
  /** Time buckets in the picture. */
  readonly rowsShown: number;
}

export interface HeatmapRun {
  /** Milliseconds from the first row of a frame to the end of its fence, and of handing rows and draw over. */
  readonly frameMs: number[];
  readonly submitMs: number[];
  /** Texture uploads during the frames with row updates, and during frames that change only colours. */
  readonly rowUploads: number;
  readonly colourUploads: number;
  readonly colourFrameMs: number[];
}

export interface HeatmapTruth {
  /** Known cells whose pixel has the colour that the ramp gives, of `cells`. */
  readonly right: number;
  readonly cells: number;
  readonly wrong: string;
  readonly renderer: string;
  readonly maxTextureSize: number;
}

const WARM_FRAMES = 4;
/** Frames handed over between two readings of the clock: one takes less than a step of it. */
const BATCH_FRAMES = 10;
const LOG_HIGH = 8;
const GAMMA = 0.7;

type Implementation = 'product' | 'fillRect' | 'ring';

function uniforms(options: HeatmapOptions, head: number, change: Partial<HeatUniforms> = {}): HeatUniforms {
  const { rows, bins, rowsShown } = options;
  const view = { rowLeft: rows - rowsShown, rowSpan: rowsShown, binLow: 0, binSpan: bins, rows, firstSlot: head };
  return { ...view, logLow: 0, logHigh: LOG_HIGH, gamma: GAMMA, colourMap: 0, opacity: 1, ...change };
}

/** Returns what the ramp gives for a size, worked out apart from shaders and codes. */
function rampIndex(size: number): number {
  const t = Math.min(1, Math.max(0, Math.log(Math.abs(size)) / LOG_HIGH)) ** GAMMA;
  return Math.floor((RAMP_FLOOR + (1 - RAMP_FLOOR) * t) * 255 + 0.5);
}

function colourOf(size: number, lookup: Uint8Array): readonly number[] {
  if (size === 0) return BACKGROUND;
  const at = ((size > 0 ? LUT_WIDTH : 0) + rampIndex(size)) * 4;
  return [...lookup.subarray(at, at + 3)];
}

/** Fills rows of cells: each call changes a tenth of them, as a market does. */
function rowSource(bins: number, rows: number): () => Float32Array {
  const cells = new Float32Array(rows * bins);
  let seed = 1;
  return () => {
    for (let i = 0; i < cells.length; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      if (seed % 10 === 0) cells[i] = (i % bins < bins / 2 ? -1 : 1) * (1 + (seed >>> 20));
    }
    return cells;
  };
}

interface Driven {
  putRows(slot: number, rows: number, cells: Float32Array): void;
  draw(head: number, change?: Partial<HeatUniforms>): void;
  fence(): void;
  pixel(x: number, y: number): readonly number[];
  uploads(): number;
  destroy(): void;
  readonly gl: WebGLRenderingContext | null;
}

function product(options: HeatmapOptions): Driven {
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
  heat.reset(options.bins, options.rows);
  const fencePixel = new Uint8Array(4);
  return {
    gl,
    putRows: (slot, rows, cells) => heat.putRows(slot, rows, cells),
    draw: (head, change) => heat.draw(uniforms(options, head, change)),
    fence: () => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, fencePixel),
    pixel: (x, y) => heat.readPixel(x, y).slice(0, 3),
    uploads: () => uploads,
    destroy: () => {
      gl.getExtension('WEBGL_lose_context')?.loseContext();
      heat.destroy();
    },
  };
}

function driven(implementation: Implementation, options: HeatmapOptions): Driven {
  if (implementation === 'product') return product(options);
  const peerOptions = { ...options, lookup: buildLookup(), background: BACKGROUND, rampIndex };
  const peer: HeatPeer = implementation === 'ring' ? new RingMap(peerOptions) : new FillRectMap(peerOptions);
  return {
    gl: null,
    putRows: (slot, rows, cells) => peer.putRows(slot, rows, cells),
    draw: (head) => peer.draw(head),
    fence: () => peer.fence(),
    pixel: (x, y) => peer.pixel(x, y),
    uploads: () => 0,
    destroy: () => peer.destroy(),
  };
}

/** Draws known cells, one to a pixel, and compares pixels all over the picture with the ramp. */
function checkHeatmap(implementation: Implementation, options: HeatmapOptions): HeatmapTruth {
  const { rows, bins, rowsPerFrame } = options;
  const map = driven(implementation, options);
  const next = rowSource(bins, rowsPerFrame);
  const kept = new Float32Array(rows * bins);
  for (let slot = 0; slot + rowsPerFrame <= rows; slot += rowsPerFrame) {
    const cells = next();
    kept.set(cells, slot * bins);
    map.putRows(slot, rowsPerFrame, cells);
  }
  const head = Math.floor(rows / 3);
  map.draw(head);
  const lookup = buildLookup();
  let right = 0;
  let cells = 0;
  let wrong = '';
  for (let x = 5; x < options.widthPx; x += 97) {
    for (let y = 3; y < options.heightPx; y += 61) {
      const size = kept[((x + head) % rows) * bins + (bins - 1 - y)] as number;
      const expected = String(colourOf(size, lookup));
      const drawn = String(map.pixel(x, y));
      cells++;
      // Codes are 1 part in 1,024 wide: a size on the edge between two colours may take either.
      if ([expected, String(colourOf(size * 1.002, lookup)), String(colourOf(size * 0.998, lookup))].includes(drawn)) right++;
      else wrong ||= `pixel ${x},${y} of size ${size}: ${drawn}, not ${expected}`;
    }
  }
  const gl = map.gl;
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  const maxTextureSize = gl ? Number(gl.getParameter(gl.MAX_TEXTURE_SIZE)) : 0;
  map.destroy();
  return { right, cells, wrong, renderer, maxTextureSize };
}

function runHeatmap(implementation: Implementation, options: HeatmapOptions): HeatmapRun {
  const { rows, bins, frames, rowsPerFrame } = options;
  const map = driven(implementation, options);
  const next = rowSource(bins, rowsPerFrame);
  for (let slot = 0; slot + rowsPerFrame <= rows; slot += rowsPerFrame) map.putRows(slot, rowsPerFrame, next());
  map.draw(0);
  map.fence();
  const frameMs: number[] = [];
  const submitMs: number[] = [];
  let head = 0;
  const before = map.uploads();
  for (let frame = -WARM_FRAMES; frame < frames; frame++) {
    const cells = next();
    const startedAt = performance.now();
    map.putRows(head, rowsPerFrame, cells);
    head = (head + rowsPerFrame) % (rows - (rows % rowsPerFrame));
    map.draw(head);
    const submitted = performance.now();
    map.fence();
    if (frame < 0) continue;
    submitMs.push(submitted - startedAt);
    frameMs.push(performance.now() - startedAt);
  }
  const rowUploads = map.uploads() - before;
  const colourFrameMs: number[] = [];
  for (let i = 0; implementation === 'product' && i < frames; i++) {
    const startedAt = performance.now();
    map.draw(head, { colourMap: i % 5, gamma: 0.5 + i / frames, logHigh: 6 + (i % 4) });
    map.fence();
    colourFrameMs.push(performance.now() - startedAt);
  }
  const colourUploads = map.uploads() - before - rowUploads;
  map.destroy();
  return { frameMs, submitMs, rowUploads, colourUploads, colourFrameMs };
}

/** Returns the milliseconds of handing over one frame with row updates, one value for each batch of frames. */
function submitHeatmap(options: HeatmapOptions): number[] {
  const { rows, bins, frames, rowsPerFrame } = options;
  const map = driven('product', options);
  const next = rowSource(bins, rowsPerFrame);
  for (let slot = 0; slot + rowsPerFrame <= rows; slot += rowsPerFrame) map.putRows(slot, rowsPerFrame, next());
  map.draw(0);
  map.fence();
  const out: number[] = [];
  let head = 0;
  for (let batch = -WARM_FRAMES; batch < frames; batch++) {
    const cells = next();
    const startedAt = performance.now();
    for (let frame = 0; frame < BATCH_FRAMES; frame++) {
      map.putRows(head, rowsPerFrame, cells);
      head = (head + rowsPerFrame) % (rows - (rows % rowsPerFrame));
      map.draw(head);
    }
    if (batch >= 0) out.push((performance.now() - startedAt) / BATCH_FRAMES);
    map.fence();
  }
  map.destroy();
  return out;
}

Object.assign(globalThis, { runHeatmap, checkHeatmap, submitHeatmap });
