/**
 * Captures for the end-to-end tests: a small DEEP market whose depth changes visibly, and one that is long enough to cancel.
 * Made here, so that the suite means something without the real recordings.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { message, type Packet, pcap, START_NS, stream } from '../fixtures/iex-capture.ts';

const SYMBOL = 'ZXIET';

/** Writes a capture of one symbol with `steps` events, 100 ms apart, and returns its path. */
export function writeSmallCapture(folder: string, name = 'small-deep.pcap', steps = 600): string {
  return write(folder, name, marketPackets(steps));
}

/** Writes a capture that takes seconds to import (about 60 MB) and returns its path. */
export function writeLongCapture(folder: string): string {
  const levels = Array.from({ length: 40 }, (_, i) =>
    message.level(i % 2 === 0 ? '8' : '5', 1, START_NS + BigInt(i), {
      symbol: SYMBOL,
      price: i % 2 === 0 ? 99_0000 - i * 100 : 101_0000 + i * 100,
      size: 100 + i,
    }),
  );
  const block = stream(Array.from({ length: 40_000 }, () => levels));
  return write(folder, 'long-deep.pcap', block);
}

/** Writes a raw Binance spot recording of one minute and returns its path. */
export function writeJournal(folder: string): string {
  const startMs = 1_795_000_000_000;
  const line = (atMs: number, message: unknown): string => `${BigInt(atMs) * 1_000_000n} ${JSON.stringify(message)}`;
  const levels = (from: number, step: number): string[][] =>
    Array.from({ length: 50 }, (_, i) => [(from + i * step).toFixed(2), `${1 + (i % 9)}.00000000`]);
  const symbol = 'BTCUSDT';
  const lines = [
    line(startMs, {
      stream: 'btcusdt@depth@100ms',
      data: { e: 'depthUpdate', E: startMs - 5, s: symbol, U: 99, u: 101, b: [['90000.00', '2.00000000']], a: [] },
    }),
    line(startMs + 50, { lastUpdateId: 100, bids: levels(89_999.5, -0.5), asks: levels(90_000.5, 0.5) }),
  ];
  for (let i = 0; i < 600; i++) {
    const atMs = startMs + 100 + i * 100;
    const bid = (89_999.5 - (i % 40) * 0.5).toFixed(2);
    const data = { e: 'depthUpdate', E: atMs - 5, s: symbol, U: 102 + i, u: 102 + i, b: [[bid, `${1 + (i % 17)}.00000000`]], a: [] };
    lines.push(line(atMs, { stream: 'btcusdt@depth@100ms', data }));
  }
  const path = join(folder, 'spot-journal.txt');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

function marketPackets(steps: number): Packet[] {
  const opening = [8, 5].flatMap((side) =>
    Array.from({ length: 30 }, (_, i) =>
      message.level(side === 8 ? '8' : '5', 1, START_NS, {
        symbol: SYMBOL,
        price: side === 8 ? 100_0000 - (i + 1) * 100 : 100_0000 + (i + 1) * 100,
        size: 200 + 50 * (i % 7),
      }),
    ),
  );
  const groups = [opening];
  for (let step = 1; step < steps; step++) {
    const timeNs = START_NS + BigInt(step) * 100_000_000n;
    const depth = (step * 7) % 30;
    const group = [
      message.level('8', 1, timeNs, { symbol: SYMBOL, price: 100_0000 - (depth + 1) * 100, size: 100 + ((step * 37) % 900) }),
      message.level('5', 1, timeNs, { symbol: SYMBOL, price: 100_0000 + (depth + 1) * 100, size: 100 + ((step * 53) % 900) }),
    ];
    if (step % 10 === 0) group.push(message.trade(0, timeNs, { symbol: SYMBOL, price: 100_0100, size: 100 + step, id: step }));
    groups.push(group);
  }
  return stream(groups).map((packet, index) => ({ ...packet, timeNs: START_NS + BigInt(index) * 100_000_000n + 50_000n }));
}

function write(folder: string, name: string, packets: readonly Packet[]): string {
  const path = join(folder, name);
  writeFileSync(path, pcap(packets));
  return path;
}
