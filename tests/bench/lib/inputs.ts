/** Generated inputs, made once and kept in the bench's data folder. Must not know the benches. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { realDataPath } from '../../fixtures/real-data.ts';
import { writeLevelFile } from '../gen/level-file.ts';
import { recordedLevels } from '../gen/recorded-levels.ts';
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

/** Recordings whose depth messages are applied as they came, with the steps of their symbol. */
const RECORDINGS = [
  { name: 'spot', path: 'binance/spot_btcusdt_20240808.gz', tickSize: 0.01, lotSize: 0.00001 },
  { name: 'USD-M', path: 'binance/usdm_btcusdt_20240808.gz', tickSize: 0.1, lotSize: 0.001 },
] as const;

/** Returns name and L2 stream file of each real recording that is there. */
export async function recordedStreamFiles(context: BenchContext): Promise<{ name: string; file: string }[]> {
  const found: { name: string; file: string }[] = [];
  for (const { name, path, tickSize, lotSize } of RECORDINGS) {
    const source = realDataPath(path);
    if (source === null) continue;
    const file = await input(context, `levels-${name}.bin`, (to) => writeLevelFile(to, recordedLevels(source, tickSize, lotSize)));
    found.push({ name, file });
  }
  return found;
}
