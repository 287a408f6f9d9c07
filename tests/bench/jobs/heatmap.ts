/**
 * P16: the product's heatmap in Chromium's software WebGL: one frame with row updates at 2048×800, the cost of submitting
 * it, its growth with the number of rows held, and that colour changes upload nothing. Truth first: the picture has colours.
 */
import { resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { ensureChromium } from '../../../scripts/chromium.mjs';
import { type BenchContext, demandEqual, type Measure } from '../lib/measure.ts';
import { median, quantile, spread } from '../lib/stats.ts';
import type { HeatmapRun } from '../pages/heatmap.ts';

const WIDTH_PX = 2048;
const HEIGHT_PX = 800;
const FRAMES = 60;
const ROWS_PER_FRAME = 2;
const FEW_ROWS = 200;
const MANY_ROWS = 4096;

async function bundle(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      minify: false,
      lib: { entry: resolve(import.meta.dirname, '../pages/heatmap.ts'), formats: ['iife'], name: 'bench', fileName: () => 'heatmap.js' },
    },
  });
  return resolve(outDir, 'heatmap.js');
}

async function measure(page: Page, rows: number): Promise<HeatmapRun> {
  const options = { widthPx: WIDTH_PX, heightPx: HEIGHT_PX, rows, bins: HEIGHT_PX, frames: FRAMES, rowsPerFrame: ROWS_PER_FRAME };
  return page.evaluate((o) => (globalThis as unknown as { runHeatmap(options: unknown): HeatmapRun }).runHeatmap(o), options);
}

export async function bench(context: BenchContext): Promise<Measure[]> {
  const script = await bundle(resolve(context.dataDir, 'heatmap-page'));
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ path: script });
    context.note('heatmap: checking truth');
    const first = await measure(page, 2048);
    demandEqual('a picture with more than four colours', first.colours > 4, true);
    demandEqual('row updates upload', first.rowUploads > 0, true);
    const runs: HeatmapRun[] = [];
    const few: HeatmapRun[] = [];
    const many: HeatmapRun[] = [];
    context.note('heatmap: measuring');
    for (let round = 0; round < context.rounds; round++) {
      runs.push(await measure(page, 2048));
      few.push(await measure(page, FEW_ROWS));
      many.push(await measure(page, MANY_ROWS));
    }
    const frame = runs.map((run) => median(run.frameMs));
    const submit = runs.map((run) => median(run.submitMs));
    const fewMs = few.map((run) => median(run.submitMs));
    const manyMs = many.map((run) => median(run.submitMs));
    const colourUploads = [...runs, ...few, ...many].reduce((sum, run) => sum + run.colourUploads, 0);
    const p95 = quantile(
      runs.flatMap((run) => run.frameMs),
      0.95,
    );
    return [
      {
        id: 'P16',
        name: 'heatmap frame with row updates, 2048×800, software WebGL, median',
        value: median(frame),
        unit: 'ms',
        goal: { atMost: 8 },
        spread: spread(frame),
        detail: { renderer: first.renderer, p95, values: frame },
      },
      {
        id: 'P16',
        name: 'heat row submit per frame',
        value: median(submit),
        unit: 'ms',
        goal: { atMost: 0.2 },
        spread: spread(submit),
        detail: { values: submit },
      },
      {
        id: 'P16',
        name: `submit growth, ${FEW_ROWS} to ${MANY_ROWS} rows held (the most the map holds)`,
        value: median(manyMs) / median(fewMs),
        unit: '×',
        goal: { atMost: 1.1 },
        spread: Math.max(spread(fewMs), spread(manyMs)),
        detail: { fewMs, manyMs },
      },
      {
        id: '',
        name: 'texture uploads by colour and contrast changes',
        value: colourUploads,
        unit: 'uploads',
        goal: { atMost: 0 },
        spread: null,
        detail: {},
      },
    ];
  } finally {
    await browser.close();
  }
}
