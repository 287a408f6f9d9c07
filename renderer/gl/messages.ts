/** What the page and the drawing thread say to each other about the heatmap. Must not know either end's insides. */

/** All that decides the picture besides the cells: changing any of it uploads nothing. */
export interface HeatUniforms {
  /** Row at the left edge and rows across, counted from the first row held (fractions allowed). */
  readonly rowLeft: number;
  readonly rowSpan: number;
  /** Bin at the lower edge and bins up the height. */
  readonly binLow: number;
  readonly binSpan: number;
  /** Rows held, and the ring slot of the first of them. */
  readonly rows: number;
  readonly firstSlot: number;
  /** Natural logarithms of the sizes drawn with the lowest and the highest colour. */
  readonly logLow: number;
  readonly logHigh: number;
  /** Exponent on the ramp: below 1 brightens small sizes. */
  readonly gamma: number;
  readonly colourMap: number;
  /** 0 hides the cells (the background stays). */
  readonly opacity: number;
}

export interface SurfaceCounters {
  /** Sub-image uploads of cells. */
  uploads: number;
  draws: number;
  /** Milliseconds of the last draw and the last upload in the drawing thread (commands, not display). */
  drawMs: number;
  uploadMs: number;
  contextLosses: number;
}

export type ToSurface =
  | { readonly type: 'init'; readonly canvas: OffscreenCanvas; readonly forceFallback: boolean }
  | { readonly type: 'resize'; readonly widthPx: number; readonly heightPx: number }
  | { readonly type: 'reset'; readonly bins: number; readonly capacity: number }
  | { readonly type: 'rows'; readonly slot: number; readonly rows: number; readonly cells: Float32Array<ArrayBuffer> }
  | { readonly type: 'draw'; readonly uniforms: HeatUniforms }
  /** For tests and support: loses the context on purpose, as a driver reset would. */
  | { readonly type: 'lose-context' }
  | { readonly type: 'read-pixel'; readonly id: number; readonly x: number; readonly y: number };

export type FromSurface =
  | { readonly type: 'ready'; readonly renderer: 'webgl' | 'canvas2d'; readonly detail: string }
  | { readonly type: 'lost' }
  /** The context is back and empty: send the rows again. */
  | { readonly type: 'restored' }
  | { readonly type: 'drawn'; readonly counters: SurfaceCounters }
  | { readonly type: 'pixel'; readonly id: number; readonly rgba: readonly number[] };

/** What a renderer of the heatmap can do; one on WebGL, one on a 2D canvas. */
export interface HeatRenderer {
  resize(widthPx: number, heightPx: number): void;
  /** Makes an empty ring of `capacity` rows of `bins` cells. */
  reset(bins: number, capacity: number): void;
  putRows(slot: number, rows: number, cells: Float32Array): void;
  draw(uniforms: HeatUniforms): void;
  /** Returns the colour at a pixel, from the top left. */
  readPixel(x: number, y: number): number[];
}

/** Smallest ramp position of a cell that is not empty, so that thin depth differs from no depth. */
export const RAMP_FLOOR = 0.07;
/** Colour where nothing rests or nothing is known: token bg-0. */
export const BACKGROUND: readonly [number, number, number] = [10, 13, 18];
