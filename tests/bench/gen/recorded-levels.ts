/**
 * A Binance recording of one symbol (`<ns> <JSON>` lines, gzip) as an L2 update stream: images and depth messages in the
 * order of the file. Must not know sequence rules: both books of a comparison get the same updates.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { LevelStream } from './level-file.ts';

type Pairs = readonly (readonly [string, string])[];
interface Message {
  readonly data?: Message;
  readonly b?: Pairs | string;
  readonly a?: Pairs | string;
  readonly bids?: Pairs;
  readonly asks?: Pairs;
}

/** Returns the updates of a recording, prices and sizes as multiples of the steps given. */
export function recordedLevels(path: string, tickSize: number, lotSize: number): LevelStream {
  const timeMs: number[] = [];
  const tick: number[] = [];
  const lots: number[] = [];
  const side: number[] = [];
  const messageStart = [0];
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
    const space = line.indexOf(' ');
    if (space < 0 || !(line.includes('"depthUpdate"') || line.includes('"lastUpdateId"'))) continue;
    const parsed = JSON.parse(line.slice(space + 1)) as Message;
    const message = parsed.data ?? parsed;
    const sides = [message.bids ?? message.b, message.asks ?? message.a];
    sides.forEach((pairs, s) => {
      if (!Array.isArray(pairs)) return;
      for (const [price, size] of pairs as Pairs) {
        timeMs.push(Math.floor(Number(line.slice(0, space)) / 1e6));
        tick.push(Math.round(Number(price) / tickSize));
        lots.push(Math.round(Number(size) / lotSize));
        side.push(s);
      }
    });
    if (tick.length > (messageStart.at(-1) ?? 0)) messageStart.push(tick.length);
  }
  return {
    tickSize,
    lotSize,
    seed: 0,
    timeMs: Float64Array.from(timeMs),
    tick: Float64Array.from(tick),
    lots: Int32Array.from(lots),
    messageStart: Uint32Array.from(messageStart),
    side: Uint8Array.from(side),
  };
}
