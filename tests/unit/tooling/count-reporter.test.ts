/** The last lines of a test run: the count line and the list of recordings that were absent. */
import { describe, expect, it } from 'vitest';
import { absenceLines, countLine } from '../../reporting/count-reporter.ts';

describe('countLine', () => {
  it('names passed and failed, and skipped only when there are any', () => {
    expect(countLine({ passed: 3, failed: 0, skipped: 0, goldenSkipped: 0 })).toBe('3 passed, 0 failed');
    expect(countLine({ passed: 3, failed: 1, skipped: 2, goldenSkipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});

describe('absenceLines', () => {
  it('is silent when everything was there', () => {
    expect(absenceLines(0, '')).toEqual([]);
  });

  it('lists each absent recording once, with its reason', () => {
    const note = '{"what":"iex/a.pcap.gz","reason":"is not in /data"}\n';
    expect(absenceLines(2, note + note)).toEqual(['2 golden cases could not run:', '  iex/a.pcap.gz is not in /data']);
  });
});
