/** The heatmap in a real Chromium: what is uploaded, what colour a cell gets, and that a lost context comes back. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type Harness } from './harness/serve.ts';
import { differenceOf, pictureOf, pixelAt, type Picture } from './pictures.ts';

const HEAT_CANVAS = '.heat-canvas';
/** Of the view that the made-up host suggests. */
const ROWS_IN_VIEW = 330;
const BINS_IN_VIEW = 88;
/** Only the heat: no lines, dots, text or cursor over it. */
const HEAT_ONLY = { heat: true, trades: false, touch: false, book: false, flow: false };

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.close();
});

/** Waits until the picture shows all that has arrived, for several display frames in a row. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const check = (calm: number): void => {
          if (calm > 5) resolve();
          else requestAnimationFrame(() => check(window.__depthscope?.idle() ? calm + 1 : 0));
        };
        check(0);
      }),
  );
}

async function setSettings(page: Page, settings: Record<string, unknown>): Promise<void> {
  await page.evaluate((value) => window.harness.settings(value), settings);
  await settle(page);
}

const surface = (page: Page) => page.evaluate(() => window.__depthscope?.surface() ?? { uploads: -1, draws: -1, contextLosses: -1 });

/** Hides the 2D canvases, so that a screenshot shows the drawing thread's canvas alone. */
const hideOverlays = (page: Page) =>
  page.evaluate(() => {
    for (const canvas of document.querySelectorAll<HTMLElement>('.full-canvas')) canvas.style.visibility = 'hidden';
  });

describe('heatmap', () => {
  it('uploads nothing when colour map, cut-offs or contrast change, and yet draws another picture', async () => {
    const page = await harness.open('map');
    await settle(page);
    const before = await surface(page);
    const first = await pictureOf(page, HEAT_CANVAS);
    for (const change of [{ colourMap: 'ember' }, { lowPercentile: 20 }, { highPercentile: 97 }, { gamma: 0.6 }])
      await setSettings(page, change);
    const after = await surface(page);
    expect(after.uploads).toBe(before.uploads);
    expect(after.draws).toBeGreaterThanOrEqual(before.draws + 4);
    expect(differenceOf(first, await pictureOf(page, HEAT_CANVAS), 8)).toBeGreaterThan(0.3);
    await page.close();
  });

  it.each(['plain', 'plain&renderer=2d'])('gives a known cell the colour of the ramp (%s)', async (query) => {
    const page = await harness.open(query);
    await setSettings(page, { lowPercentile: 0, highPercentile: 100, gamma: 1, colourMap: 'heat', layers: HEAT_ONLY });
    await hideOverlays(page);
    const picture = await pictureOf(page, HEAT_CANVAS);
    const x = Math.floor(picture.width / 2);
    // Asks rest at the upper cut-off: the last colour. Bids rest at the lower one: the floor of the ramp, between the first two.
    expect(pixelAt(picture, x, 20)).toEqual([255, 255, 255]);
    expect(pixelAt(picture, x, picture.height - 20)).toEqual([10, 20, 34]);
    expect(await page.evaluate(() => window.__depthscope?.renderer())).toBe(query.includes('2d') ? 'canvas2d' : 'webgl');
    await page.close();
  });

  it.each([
    { cells: 'larger than pixels', size: { width: 1600, height: 1000 } },
    { cells: 'smaller than pixels', size: { width: 600, height: 260 } },
  ])('draws the same picture with and without WebGL, and says so (cells $cells)', async ({ size }) => {
    const webgl = await harness.open('map');
    const canvas = await harness.open('map&renderer=2d');
    const pictures: Picture[] = [];
    for (const page of [webgl, canvas]) {
      await page.setViewportSize(size);
      await setSettings(page, { layers: HEAT_ONLY });
      await hideOverlays(page);
      pictures.push(await pictureOf(page, HEAT_CANVAS));
    }
    const [a, b] = pictures;
    if (!a || !b) throw new Error('two pictures were taken');
    // The small picture has fewer pixels than rows in view, and than bins.
    expect([a.width < ROWS_IN_VIEW, a.height < BINS_IN_VIEW]).toEqual(size.width < 1600 ? [true, true] : [false, false]);
    expect(differenceOf(a, b, 6)).toBeLessThan(0.01);
    expect(await canvas.getByTestId('status-gl').textContent()).toContain('2D canvas (no WebGL)');
    await webgl.close();
    await canvas.close();
  });

  it('shows the same picture after a lost graphics context', async () => {
    const page = await harness.open('map');
    await setSettings(page, { layers: HEAT_ONLY });
    const before = await pictureOf(page, HEAT_CANVAS);
    await page.evaluate(() => window.__depthscope?.loseContext());
    await page.waitForFunction(() => window.__depthscope?.surface().contextLosses === 1 && window.__depthscope.renderer() === 'webgl');
    await settle(page);
    const after = await pictureOf(page, HEAT_CANVAS);
    expect(differenceOf(before, after, 2)).toBeLessThan(0.001);
    await page.close();
  });

  it('pans by uniforms: pixels move and nothing is uploaded', async () => {
    const page = await harness.open('map');
    await setSettings(page, { layers: HEAT_ONLY });
    await hideOverlays(page);
    const before = await pictureOf(page, HEAT_CANVAS);
    const uploads = (await surface(page)).uploads;
    await page.evaluate(() => window.harness.pan(0, 40));
    await settle(page);
    const after = await pictureOf(page, HEAT_CANVAS);
    expect((await surface(page)).uploads).toBe(uploads);
    let same = 0;
    const x = Math.floor(before.width / 3);
    for (let y = 60; y < before.height - 60; y++) if (String(pixelAt(before, x, y)) === String(pixelAt(after, x, y + 40))) same++;
    expect(same / (before.height - 120)).toBeGreaterThan(0.97);
    expect(differenceOf(before, after, 4)).toBeGreaterThan(0.1);
    await page.close();
  });

  it('uploads one row for each new bucket and draws nothing while nothing changes', async () => {
    const page = await harness.open('map');
    await settle(page);
    const before = await surface(page);
    await page.evaluate(() => window.madeUpHost.advance(1));
    await settle(page);
    const moved = await surface(page);
    expect(moved.uploads - before.uploads).toBe(1);
    const frames = await page.evaluate(() => window.__depthscope?.loop().frames);
    await page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));
    expect(await page.evaluate(() => window.__depthscope?.loop().frames)).toBe(frames);
    expect((await surface(page)).draws).toBe(moved.draws);
    await page.close();
  });

  it('hatches rows that their frame flags, though no band of the session names them', async () => {
    const sound = await harness.open('map');
    const flagged = await harness.open('map&flags');
    const pictures: Picture[] = [];
    for (const page of [sound, flagged]) {
      await setSettings(page, { layers: { ...HEAT_ONLY, heat: false } });
      pictures.push(await pictureOf(page, HEAT_CANVAS));
    }
    const [before, after] = pictures;
    const view = await flagged.evaluate(() => window.__depthscope?.view());
    if (!before || !after || !view) throw new Error('two pictures and a view were taken');
    /** Red minus green, and how far the second picture is from the first, over the columns of some seconds. */
    const over = (fromS: number, toS: number): { readonly red: number; readonly changed: number } => {
      const column = (s: number): number => Math.round(after.width * (1 - (view.rightNs - s * 1e9) / view.spanNs));
      let red = 0;
      let changed = 0;
      // The labels stand at the top.
      for (let x = column(fromS); x < column(toS); x++) {
        for (let y = Math.floor(after.height / 2); y < after.height - 40; y++) {
          const [r = 0, g = 0] = pixelAt(after, x, y);
          red += r - g;
          if (String(pixelAt(before, x, y)) !== String(pixelAt(after, x, y))) changed++;
        }
      }
      const pixels = (column(toS) - column(fromS)) * (Math.floor(after.height / 2) - 40);
      return { red: red / pixels, changed: changed / pixels };
    };
    const gap = over(3404, 3416);
    const resync = over(3424, 3436);
    expect(gap.changed).toBeGreaterThan(0.9);
    expect(resync.changed).toBeGreaterThan(0.9);
    expect(gap.red).toBeGreaterThan(resync.red);
    expect(over(3370, 3396).changed).toBeLessThan(0.05);
    expect(over(3444, 3470).changed).toBeLessThan(0.05);
    await sound.close();
    await flagged.close();
  });

  it('keeps the content policy: no error was logged by any page', () => {
    expect(harness.errors).toEqual([]);
  });
});
