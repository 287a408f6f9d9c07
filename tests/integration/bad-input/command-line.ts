/** Runs the command line as a child process on a data directory of its own, and checks how it says that it failed. */
import { execFile, type ExecFileException } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ImportReport } from '../../../core/model/index.ts';

const CLI = join(import.meta.dirname, '../../../electron/cli/index.ts');
/** A child that has not ended by then hangs: it is killed and its code is null. */
const HANG_MS = 30_000;

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export class CommandLine {
  readonly folder = mkdtempSync(join(tmpdir(), 'depthscope-bad-input-'));
  readonly dataDir = join(this.folder, 'data');

  /** Writes a file beside the data directory and returns its path. */
  file(name: string, content: Uint8Array | string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  run(...args: readonly string[]): Promise<Ended> {
    return new Promise((resolve) => {
      const options = { timeout: HANG_MS, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 } as const;
      execFile(process.execPath, [CLI, ...args, '--data-dir', this.dataDir], options, (error: ExecFileException | null, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, out, err });
      });
    });
  }

  /** Imports files and returns the report. */
  async import(...args: readonly string[]): Promise<ImportReport> {
    const { code, out, err } = await this.run('import', ...args, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return JSON.parse(out) as ImportReport;
  }

  /** Expects each command line to be refused with its words, two at a time. */
  async eachRefused(...cases: readonly (readonly [args: readonly string[], words: RegExp])[]): Promise<void> {
    for (let i = 0; i < cases.length; i += 2) {
      await Promise.all(cases.slice(i, i + 2).map(([args, words]) => this.refused(args, words)));
    }
  }

  /** Expects one sentence on stderr that has `words` in it, nothing on stdout and a code that says failure. */
  async refused(args: readonly string[], words: RegExp): Promise<void> {
    const { code, out, err } = await this.run(...args);
    expect(err).toMatch(/^depthscope: [^\n]+\n$/);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/Something went wrong inside|Something failed|TypeError|Cannot read propert/);
    expect(out).toBe('');
    expect([1, 2]).toContain(code);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
