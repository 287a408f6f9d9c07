/**
 * Vitest reporter for the last lines of a run: which golden cases could not run and why, then one line alone with the
 * counts, `12 passed, 0 failed` or `12 passed, 0 failed, 3 skipped`. Must not decide the exit status: vitest does.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { ABSENT_NOTES_VARIABLE } from '../fixtures/real-data.ts';

/** What a run came to. */
export interface RunCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** Skipped tests of the golden project: the ones that lack their recording. */
  goldenSkipped: number;
}

/** Returns the final line of a run. */
export function countLine(counts: RunCounts): string {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

/** Returns the lines that say what was absent; `notes` holds one JSON object a line. */
export function absenceLines(goldenSkipped: number, notes: string): string[] {
  const reasons = new Map<string, string>();
  for (const line of notes.split('\n')) {
    if (line === '') continue;
    const note = JSON.parse(line) as { what: string; reason: string };
    reasons.set(note.what, note.reason);
  }
  if (goldenSkipped === 0 && reasons.size === 0) return [];
  const head =
    goldenSkipped === 0 ? 'Could not run here:' : `${goldenSkipped} golden ${goldenSkipped === 1 ? 'case' : 'cases'} could not run:`;
  return [head, ...[...reasons].sort().map(([what, reason]) => `  ${what} ${reason}`)];
}

/** Returns the counts over all modules; a file that cannot be collected and an error outside any test count as failures. */
export function countModules(modules: readonly TestModule[], unhandledErrors: number): RunCounts {
  const counts: RunCounts = { passed: 0, failed: unhandledErrors, skipped: 0, goldenSkipped: 0 };
  for (const module of modules) {
    if (module.errors().length > 0) counts.failed++;
    for (const test of module.children.allTests()) {
      const state = test.result().state;
      if (state === 'passed') counts.passed++;
      else if (state === 'failed') counts.failed++;
      else {
        counts.skipped++;
        if (module.project.name === 'golden') counts.goldenSkipped++;
      }
    }
  }
  return counts;
}

export default class CountReporter implements Reporter {
  private readonly notesPath = join(mkdtempSync(join(tmpdir(), 'depthscope-notes-')), 'absent.jsonl');

  onInit(): void {
    writeFileSync(this.notesPath, '');
    process.env[ABSENT_NOTES_VARIABLE] = this.notesPath;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const counts = countModules(modules, unhandledErrors.length);
    const notes = existsSync(this.notesPath) ? readFileSync(this.notesPath, 'utf8') : '';
    rmSync(dirname(this.notesPath), { recursive: true, force: true });
    for (const line of absenceLines(counts.goldenSkipped, notes)) process.stdout.write(`${line}\n`);
    process.stdout.write(`${countLine(counts)}\n`);
  }
}
