/**
 * The heatmap on WebGL through regl: one ring texture with time as rows, a lookup texture with all colour maps, one
 * quad. Runs in the drawing thread only, because regl builds functions from text. Must not know frames or the page.
 */
import createRegl from 'regl';
import type { DrawCommand, InitializationOptions, Regl, Texture2D } from 'regl';
import { buildLookup, COLOUR_MAPS, LUT_WIDTH } from '../charts/index.ts';
import { BACKGROUND, RAMP_FLOOR, type HeatRenderer, type HeatUniforms } from './messages.ts';
import { fragmentShader, PACKED_LOG_MAX, VERTEX_SHADER } from './shaders.ts';

type Gl = NonNullable<InitializationOptions['gl']>;

/** Draws the heatmap with WebGL. Throws when the context, regl or the shaders cannot be made. */
export class WebGlHeat implements HeatRenderer {
  readonly detail: string;
  private readonly canvas: OffscreenCanvas;
  private readonly regl: Regl;
  private readonly packed: boolean;
  private readonly lookup: Texture2D;
  private readonly command: DrawCommand;
  private cells: Texture2D;
  private bins = 1;
  private capacity = 1;
  private scratch = new Uint8Array(0);
  private current: HeatUniforms | null = null;

  constructor(canvas: OffscreenCanvas) {
    this.canvas = canvas;
    const context = canvas.getContext('webgl', {
      alpha: false,
      antialias: false,
      depth: false,
      stencil: false,
      preserveDrawingBuffer: true,
    });
    if (!context) throw new Error('WebGL is not available');
    this.packed = context.getExtension('OES_texture_float') === null;
    this.detail = this.packed ? 'WebGL, packed cells' : 'WebGL, float cells';
    this.regl = createRegl({ gl: context as unknown as Gl, extensions: this.packed ? [] : ['OES_texture_float'], pixelRatio: 1 });
    this.lookup = this.regl.texture({
      data: buildLookup(),
      width: LUT_WIDTH,
      height: COLOUR_MAPS.length * 2,
      format: 'rgba',
      min: 'nearest',
      mag: 'nearest',
    });
    this.cells = this.makeCells();
    this.command = this.makeCommand();
  }

  resize(widthPx: number, heightPx: number): void {
    this.canvas.width = widthPx;
    this.canvas.height = heightPx;
  }

  reset(bins: number, capacity: number): void {
    this.bins = bins;
    this.capacity = capacity;
    this.cells.destroy();
    this.cells = this.makeCells();
  }

  putRows(slot: number, rows: number, cells: Float32Array): void {
    const data = this.packed ? this.pack(cells) : cells;
    this.cells.subimage({ data, width: this.bins, height: rows }, 0, slot);
  }

  draw(uniforms: HeatUniforms): void {
    this.current = uniforms;
    this.regl.poll();
    this.command({ ...uniforms });
    this.regl._gl.flush();
  }

  readPixel(x: number, y: number): number[] {
    if (this.current) this.command({ ...this.current });
    const out = new Uint8Array(4);
    const { _gl: gl } = this.regl;
    gl.readPixels(x, this.canvas.height - 1 - y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, out);
    return [...out];
  }

  /** Loses the context as a driver reset would; it comes back a little later. */
  loseContext(): void {
    const extension = this.regl._gl.getExtension('WEBGL_lose_context');
    extension?.loseContext();
    setTimeout(() => extension?.restoreContext(), 0);
  }

  destroy(): void {
    this.regl.destroy();
  }

  private makeCells(): Texture2D {
    return this.regl.texture({
      width: this.bins,
      height: this.capacity,
      format: this.packed ? 'rgba' : 'luminance',
      type: this.packed ? 'uint8' : 'float',
      min: 'nearest',
      mag: 'nearest',
      wrap: 'clamp',
    });
  }

  private makeCommand(): DrawCommand {
    const prop = (name: keyof HeatUniforms) => (_: unknown, props: HeatUniforms) => props[name];
    return this.regl({
      vert: VERTEX_SHADER,
      frag: fragmentShader(this.packed),
      attributes: {
        corner: [
          [0, 0],
          [1, 0],
          [0, 1],
          [1, 1],
        ],
      },
      primitive: 'triangle strip',
      count: 4,
      depth: { enable: false },
      viewport: () => ({ x: 0, y: 0, width: this.canvas.width, height: this.canvas.height }),
      uniforms: {
        cells: () => this.cells,
        lookup: () => this.lookup,
        capacity: () => this.capacity,
        bins: () => this.bins,
        rowLeft: prop('rowLeft'),
        rowSpan: prop('rowSpan'),
        binLow: prop('binLow'),
        binSpan: prop('binSpan'),
        rows: prop('rows'),
        firstSlot: prop('firstSlot'),
        logLow: prop('logLow'),
        logHigh: prop('logHigh'),
        gamma: prop('gamma'),
        mapIndex: prop('colourMap'),
        opacity: prop('opacity'),
        mapRows: COLOUR_MAPS.length * 2,
        rampFloor: RAMP_FLOOR,
        background: BACKGROUND.map((c) => c / 255),
        pixelStep: (_: unknown, props: HeatUniforms) => [props.rowSpan / this.canvas.width, props.binSpan / this.canvas.height],
      },
    });
  }

  private pack(cells: Float32Array): Uint8Array {
    if (this.scratch.length < cells.length * 4) this.scratch = new Uint8Array(cells.length * 4);
    const out = this.scratch;
    for (let i = 0; i < cells.length; i++) {
      const size = cells[i] as number;
      const code = size === 0 ? 0 : Math.min(65535, Math.max(1, Math.round((Math.log(Math.abs(size)) / PACKED_LOG_MAX) * 65535)));
      out[i * 4] = code >> 8;
      out[i * 4 + 1] = code & 255;
      out[i * 4 + 2] = size > 0 ? 255 : 0;
      out[i * 4 + 3] = 255;
    }
    return out.subarray(0, cells.length * 4);
  }
}
