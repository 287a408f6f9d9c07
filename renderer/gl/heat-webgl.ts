/**
 * The heatmap on WebGL through regl: a ring texture of cell codes with time as rows, a ring of the same shape with their
 * colours, a quad. Colours are worked out once per cell, so that a pixel costs one fetch. Runs in the drawing thread
 * only, because regl builds functions from text. Must not know frames or the page.
 */
import createRegl from 'regl';
import type { DrawCommand, Framebuffer2D, InitializationOptions, Regl, Texture2D } from 'regl';
import { buildLookup, COLOUR_MAPS, LUT_WIDTH } from '../charts/index.ts';
import { encodeCells } from './cell-code.ts';
import { BACKGROUND, RAMP_FLOOR, type HeatRenderer, type HeatUniforms } from './messages.ts';
import { FILL_VERTEX, MAP_VERTEX, mapFragment, PAINT_FRAGMENT, TAPS_MAX, TINTS_FRAGMENT, TINTS_SIDE } from './shaders.ts';

type Gl = NonNullable<InitializationOptions['gl']>;
interface SlotRange {
  readonly slot: number;
  readonly rows: number;
}
interface MapProps {
  readonly area: readonly number[];
  readonly origin: readonly number[];
  readonly span: readonly number[];
  readonly pixel: readonly number[];
  readonly last: readonly number[];
}

/** What the tint table depends on. */
const TINT_KEYS = ['logLow', 'logHigh', 'gamma', 'colourMap', 'opacity'] as const;
const QUAD = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
];
const BACKGROUND_UNIT = BACKGROUND.map((c) => c / 255);

/** Draws the heatmap with WebGL. Throws when the context, regl or the shaders cannot be made. */
export class WebGlHeat implements HeatRenderer {
  readonly detail = 'WebGL';
  private readonly canvas: OffscreenCanvas;
  private readonly regl: Regl;
  private readonly lookup: Texture2D;
  private readonly tints: Framebuffer2D;
  private readonly tintCommand: DrawCommand;
  private readonly paintCommand: DrawCommand;
  private readonly mapCommands = new Map<number, DrawCommand>();
  private cells: Texture2D;
  private colours: Framebuffer2D;
  private bins = 1;
  private capacity = 1;
  private codes = new Uint16Array(0);
  private unpainted: SlotRange[] = [];
  private current: HeatUniforms | null = null;

  constructor(canvas: OffscreenCanvas) {
    this.canvas = canvas;
    const context = canvas.getContext('webgl', { alpha: false, antialias: false, depth: false, stencil: false });
    if (!context) throw new Error('WebGL is not available');
    this.regl = createRegl({ gl: context as unknown as Gl, pixelRatio: 1 });
    this.lookup = this.regl.texture({ data: buildLookup(), width: LUT_WIDTH, height: COLOUR_MAPS.length * 2 });
    this.tints = this.target(TINTS_SIDE, TINTS_SIDE);
    this.cells = this.makeCells();
    this.colours = this.target(1, 1);
    this.tintCommand = this.makeTintCommand();
    this.paintCommand = this.makePaintCommand();
    this.mapCommand(1, 1);
  }

  resize(widthPx: number, heightPx: number): void {
    this.canvas.width = widthPx;
    this.canvas.height = heightPx;
  }

  reset(bins: number, capacity: number): void {
    this.unpainted = [];
    if (bins === this.bins && capacity === this.capacity) return;
    this.bins = bins;
    this.capacity = capacity;
    this.cells.destroy();
    this.cells = this.makeCells();
    this.colours.destroy();
    this.colours = this.target(bins, capacity);
  }

  putRows(slot: number, rows: number, cells: Float32Array): void {
    if (this.codes.length < cells.length) this.codes = new Uint16Array(cells.length);
    encodeCells(cells, this.codes);
    const data = new Uint8Array(this.codes.buffer, 0, cells.length * 2);
    this.cells.subimage({ data, width: this.bins, height: rows, alignment: 1 }, 0, slot);
    this.unpainted.push({ slot, rows });
  }

  draw(uniforms: HeatUniforms): void {
    this.regl.poll();
    const { current } = this;
    this.current = uniforms;
    if (!current || TINT_KEYS.some((key) => current[key] !== uniforms[key])) {
      this.tintCommand({ ...uniforms });
      this.unpainted = heldRanges(uniforms, this.capacity);
    }
    for (const range of this.unpainted) this.paintCommand({ ...range });
    this.unpainted = [];
    this.drawMap(uniforms);
    this.regl._gl.flush();
  }

  readPixel(x: number, y: number): number[] {
    // The picture is handed to the display after each task: it is drawn again to be read.
    if (this.current) this.drawMap(this.current);
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

  /** @invariant every row held has its colour. */
  private drawMap(u: HeatUniforms): void {
    const { bins, capacity, canvas } = this;
    const area = [within(-u.rowLeft / u.rowSpan), within(-u.binLow / u.binSpan)];
    area.push(within((u.rows - u.rowLeft) / u.rowSpan), within((bins - u.binLow) / u.binSpan));
    const [left = 0, low = 0, right = 0, high = 0] = area;
    if (left > 0 || low > 0 || right < 1 || high < 1)
      this.regl.clear({ color: [...BACKGROUND_UNIT, 1] as [number, number, number, number] });
    if (left >= right || low >= high) return;
    const rowStep = u.rowSpan / canvas.width;
    const binStep = u.binSpan / canvas.height;
    const props: MapProps = {
      area,
      origin: [u.binLow / bins, (u.rowLeft + u.firstSlot) / capacity],
      span: [u.binSpan / bins, u.rowSpan / capacity],
      pixel: [binStep / bins, rowStep / capacity],
      last: [(bins - 0.5) / bins, (u.firstSlot + u.rows - 0.5) / capacity],
    };
    this.mapCommand(tapsOf(rowStep), tapsOf(binStep))({ ...props });
  }

  /** Returns the command for a zoom: compiled when first wanted. */
  private mapCommand(rowTaps: number, binTaps: number): DrawCommand {
    const key = rowTaps * (TAPS_MAX + 1) + binTaps;
    const made = this.mapCommands.get(key) ?? this.makeMapCommand(rowTaps, binTaps);
    this.mapCommands.set(key, made);
    return made;
  }

  private makeCells(): Texture2D {
    return this.regl.texture({ width: this.bins, height: this.capacity, format: 'luminance alpha', type: 'uint8' });
  }

  private target(width: number, height: number): Framebuffer2D {
    return this.regl.framebuffer({ color: this.regl.texture({ width, height }), depth: false, stencil: false });
  }

  private makeTintCommand(): DrawCommand {
    const prop = (name: keyof HeatUniforms) => (_: unknown, props: HeatUniforms) => props[name];
    return this.regl<object, object, HeatUniforms>({
      vert: FILL_VERTEX,
      frag: TINTS_FRAGMENT,
      attributes: { corner: QUAD },
      primitive: 'triangle strip',
      count: 4,
      depth: { enable: false },
      framebuffer: this.tints,
      uniforms: {
        lookup: this.lookup,
        logLow: prop('logLow'),
        logHigh: prop('logHigh'),
        gamma: prop('gamma'),
        mapIndex: prop('colourMap'),
        opacity: prop('opacity'),
        mapRows: COLOUR_MAPS.length * 2,
        rampFloor: RAMP_FLOOR,
        background: BACKGROUND_UNIT,
      },
    });
  }

  private makePaintCommand(): DrawCommand {
    return this.regl<object, object, SlotRange>({
      vert: FILL_VERTEX,
      frag: PAINT_FRAGMENT,
      attributes: { corner: QUAD },
      primitive: 'triangle strip',
      count: 4,
      depth: { enable: false },
      framebuffer: () => this.colours,
      viewport: (_: unknown, range: SlotRange) => ({ x: 0, y: range.slot, width: this.bins, height: range.rows }),
      uniforms: { cells: () => this.cells, tints: this.tints, texel: () => [1 / this.bins, 1 / this.capacity] },
    });
  }

  private makeMapCommand(rowTaps: number, binTaps: number): DrawCommand {
    const prop = (name: keyof MapProps) => (_: unknown, props: MapProps) => props[name];
    const several = rowTaps > 1 || binTaps > 1;
    return this.regl<object, object, MapProps>({
      vert: MAP_VERTEX,
      frag: mapFragment(rowTaps, binTaps),
      attributes: { corner: QUAD },
      primitive: 'triangle strip',
      count: 4,
      depth: { enable: false },
      viewport: () => ({ x: 0, y: 0, width: this.canvas.width, height: this.canvas.height }),
      uniforms: {
        colours: () => this.colours,
        area: prop('area'),
        origin: prop('origin'),
        span: prop('span'),
        ...(several ? { pixel: prop('pixel'), last: prop('last') } : {}),
      },
    });
  }
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** Returns how many cells a pixel looks at along an axis on which it covers `cells`. */
function tapsOf(cells: number): number {
  return Math.min(TAPS_MAX, Math.max(1, Math.ceil(cells - 0.01)));
}

/** Returns the slots of all rows held: two runs when they go round the end of the ring. */
function heldRanges({ firstSlot, rows }: HeatUniforms, capacity: number): SlotRange[] {
  const first = Math.min(rows, capacity - firstSlot);
  const ranges = [{ slot: firstSlot, rows: first }];
  if (rows > first) ranges.push({ slot: 0, rows: rows - first });
  return ranges;
}
