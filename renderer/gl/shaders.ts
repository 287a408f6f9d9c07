/**
 * The shaders of the heatmap's three passes. A texel of the ring is one cell: x = price bin, y = ring slot of a time
 * bucket. Tints: cell code → colour, once per change of colours. Paint: cells → colours, once per cell. Map: one texel
 * per pixel, the largest of several where it is zoomed out. Must not know regl or the page.
 */
import { CODE_LOW_EXPONENT, CODE_STEPS } from './cell-code.ts';

/** Codes in a row of the tint table: it is a square of 2^16 codes. */
export const TINTS_SIDE = 256;
/** Most cells along one axis that a pixel looks at. */
export const TAPS_MAX = 4;

/** Fills the viewport. */
export const FILL_VERTEX = `
precision highp float;
attribute vec2 corner;
void main() {
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/** One fragment per cell code. Alpha is the place on the ramp, 0 for an empty cell: the larger size has the larger alpha. */
export const TINTS_FRAGMENT = `
precision highp float;
uniform sampler2D lookup;
uniform float logLow, logHigh, gamma, mapIndex, mapRows, opacity, rampFloor;
uniform vec3 background;

void main() {
  vec2 texel = floor(gl_FragCoord.xy);
  float ask = step(128.0, texel.y);
  float code = texel.x + 256.0 * (texel.y - 128.0 * ask);
  if (code < 0.5) {
    gl_FragColor = vec4(background, 0.0);
    return;
  }
  float steps = (code - 1.0) / ${CODE_STEPS.toFixed(1)};
  float whole = floor(steps);
  float logSize = (whole + ${CODE_LOW_EXPONENT.toFixed(1)} + log2(1.0 + steps - whole)) * ${Math.LN2};
  float ramp = pow(clamp((logSize - logLow) / max(logHigh - logLow, 1e-6), 0.0, 1.0), gamma);
  ramp = rampFloor + (1.0 - rampFloor) * ramp;
  vec3 colour = texture2D(lookup, vec2((ramp * 255.0 + 0.5) / 256.0, (mapIndex * 2.0 + ask + 0.5) / mapRows)).rgb;
  gl_FragColor = vec4(mix(background, colour, opacity), ramp);
}`;

/** One fragment per cell of the rows in the viewport. The two bytes of the code are the place in the tint table. */
export const PAINT_FRAGMENT = `
precision highp float;
uniform sampler2D cells, tints;
uniform vec2 texel;
void main() {
  vec4 code = texture2D(cells, gl_FragCoord.xy * texel);
  gl_FragColor = texture2D(tints, code.ra * (255.0 / 256.0) + 0.5 / 256.0);
}`;

/** Draws only the part of the canvas that has cells; makes time run to the right. */
export const MAP_VERTEX = `
precision highp float;
attribute vec2 corner;
uniform vec4 area;
uniform vec2 origin, span;
varying vec2 at;
void main() {
  vec2 uv = mix(area.xy, area.zw, corner);
  at = origin + span * uv.yx;
  gl_Position = vec4(uv * 2.0 - 1.0, 0.0, 1.0);
}`;

/** Returns the map's fragment shader for pixels that cover so many cells in time and in price (1 to TAPS_MAX). */
export function mapFragment(rowTaps: number, binTaps: number): string {
  const head = 'precision highp float;\nvarying vec2 at;\nuniform sampler2D colours;\n';
  if (rowTaps === 1 && binTaps === 1)
    return `${head}void main() {\n  gl_FragColor = vec4(texture2D(colours, vec2(at.x, fract(at.y))).rgb, 1.0);\n}`;
  const taps: string[] = [];
  for (let row = 0; row < rowTaps; row++) {
    for (let bin = 0; bin < binTaps; bin++) {
      const offset = `vec2(${(bin / binTaps).toFixed(4)}, ${(row / rowTaps).toFixed(4)})`;
      taps.push(
        `  p = min(at + pixel * ${offset}, last);\n  c = texture2D(colours, vec2(p.x, fract(p.y)));\n  if (c.a > best.a) best = c;`,
      );
    }
  }
  // Past the newest row the ring goes on with the oldest one: taps stop at the last cell held.
  return `${head}uniform vec2 pixel, last;
void main() {
  vec4 best = texture2D(colours, vec2(at.x, fract(at.y)));
  vec4 c;
  vec2 p;
${taps.slice(1).join('\n')}
  gl_FragColor = vec4(best.rgb, 1.0);
}`;
}
