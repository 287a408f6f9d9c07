/**
 * What the heatmap is measured against, in the same page and run: a 2D canvas with one fillRect a cell, and the least that
 * a WebGL heatmap can be, a ring of 8-bit ramp places with a palette, fixed colours and no zoom. Must not know the product.
 */
import createRegl from 'regl';
import type { DrawCommand, InitializationOptions, Regl, Texture2D } from 'regl';

const LOOKUP_WIDTH = 256;

/** A map of one cell to a pixel whose rows go round a ring. */
export interface HeatPeer {
  putRows(slot: number, rows: number, cells: Float32Array): void;
  /** Draws with the row in slot `head` at the left edge. */
  draw(head: number): void;
  /** Returns when all that was asked for is drawn. */
  fence(): void;
  /** Colour at a pixel from the top left. */
  pixel(x: number, y: number): readonly number[];
  destroy(): void;
}

export interface PeerOptions {
  readonly rows: number;
  readonly bins: number;
  /** RGBA rows: bids, then asks. */
  readonly lookup: Uint8Array;
  readonly background: readonly number[];
  /** Place of a size on the ramp, 0–255. */
  readonly rampIndex: (size: number) => number;
}

/** Draws every cell with fillRect, changing the style where the colour changes. */
export class FillRectMap implements HeatPeer {
  private readonly canvas: OffscreenCanvas;
  private readonly context: OffscreenCanvasRenderingContext2D;
  private readonly styles: string[] = [];
  private readonly places: Int16Array;
  private readonly options: PeerOptions;

  constructor(options: PeerOptions) {
    this.options = options;
    this.canvas = new OffscreenCanvas(options.rows, options.bins);
    const context = this.canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('no 2D canvas');
    this.context = context;
    this.places = new Int16Array(options.rows * options.bins);
    for (let i = 0; i < 2 * LOOKUP_WIDTH; i++) this.styles.push(`rgb(${options.lookup.subarray(i * 4, i * 4 + 3).join(',')})`);
    this.styles.push(`rgb(${options.background.join(',')})`);
    this.places.fill(2 * LOOKUP_WIDTH);
  }

  putRows(slot: number, rows: number, cells: Float32Array): void {
    const { bins, rampIndex } = this.options;
    for (let i = 0; i < rows * bins; i++) {
      const size = cells[i] as number;
      this.places[slot * bins + i] = size === 0 ? 2 * LOOKUP_WIDTH : rampIndex(size) + (size > 0 ? LOOKUP_WIDTH : 0);
    }
  }

  draw(head: number): void {
    const { rows, bins } = this.options;
    let last = -1;
    for (let x = 0; x < rows; x++) {
      const base = ((x + head) % rows) * bins;
      for (let bin = 0; bin < bins; bin++) {
        const place = this.places[base + bin] as number;
        if (place !== last) {
          this.context.fillStyle = this.styles[place] as string;
          last = place;
        }
        this.context.fillRect(x, bins - 1 - bin, 1, 1);
      }
    }
  }

  fence(): void {
    this.context.getImageData(0, 0, 1, 1);
  }

  pixel(x: number, y: number): readonly number[] {
    return [...this.context.getImageData(x, y, 1, 1).data.subarray(0, 3)];
  }

  destroy(): void {
    this.canvas.width = 1;
  }
}

const RING_VERTEX = 'attribute vec2 p; varying vec2 uv; void main() { uv = p * 0.5 + 0.5; gl_Position = vec4(p, 0.0, 1.0); }';
const RING_FRAGMENT = `precision highp float; varying vec2 uv; uniform sampler2D cells, palette; uniform float head;
void main() { gl_FragColor = texture2D(palette, vec2(texture2D(cells, vec2(uv.y, fract(uv.x + head))).r, 0.5)); }`;

/** A ring of bytes with a palette: places of bids go to even, of asks to odd bytes, 0 is empty. */
export class RingMap implements HeatPeer {
  private readonly regl: Regl;
  private readonly cells: Texture2D;
  private readonly command: DrawCommand;
  private readonly row: Uint8Array;
  private readonly read = new Uint8Array(4);
  private readonly options: PeerOptions;
  private head = 0;

  constructor(options: PeerOptions) {
    this.options = options;
    this.row = new Uint8Array(options.bins * options.rows);
    const canvas = new OffscreenCanvas(options.rows, options.bins);
    const gl = canvas.getContext('webgl', { alpha: false, antialias: false, depth: false, stencil: false });
    if (!gl) throw new Error('WebGL is not available');
    this.regl = createRegl({ gl: gl as unknown as NonNullable<InitializationOptions['gl']>, pixelRatio: 1 });
    this.cells = this.regl.texture({ width: options.bins, height: options.rows, format: 'luminance', type: 'uint8' });
    this.command = this.regl({
      vert: RING_VERTEX,
      frag: RING_FRAGMENT,
      attributes: {
        p: [
          [-1, -1],
          [3, -1],
          [-1, 3],
        ],
      },
      count: 3,
      depth: { enable: false },
      uniforms: {
        cells: this.cells,
        palette: this.regl.texture({ width: LOOKUP_WIDTH, height: 1, data: this.palette() }),
        head: () => this.head / options.rows,
      },
    });
  }

  putRows(slot: number, rows: number, cells: Float32Array): void {
    const { bins, rampIndex } = this.options;
    const data = this.row.subarray(0, rows * bins);
    for (let i = 0; i < data.length; i++) {
      const size = cells[i] as number;
      data[i] = size === 0 ? 0 : (rampIndex(size) & 0xfe) | (size > 0 ? 1 : 0);
    }
    this.cells.subimage({ data, width: bins, height: rows, alignment: 1 }, 0, slot);
  }

  draw(head: number): void {
    this.head = head;
    this.command();
  }

  fence(): void {
    this.pixel(0, 0);
  }

  pixel(x: number, y: number): readonly number[] {
    const { _gl: gl } = this.regl;
    gl.readPixels(x, this.options.bins - 1 - y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, this.read);
    return [...this.read.subarray(0, 3)];
  }

  destroy(): void {
    this.regl._gl.getExtension('WEBGL_lose_context')?.loseContext();
    this.regl.destroy();
  }

  private palette(): Uint8Array {
    const { lookup, background } = this.options;
    const out = new Uint8Array(LOOKUP_WIDTH * 4).fill(255);
    for (let i = 0; i < LOOKUP_WIDTH; i++) {
      const at = ((i & 1) * LOOKUP_WIDTH + (i & 0xfe)) * 4;
      out.set(i === 0 ? background : lookup.subarray(at, at + 3), i * 4);
    }
    return out;
  }
}
