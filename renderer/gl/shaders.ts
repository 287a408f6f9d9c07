/**
 * The two shaders of the heatmap. A texel is one cell: x = price bin, y = ring slot of a time bucket, so the fragment
 * shader swaps axes to make time run to the right. Must not know regl or the page.
 */

export const VERTEX_SHADER = `
precision highp float;
attribute vec2 corner;
varying vec2 uv;
void main() {
  uv = corner;
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/**
 * @param packed true when float textures are missing: a texel is RGBA bytes, RG = 16 bit logarithm, B = 1 for asks
 */
export function fragmentShader(packed: boolean): string {
  return `
precision highp float;
varying vec2 uv;
uniform sampler2D cells;
uniform sampler2D lookup;
uniform float rowLeft, rowSpan, binLow, binSpan, rows, firstSlot, capacity, bins;
uniform float logLow, logHigh, gamma, mapIndex, mapRows, opacity, rampFloor;
uniform vec2 pixelStep;
uniform vec3 background;

// Returns (log of the size, side: 0 bid, 1 ask, 1 when the cell holds something).
vec3 cellAt(float row, float bin) {
  if (row < 0.0 || row >= rows || bin < 0.0 || bin >= bins) return vec3(0.0);
  vec2 at = vec2((bin + 0.5) / bins, (mod(row + firstSlot, capacity) + 0.5) / capacity);
  vec4 texel = texture2D(cells, at);
${
  packed
    ? `  float code = floor(texel.r * 255.0 + 0.5) * 256.0 + floor(texel.g * 255.0 + 0.5);
  return vec3(code / 65535.0 * ${PACKED_LOG_MAX.toFixed(1)}, step(0.5, texel.b), step(0.5, code));`
    : `  float size = abs(texel.r);
  return vec3(log(max(size, 1e-20)), step(0.0, texel.r), step(1e-20, size));`
}
}

void main() {
  float row = rowLeft + uv.x * rowSpan;
  float bin = binLow + uv.y * binSpan;
  // Zoomed out, a pixel covers several cells: it shows the largest of up to four by four of them.
  vec3 best = cellAt(floor(row), floor(bin));
  float rowTaps = min(4.0, ceil(pixelStep.x - 0.01));
  float binTaps = min(4.0, ceil(pixelStep.y - 0.01));
  if (rowTaps > 1.0 || binTaps > 1.0) {
    for (int i = 0; i < 4; i++) {
      if (float(i) >= rowTaps) break;
      for (int j = 0; j < 4; j++) {
        if (float(j) >= binTaps) break;
        vec3 cell = cellAt(floor(row + (float(i) / rowTaps) * pixelStep.x), floor(bin + (float(j) / binTaps) * pixelStep.y));
        if (cell.z > 0.5 && (best.z < 0.5 || cell.x > best.x)) best = cell;
      }
    }
  }
  float ramp = pow(clamp((best.x - logLow) / max(logHigh - logLow, 1e-6), 0.0, 1.0), gamma);
  ramp = (rampFloor + (1.0 - rampFloor) * ramp);
  vec3 colour = texture2D(lookup, vec2((ramp * 255.0 + 0.5) / 256.0, (mapIndex * 2.0 + best.y + 0.5) / mapRows)).rgb;
  gl_FragColor = vec4(mix(background, colour, best.z * opacity), 1.0);
}`;
}

/** Largest natural logarithm of a size that the packed form holds: ln 2^53 rounded up. */
export const PACKED_LOG_MAX = 37;
