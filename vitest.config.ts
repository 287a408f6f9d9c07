/**
 * The test projects, one a kind of test. Fast projects run first on all workers; those that start processes or a browser
 * run after them, one file at a time, so that two cores suffice.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const SECOND_MS = 1000;

interface ProjectShape {
  readonly name: string;
  readonly group: number;
  readonly timeoutMs: number;
  readonly sequential: boolean;
}

const PROJECTS: readonly ProjectShape[] = [
  { name: 'unit', group: 0, timeoutMs: 20 * SECOND_MS, sequential: false },
  { name: 'property', group: 0, timeoutMs: 60 * SECOND_MS, sequential: false },
  { name: 'contract', group: 0, timeoutMs: 30 * SECOND_MS, sequential: false },
  { name: 'golden', group: 0, timeoutMs: 120 * SECOND_MS, sequential: false },
  { name: 'integration', group: 1, timeoutMs: 120 * SECOND_MS, sequential: true },
  { name: 'graphics', group: 2, timeoutMs: 120 * SECOND_MS, sequential: true },
  { name: 'e2e', group: 3, timeoutMs: 180 * SECOND_MS, sequential: true },
];

export default defineConfig({
  plugins: [react()],
  test: {
    reporters: ['default', './tests/reporting/count-reporter.ts'],
    maxWorkers: 2,
    passWithNoTests: false,
    projects: PROJECTS.map(({ name, group, timeoutMs, sequential }) => ({
      extends: true as const,
      test: {
        name,
        include: [`tests/${name}/**/*.test.{ts,tsx}`],
        environment: 'node' as const,
        pool: 'forks' as const,
        testTimeout: timeoutMs,
        hookTimeout: timeoutMs,
        fileParallelism: !sequential,
        maxWorkers: sequential ? 1 : 2,
        sequence: { groupOrder: group },
      },
    })),
  },
});
