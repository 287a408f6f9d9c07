/**
 * One whole import through the host, as the command line does it: inflate, decode, book, DuckDB, sealed Parquet. Prints its
 * counts, its time and the largest memory of the process, all threads together. usage: --data FILE --dir FOLDER
 */
import { rmSync } from 'node:fs';
import { createHost } from '../../../electron/host/index.ts';
import { need, readArguments } from '../lib/arguments.ts';

const found = readArguments();
const folder = need(found, 'dir');
rmSync(folder, { recursive: true, force: true });
const host = await createHost({ dataDir: folder, noSample: true });
const startedAt = performance.now();
const { report } = await host.startImport({ kind: 'files', paths: [need(found, 'data')], venue: null }).done;
const seconds = (performance.now() - startedAt) / 1000;
await host.close();
rmSync(folder, { recursive: true, force: true });
const { events, messages, trades, levelUpdates, gaps, duplicates, unparseable } = report;
process.stdout.write(
  `${JSON.stringify({ events, messages, trades, levelUpdates, gaps, duplicates, unparseable, seconds, rowsPerSecond: events / seconds, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`,
);
