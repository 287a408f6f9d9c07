/**
 * The colour maps of the heatmap as lookup rows: each map has one row of colours for bids and one for asks. All maps
 * go to the graphics card once, so that choosing another uploads nothing. Must not know sizes or the shader.
 */
import ember from '../../assets/colormaps/ember.json';
import grey from '../../assets/colormaps/grey.json';
import heat from '../../assets/colormaps/heat.json';
import safe from '../../assets/colormaps/safe.json';
import sides from '../../assets/colormaps/sides.json';

type Stops = readonly (readonly (number | string)[])[];
interface ColourMapFile {
  readonly name: string;
  readonly stops: Stops;
  readonly askStops?: Stops;
}

const FILES: Readonly<Record<string, ColourMapFile>> = { heat, ember, grey, safe, sides };

/** Colours in one lookup row. */
export const LUT_WIDTH = 256;

/** Ids and names of the colour maps, in the order of their lookup rows. */
export const COLOUR_MAPS: readonly { readonly id: string; readonly name: string }[] = Object.entries(FILES).map(([id, file]) => ({
  id,
  name: file.name,
}));

/** Returns the index of a colour map, 0 (heat) for an unknown id. */
export function colourMapIndex(id: string): number {
  return Math.max(0, Object.keys(FILES).indexOf(id));
}

/** Returns all maps as RGBA rows: row 2i = bids of map i, row 2i + 1 = its asks. @shape (2 × maps) × LUT_WIDTH × 4 */
export function buildLookup(): Uint8Array<ArrayBuffer> {
  const files = Object.values(FILES);
  const out = new Uint8Array(files.length * 2 * LUT_WIDTH * 4);
  files.forEach((file, index) => {
    writeRow(out, index * 2, file.stops);
    writeRow(out, index * 2 + 1, file.askStops ?? file.stops);
  });
  return out;
}

/** Returns the CSS colours of a map from low to high, for a legend drawn by the page. */
export function colourMapCss(id: string): readonly (readonly [number, string])[] {
  const file = FILES[id] ?? heat;
  return file.stops.map((stop) => [Number(stop[0]), String(stop[1])]);
}

function writeRow(out: Uint8Array, row: number, stops: Stops): void {
  for (let i = 0; i < LUT_WIDTH; i++) {
    const t = i / (LUT_WIDTH - 1);
    let upper = 1;
    while (upper < stops.length - 1 && Number(stops[upper]?.[0]) < t) upper++;
    const a = stops[upper - 1] ?? [0, '#000000'];
    const b = stops[upper] ?? a;
    const span = Number(b[0]) - Number(a[0]);
    const f = span === 0 ? 0 : Math.min(1, Math.max(0, (t - Number(a[0])) / span));
    const at = (row * LUT_WIDTH + i) * 4;
    for (let c = 0; c < 3; c++) {
      const from = Number.parseInt(String(a[1]).slice(1 + c * 2, 3 + c * 2), 16);
      const to = Number.parseInt(String(b[1]).slice(1 + c * 2, 3 + c * 2), 16);
      out[at + c] = Math.round(from + (to - from) * f);
    }
    out[at + 3] = 255;
  }
}
