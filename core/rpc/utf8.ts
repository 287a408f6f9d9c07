/**
 * Text ⇄ UTF-8 for the JSON part of envelopes: core has neither TextEncoder nor Buffer. Lone surrogates and malformed
 * sequences become U+FFFD. Must not know what the text means.
 */
const REPLACEMENT = 0xfffd;
const CHUNK = 4096;

/** Returns the number of bytes that the text takes in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x80) bytes += 1;
    else if (c < 0x800) bytes += 2;
    else if (isHighSurrogate(c) && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

/** Writes the text at `at` and returns the position after it; the caller made room with `utf8Length`. */
export function writeUtf8(text: string, out: Uint8Array, at: number): number {
  let o = at;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x80) out[o++] = c;
    else if (c < 0x800) {
      out[o++] = 0xc0 | (c >> 6);
      out[o++] = 0x80 | (c & 63);
    } else if (isHighSurrogate(c) && isLowSurrogate(text.charCodeAt(i + 1))) {
      const point = 0x10000 + ((c - 0xd800) << 10) + (text.charCodeAt(++i) - 0xdc00);
      out[o++] = 0xf0 | (point >> 18);
      out[o++] = 0x80 | ((point >> 12) & 63);
      out[o++] = 0x80 | ((point >> 6) & 63);
      out[o++] = 0x80 | (point & 63);
    } else {
      const unit = c >= 0xd800 && c <= 0xdfff ? REPLACEMENT : c;
      out[o++] = 0xe0 | (unit >> 12);
      out[o++] = 0x80 | ((unit >> 6) & 63);
      out[o++] = 0x80 | (unit & 63);
    }
  }
  return o;
}

/** Returns the text of UTF-8 bytes. */
export function readUtf8(bytes: Uint8Array): string {
  const units: number[] = [];
  let text = '';
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes[i];
    const extra =
      lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : -1;
    const point = pointAt(bytes, i, extra);
    i += point < 0 ? 1 : extra + 1;
    if (point >= 0x10000) units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 1023));
    else units.push(point < 0 ? REPLACEMENT : point);
    if (units.length >= CHUNK) {
      text += String.fromCharCode(...units);
      units.length = 0;
    }
  }
  return text + String.fromCharCode(...units);
}

const SMALLEST_BY_EXTRA = [0, 0x80, 0x800, 0x10000];

/** Returns the code point with `extra` continuation bytes at `at`, −1 when the sequence is malformed. */
function pointAt(bytes: Uint8Array, at: number, extra: number): number {
  if (extra === 0) return bytes[at];
  if (extra < 0 || at + extra >= bytes.length) return -1;
  let point = bytes[at] & (0x3f >> extra);
  for (let k = 1; k <= extra; k++) {
    const next = bytes[at + k];
    if ((next & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (next & 63);
  }
  const surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < SMALLEST_BY_EXTRA[extra] || point > 0x10ffff || surrogate ? -1 : point;
}

function isHighSurrogate(c: number): boolean {
  return c >= 0xd800 && c <= 0xdbff;
}

function isLowSurrogate(c: number): boolean {
  return c >= 0xdc00 && c <= 0xdfff;
}
