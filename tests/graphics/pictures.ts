/** Pictures of a page as pixels: decoded in a page of their own, so that no image library is needed. */
import type { Browser, Page } from 'playwright-core';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Returns the pixels of an element as it is shown. */
export async function pictureOf(page: Page, selector: string): Promise<Picture> {
  const png = await page.locator(selector).screenshot({ animations: 'disabled' });
  const browser = page.context().browser() as Browser;
  const decoder = await browser.newPage();
  try {
    const decoded = await decoder.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no 2D canvas');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let text = '';
      for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
      return { width: bitmap.width, height: bitmap.height, text: btoa(text) };
    }, png.toString('base64'));
    return { width: decoded.width, height: decoded.height, rgba: new Uint8Array(Buffer.from(decoded.text, 'base64')) };
  } finally {
    await decoder.close();
  }
}

/** Returns the share of pixels that differ by more than `tolerance` in any channel, 0–1. */
export function differenceOf(a: Picture, b: Picture, tolerance: number): number {
  if (a.width !== b.width || a.height !== b.height) return 1;
  let differing = 0;
  for (let i = 0; i < a.rgba.length; i += 4) {
    for (let c = 0; c < 3; c++) {
      if (Math.abs((a.rgba[i + c] as number) - (b.rgba[i + c] as number)) > tolerance) {
        differing++;
        break;
      }
    }
  }
  return differing / (a.rgba.length / 4);
}

/** Returns `[r, g, b]` at a pixel. */
export function pixelAt(picture: Picture, x: number, y: number): readonly number[] {
  const at = (y * picture.width + x) * 4;
  return [...picture.rgba.subarray(at, at + 3)];
}
