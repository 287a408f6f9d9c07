/** Generated inputs, made once and kept in the bench's data folder. Must not know the benches. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeLevelFile } from '../gen/level-file.ts';
import { generateLevelStream } from '../gen/level-stream.ts';
import type { BenchContext } from './measure.ts';

/** Returns the path of an input, made by `write` when it is not there; a half-written file never takes its place. */
export async function input(context: BenchContext, name: string, write: (path: string) => void | Promise<void>): Promise<string> {
  const path = join(context.dataDir, name);
  if (existsSync(path)) return path;
  mkdirSync(context.dataDir, { recursive: true });
  context.note(`making ${name}`);
  await write(`${path}.part`);
  renameSync(`${path}.part`, path);
  return path;
}

/** Returns the path of the generated L2 stream: 5,000,000 updates, seed 1. */
export function levelStreamFile(context: BenchContext): Promise<string> {
  return input(context, 'levels-5m-seed1.bin', (path) => writeLevelFile(path, generateLevelStream()));
}
