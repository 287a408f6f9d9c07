/** The small pure parts of the host: names of uploads, rates, the data directory, the version. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptySourceReport } from '../../../core/model/index.ts';
import { defaultDataDir, VERSION } from '../../../electron/host/index.ts';
import { Meter } from '../../../electron/host/jobs/meter.ts';
import { remarksFrom } from '../../../electron/host/jobs/remarks.ts';
import { safeFileName } from '../../../electron/host/uploads.ts';

it('has the version of package.json', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version);
});

describe('safeFileName', () => {
  it.each([
    ['a.pcap.gz', 'a.pcap.gz'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\x\\b.gz', 'b.gz'],
    ['..', 'upload'],
    ['', 'upload'],
    ['.hidden', 'hidden'],
    ['a\u0000b:c.gz', 'a_b_c.gz'],
    ['données.gz', 'données.gz'],
  ])('makes of %j %j', (name, safe) => expect(safeFileName(name)).toBe(safe));

  it('keeps the end of a long name', () => {
    expect(safeFileName(`${'x'.repeat(300)}.gz`)).toHaveLength(120);
    expect(safeFileName(`${'x'.repeat(300)}.gz`).endsWith('.gz')).toBe(true);
  });
});

describe('Meter', () => {
  it('measures over the last second', () => {
    const meter = new Meter(0);
    expect(meter.rate(500, 100)).toBe(200);
    expect(meter.rate(1000, 200)).toBe(200);
    expect(meter.rate(2000, 1200)).toBe(1000);
  });

  it('tells the seconds left, or that it cannot', () => {
    const meter = new Meter(0);
    expect(meter.secondsLeft(2000, 50, 100)).toBe(2);
    expect(meter.secondsLeft(2000, 0, 100)).toBeNull();
    expect(meter.secondsLeft(2000, 50, 0)).toBeNull();
  });
});

it('says losses in words', () => {
  expect(remarksFrom(emptySourceReport())).toBe('');
  expect(remarksFrom({ ...emptySourceReport(), gaps: 2, unparseable: 1 })).toBe('2 gaps, 1 unreadable message');
});

it('finds the conventional data directory', () => {
  expect(defaultDataDir({ DEPTHSCOPE_DATA_DIR: '/d', HOME: '/h' }, 'linux')).toBe('/d');
  expect(defaultDataDir({ HOME: '/h' }, 'linux')).toBe('/h/.local/share/depthscope');
  expect(defaultDataDir({ HOME: '/h', XDG_DATA_HOME: '/x' }, 'linux')).toBe('/x/depthscope');
  expect(defaultDataDir({ HOME: '/h' }, 'darwin')).toBe('/h/Library/Application Support/depthscope');
});
