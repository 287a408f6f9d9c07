/**
 * The heatmap without WebGL: the same cells, the same ramp, drawn pixel by pixel into a 2D canvas. Slower, never
 * different. Must not know frames or the page.
 */
import { buildLookup, LUT_WIDTH } from '../charts/index.ts';
import { BACKGROUND, RAMP_FLOOR, type HeatRenderer, type HeatUniforms } from './messages.ts';
import { TAPS_MAX } from './shaders.ts';

/** Draws the heatmap on a 2D canvas. Throws when not even that exists. */
export class CanvasHeat implements HeatRenderer {
  private readonly canvas: OffscreenCanvas;
  private readonly context: OffscreenCanvasRenderingContext2D;
  private readonly lookup = new Uint32Array(buildLookup().buffer);
  private readonly background = new Uint32Array(new Uint8Array([...BACKGROUND, 255]).buffer)[0] as number;
  private image: ImageData;
  private pixels: Uint32Array;
  private cells = new Float32Array(0);
  private bins = 1;
  private capacity = 1;

  constructor(canvas: OffscreenCanvas) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('no 2D canvas');
    this.canvas = canvas;
    this.context = context;
    this.image = context.createImageData(1, 1);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  resize(widthPx: number, heightPx: number): void {
    this.canvas.width = widthPx;
    this.canvas.height = heightPx;
    this.image = this.context.createImageData(widthPx, heightPx);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  reset(bins: number, capacity: number): void {
    this.bins = bins;
    this.capacity = capacity;
    this.cells = new Float32Array(bins * capacity);
  }

  putRows(slot: number, rows: number, cells: Float32Array): void {
    this.cells.set(cells.subarray(0, rows * this.bins), slot * this.bins);
  }

  draw(u: HeatUniforms): void {
    const { width, height } = this.image;
    const rowTaps = Math.min(TAPS_MAX, Math.max(1, Math.ceil(u.rowSpan / width - 0.01)));
    const binTaps = Math.min(TAPS_MAX, Math.max(1, Math.ceil(u.binSpan / height - 0.01)));
    const rowsAt = samplePositions(u.rowLeft, u.rowSpan, width, rowTaps);
    const binsAt = samplePositions(u.binLow, u.binSpan, height, binTaps);
    for (let y = 0; y < height; y++) {
      const binFrom = (height - 1 - y) * binTaps;
      for (let x = 0; x < width; x++) {
        let best = 0;
        for (let i = x * rowTaps; i < (x + 1) * rowTaps; i++) {
          const row = rowsAt[i] as number;
          if (row < 0 || row >= u.rows) continue;
          const base = ((row + u.firstSlot) % this.capacity) * this.bins;
          for (let j = binFrom; j < binFrom + binTaps; j++) {
            const bin = binsAt[j] as number;
            if (bin < 0 || bin >= this.bins) continue;
            const size = this.cells[base + bin] as number;
            if (Math.abs(size) > Math.abs(best)) best = size;
          }
        }
        this.pixels[y * width + x] = this.colour(best, u);
      }
    }
    this.context.putImageData(this.image, 0, 0);
  }

  readPixel(x: number, y: number): number[] {
    return [...this.context.getImageData(x, y, 1, 1).data];
  }

  private colour(size: number, u: HeatUniforms): number {
    if (size === 0 || u.opacity === 0) return this.background;
    const t = Math.min(1, Math.max(0, (Math.log(Math.abs(size)) - u.logLow) / Math.max(u.logHigh - u.logLow, 1e-6))) ** u.gamma;
    const ramp = RAMP_FLOOR + (1 - RAMP_FLOOR) * t;
    const row = u.colourMap * 2 + (size > 0 ? 1 : 0);
    return this.lookup[row * LUT_WIDTH + Math.floor(ramp * 255 + 0.5)] as number;
  }
}

function samplePositions(start: number, span: number, pixels: number, taps: number): Int32Array {
  const out = new Int32Array(pixels * taps);
  const step = span / pixels;
  for (let i = 0; i < pixels; i++) {
    for (let t = 0; t < taps; t++) out[i * taps + t] = Math.floor(start + (i + 0.5) * step + (t / taps) * (taps > 1 ? step : 0));
  }
  return out;
}
