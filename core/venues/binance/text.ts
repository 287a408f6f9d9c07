/** Bytes of a JSON text as a string: strict UTF-8, quick for ASCII. Must not know JSON or Binance. */

const SLICE = 8_192;

/** Returns `bytes[start, end)` as a string, null when it is not valid UTF-8. */
export function textFromUtf8(bytes: Uint8Array, start: number, end: number): string | null {
  let text = '';
  for (let at = start; at < end; at += SLICE) {
    const stop = Math.min(end, at + SLICE);
    for (let i = at; i < stop; i++) if (bytes[i] >= 0x80) return slowText(bytes, start, end);
    text += String.fromCharCode.apply(null, bytes.subarray(at, stop) as unknown as number[]);
  }
  return text;
}

function slowText(bytes: Uint8Array, start: number, end: number): string | null {
  let encoded = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    encoded += byte < 0x80 && byte !== 37 ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`;
  }
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
