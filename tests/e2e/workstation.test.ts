/** The workstation as a person uses it: first start, open a file, see depth change, seek, cancel an import, reload. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeJournal, writeLongCapture, writeSmallCapture } from './captures.ts';
import { type Driver, headlessDriver, type Workstation } from './driver.ts';
import { electronDrivers } from './electron-drivers.ts';

const DRIVERS: readonly Driver[] = [headlessDriver, ...electronDrivers()];

let folder = '';
let open: Workstation | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'depthscope-e2e-'));
});
afterEach(async () => {
  const workstation = open;
  open = null;
  await workstation?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(DRIVERS)('over the $name', (driver) => {
  async function launch(): Promise<Page> {
    open = await driver.launch(join(folder, 'data'));
    return open.page;
  }

  it('shows the moving depth of the synthetic sample at first start, labelled', async () => {
    const page = await launch();
    await page.getByTestId('badge-synthetic').waitFor();
    await page.getByTestId('mode').filter({ hasText: 'REPLAY' }).waitFor();
    const first = await mapState(page);
    await page.waitForFunction((taken) => (window.__depthscope?.frames().taken ?? 0) > taken + 5, first.taken);
    const later = await mapState(page);
    expect(BigInt(later.headNs)).toBeGreaterThan(BigInt(first.headNs));
    expect(await paintedCells(page)).toBeGreaterThan(50);
  });

  it('opens a capture, seeks in it, steps, and finds it again after a reload', async () => {
    const page = await launch();
    await page.getByTestId('badge-synthetic').waitFor();
    await openPath(page, writeSmallCapture(folder));
    await page.getByTestId('badge-synthetic').waitFor({ state: 'detached' });
    await page.waitForFunction(() => (window.__depthscope?.frames().rows ?? 0) > 0);
    expect(await paintedCells(page)).toBeGreaterThan(50);

    await seek(page, 0.25);
    const quarter = await mapState(page);
    const quarterPicture = await mapPicture(page);
    await seek(page, 0.75);
    const threeQuarters = await mapState(page);
    expect(BigInt(threeQuarters.headNs) - BigInt(quarter.headNs)).toBeGreaterThan(25_000_000_000n);
    expect(await mapPicture(page)).not.toEqual(quarterPicture);

    await page.getByTestId('map').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((head) => window.__depthscope?.frames().headNs !== head, threeQuarters.headNs);
    expect(BigInt((await mapState(page)).headNs)).toBeGreaterThan(BigInt(threeQuarters.headNs));

    await page.reload();
    const session = page.getByTestId(/^session-/).filter({ hasText: 'small-deep' });
    await session.waitFor();
    await session.click();
    await page.waitForFunction(() => (window.__depthscope?.frames().rows ?? 0) > 0);
    expect(await paintedCells(page)).toBeGreaterThan(50);
  });

  it('takes a chosen file as bytes, and asks for the venue that a recording does not tell', async () => {
    const page = await launch();
    await page.getByTestId('badge-synthetic').waitFor();
    await page.getByTestId('open-capture').first().click();
    await page.getByTestId('open-files').setInputFiles(writeJournal(folder));
    await page.getByTestId('open-venue').waitFor();
    await page.getByTestId('open-venue').selectOption('binance');
    await page.getByTestId('open-submit').click();
    await page
      .getByTestId(/^session-/)
      .filter({ hasText: 'spot-journal' })
      .waitFor();
    await page.getByTestId('badge-synthetic').waitFor({ state: 'detached' });
    await page.waitForFunction(() => (window.__depthscope?.frames().rows ?? 0) > 0);
    expect(await page.getByTestId('instrument-open').textContent()).toContain('BTCUSDT');
  });

  it('cancels an import and lists nothing of it', async () => {
    const page = await launch();
    await page.getByTestId('badge-synthetic').waitFor();
    await openPath(page, writeLongCapture(folder));
    const job = page.locator('[data-testid^=job-][data-state]').filter({ hasText: 'long-deep' });
    await job.getByTestId('job-cancel').click();
    await job.and(page.locator('[data-state=cancelled]')).waitFor();
    await page.reload();
    await page
      .getByTestId(/^session-/)
      .first()
      .waitFor();
    expect(
      await page
        .getByTestId(/^session-/)
        .filter({ hasText: 'long-deep' })
        .count(),
    ).toBe(0);
  });

  it('says in words why a file cannot be read', async () => {
    const page = await launch();
    await page.getByTestId('badge-synthetic').waitFor();
    await openPath(page, join(import.meta.dirname, 'driver.ts'));
    const job = page.locator('[data-testid^=job-][data-state]').filter({ hasText: 'driver.ts' });
    await job.and(page.locator('[data-state=failed]')).waitFor();
    expect(await job.textContent()).toContain('neither an IEX capture');
  });
});

async function openPath(page: Page, path: string): Promise<void> {
  await page.getByTestId('open-capture').first().click();
  await page.getByTestId('open-path').fill(path);
  await page.getByTestId('open-submit').click();
}

async function seek(page: Page, fraction: number): Promise<void> {
  const before = await mapState(page);
  const strip = await page.getByTestId('seek-strip').boundingBox();
  if (!strip) throw new Error('the replay bar is not on the screen');
  await page.mouse.click(strip.x + strip.width * fraction, strip.y + strip.height / 3);
  await page.waitForFunction((epoch) => (window.__depthscope?.frames().epoch ?? 0) > epoch, before.epoch);
}

function mapState(page: Page): Promise<{ taken: number; epoch: number; headNs: string; rows: number }> {
  return page.evaluate(() => {
    const frames = window.__depthscope?.frames();
    if (!frames) throw new Error('the map is not on the screen');
    return { taken: frames.taken, epoch: frames.epoch, headNs: frames.headNs, rows: frames.rows };
  });
}

/** Colours of a 24 × 16 grid of points of the heatmap. */
function mapPicture(page: Page): Promise<number[][]> {
  return page.evaluate(async () => {
    const box = document.querySelector('[data-testid=map]')?.getBoundingClientRect();
    const diagnostics = window.__depthscope;
    if (!box || !diagnostics) throw new Error('the map is not on the screen');
    const points: number[][] = [];
    for (let x = 0.5; x < 24; x++)
      for (let y = 0.5; y < 16; y++) points.push([...(await diagnostics.readPixel((box.width * x) / 24, (box.height * y) / 16))]);
    return points;
  });
}

/** Points of the grid that are not background. */
async function paintedCells(page: Page): Promise<number> {
  const picture = await mapPicture(page);
  return picture.filter(([red = 0, green = 0, blue = 0]) => red + green + blue > 60).length;
}
