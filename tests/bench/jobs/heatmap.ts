/**
 * P16: the product's heatmap in Chromium's software WebGL: one frame with row updates at 2048×800, the cost of submitting
 * it, its growth with the number of rows held, and that colour changes upload nothing; beside it, in the same page and
 * rounds, one fillRect a cell and the least WebGL ring. Truth first: known cells have the colours of the ramp.
 */
import { resolve } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { ensureChromium } from '../../../scripts/chromium.mjs';
import { type BenchContext, demandEqual, type Measure } from '../lib/measure.ts';
import { median, quantile, spread } from '../lib/stats.ts';
import type { HeatmapOptions, HeatmapRun, HeatmapTruth } from '../pages/heatmap.ts';

const WIDTH_PX = 2048;
const HEIGHT_PX = 800;
const FRAMES = 30;
/** The same part of the ring in a small picture for both, so that drawing does not compete for the cores with submitting. */
const SUBMIT = { widthPx: 256, heightPx: 100, frames: 20, rowsShown: 200 };
const FILL_RECT_FRAMES = 2;
const SUBMIT_PAIRS = 3;
const FEW_ROWS = 200;
/** The largest ring below 10,000 rows that the largest texture of software WebGL (8,192) holds; the map itself uses 4,096. */
const MANY_ROWS = 8192;

const ORIGIN = 'http://localhost';
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

type Implementation = 'product' | 'fillRect' | 'ring';
interface BenchPage {
  checkHeatmap(implementation: Implementation, options: HeatmapOptions): HeatmapTruth;
  runHeatmap(implementation: Implementation, options: HeatmapOptions): HeatmapRun;
  submitHeatmap(options: HeatmapOptions): number[];
}

const OPTIONS: HeatmapOptions = {
  widthPx: WIDTH_PX,
  heightPx: HEIGHT_PX,
  rows: WIDTH_PX,
  bins: HEIGHT_PX,
  frames: FRAMES,
  rowsPerFrame: 2,
  rowsShown: WIDTH_PX,
};

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

const check = (page: Page, implementation: Implementation): Promise<HeatmapTruth> =>
  page.evaluate(([i, o]) => (globalThis as unknown as BenchPage).checkHeatmap(i, o), [implementation, OPTIONS] as const);

const measure = (page: Page, implementation: Implementation, change: Partial<HeatmapOptions> = {}): Promise<HeatmapRun> =>
  page.evaluate(([i, o]) => (globalThis as unknown as BenchPage).runHeatmap(i, o), [implementation, { ...OPTIONS, ...change }] as const);

const framesOf = (runs: readonly HeatmapRun[]): number[] => runs.map((run) => median(run.frameMs));
const submitsOf = (runs: readonly HeatmapRun[]): number[] => runs.map((run) => median(run.submitMs));

/** Returns the median milliseconds of submitting a frame with so many rows held. */
const submitMs = async (page: Page, rows: number): Promise<number> =>
  median(await page.evaluate((o) => (globalThis as unknown as BenchPage).submitHeatmap(o), { ...OPTIONS, ...SUBMIT, rows }));

interface Rounds {
  readonly product: HeatmapRun[];
  readonly ring: HeatmapRun[];
  readonly fillRect: HeatmapRun[];
  /** Milliseconds of a submit with few and with many rows held. */
  readonly few: number[];
  readonly many: number[];
}

async function runRounds(page: Page, rounds: number): Promise<Rounds> {
  const runs: Rounds = { product: [], ring: [], fillRect: [], few: [], many: [] };
  for (let round = 0; round < rounds; round++) {
    runs.product.push(await measure(page, 'product'));
    runs.ring.push(await measure(page, 'ring'));
    for (let pair = 0; pair < SUBMIT_PAIRS; pair++) {
      runs.few.push(await submitMs(page, FEW_ROWS));
      runs.many.push(await submitMs(page, MANY_ROWS));
    }
    runs.fillRect.push(await measure(page, 'fillRect', { frames: FILL_RECT_FRAMES }));
  }
  return runs;
}

export async function bench(context: BenchContext): Promise<Measure[]> {
  const script = await bundle(resolve(context.dataDir, 'heatmap-page'));
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    // An isolated page has the finest clock: 5 µs.
    await page.route(`${ORIGIN}/**`, (route) => route.fulfill({ contentType: 'text/html', headers: ISOLATED, body: '<!doctype html>' }));
    await page.goto(`${ORIGIN}/`);
    await page.addScriptTag({ path: script });
    context.note('heatmap: checking truth');
    const truth = await check(page, 'product');
    demandEqual(`known cells with their colour (${truth.wrong})`, truth.right, truth.cells);
    const peerTruth = await check(page, 'fillRect');
    demandEqual(`known cells of the fillRect peer (${peerTruth.wrong})`, peerTruth.right, peerTruth.cells);
    context.note('heatmap: measuring');
    const runs = await runRounds(page, context.rounds);
    demandEqual(
      'row updates upload',
      runs.product.every((run) => run.rowUploads > 0),
      true,
    );
    return measures(runs, truth);
  } finally {
    await browser.close();
  }
}

function measures(runs: Rounds, truth: HeatmapTruth): Measure[] {
  const { product, few, many, ring, fillRect } = runs;
  const frame = framesOf(product);
  const ringMs = framesOf(ring);
  const fillMs = framesOf(fillRect);
  const submit = submitsOf(product);
  const colourMs = product.map((run) => median(run.colourFrameMs));
  const p95 = quantile(
    product.flatMap((run) => run.frameMs),
    0.95,
  );
  const colourUploads = product.reduce((sum, run) => sum + run.colourUploads, 0);
  const report = (name: string, values: number[], detail: Record<string, unknown> = {}): Measure => ({
    id: '',
    name,
    value: median(values),
    unit: 'ms',
    goal: null,
    spread: spread(values),
    detail: { values, ...detail },
  });
  return [
    {
      ...report('heatmap frame with row updates, 2048×800, software WebGL, median', frame, {
        ...truth,
        p95,
        least: Math.min(...product.flatMap((run) => run.frameMs)),
      }),
      id: 'P16',
      goal: { atMost: 8 },
    },
    { ...report('heat row submit per frame', submit), id: 'P16', goal: { atMost: 0.2 } },
    {
      // Lower quartiles: a submit takes some 20 µs, and what interrupts it only adds.
      id: 'P16',
      name: `submit growth, ${FEW_ROWS} to ${MANY_ROWS} rows held (the largest texture)`,
      value: quantile(many, 0.25) / quantile(few, 0.25),
      unit: '×',
      goal: { atMost: 1.1 },
      spread: Math.max(spread(few), spread(many)),
      detail: { fewMs: few, manyMs: many },
    },
    { ...report('texture uploads by colour and contrast changes', [colourUploads]), unit: 'uploads', goal: { atMost: 0 }, spread: null },
    report('frame that changes colours or contrast', colourMs),
    report('peer: one fillRect a cell, frame', fillMs),
    report('peer: least WebGL ring (8 bits, fixed colours), frame', ringMs),
    {
      id: '',
      name: 'frame of the fillRect peer ÷ product',
      value: median(fillMs) / median(frame),
      unit: '×',
      goal: null,
      spread: Math.max(spread(fillMs), spread(frame)),
      detail: {},
    },
    {
      id: '',
      name: 'product ÷ frame of the least WebGL ring',
      value: median(frame) / median(ringMs),
      unit: '×',
      goal: null,
      spread: Math.max(spread(frame), spread(ringMs)),
      detail: {},
    },
  ];
}
