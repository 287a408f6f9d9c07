/**
 * Writes a stream of a recording as a file for other tools: plain columns, names instead of numbers, exact decimals. The
 * file appears under its name only when it is whole. Must not know jobs or dialogs.
 */
import { existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DepthscopeError } from '../../core/contract/index.ts';
import { AGGRESSOR_METHOD_MASK, AGGRESSOR_METHOD_SHIFT, AggressorMethod, EventFlag, EventKind, kindName } from '../../core/model/index.ts';
import type { StoreCalls } from '../protocol/index.ts';
import { smallRows } from './duck.ts';
import { sqlText, syncPath } from './layout.ts';
import { COUNT_CONDITION } from './columns.ts';
import { parquetOf, type Reader } from './reader.ts';
import { storeTrouble } from './trouble.ts';

type ExportArgs = StoreCalls['export.run']['args'];

const BOOK_SIDES = ['none', 'bid', 'ask', 'unknown'] as const;
const TRADE_SIDES = ['none', 'buy', 'sell', 'unknown'] as const;
const FLAG_NAMES = Object.entries(EventFlag);
const METHOD_NAMES = Object.entries(AggressorMethod);

/** Exports in progress. */
export class Exports {
  private readonly reader: Reader;
  private readonly running = new Map<string, { cancelled: boolean; connection: DuckDBConnection | null }>();

  constructor(reader: Reader) {
    this.reader = reader;
  }

  /** Resolves with what was written; rejects with nothing left behind. */
  async run(args: ExportArgs): Promise<{ rows: number; bytes: number }> {
    const target = resolve(args.path);
    if (existsSync(target) && !args.overwrite) {
      throw new DepthscopeError('store.file-exists', `${target} exists already; choose another name or allow it to be replaced.`);
    }
    const files = this.reader.files(args.sessionId, [args.stream], this.reader.chunks(args.sessionId));
    if (files.length === 0) throw new DepthscopeError('store.empty-stream', `This session holds no ${args.stream} rows.`);
    const job: { cancelled: boolean; connection: DuckDBConnection | null } = { cancelled: false, connection: null };
    this.running.set(args.jobId, job);
    let temporary: string | null = null;
    try {
      temporary = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
      const file = join(temporary, basename(target));
      const query = exportQuery(join(this.reader.folder(args.sessionId), 'instrument.parquet'), files, args);
      const rows = await this.reader.with(async (connection) => {
        job.connection = connection;
        const [[count]] = await smallRows(connection, `COPY (${query}) TO ${sqlText(file)} (${copyOptions(args.format, target)})`);
        job.connection = null;
        return Number(count);
      });
      if (job.cancelled) throw cancelled();
      syncPath(file);
      const { size } = statSync(file);
      renameSync(file, target);
      syncPath(dirname(target));
      return { rows, bytes: size };
    } catch (thrown) {
      throw job.cancelled ? cancelled() : storeTrouble(thrown, `exporting to ${target}`);
    } finally {
      this.running.delete(args.jobId);
      if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
    }
  }

  /** Stops an export; unknown ids are finished ones. */
  cancel(jobId: string): void {
    const job = this.running.get(jobId);
    if (job === undefined) return;
    job.cancelled = true;
    job.connection?.interrupt();
  }
}

function cancelled(): DepthscopeError {
  return new DepthscopeError('store.export-cancelled', 'The export was cancelled; nothing was written.');
}

function copyOptions(format: ExportArgs['format'], target: string): string {
  const gzip = target.endsWith('.gz') ? ', COMPRESSION gzip' : '';
  if (format === 'csv') return `FORMAT csv, HEADER true${gzip}`;
  if (format === 'jsonl') return `FORMAT json${gzip}`;
  return 'FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2';
}

/** Returns the export's columns: Parquet keeps TIMESTAMP_NS and DECIMAL, text formats get ISO times and exact decimal text. */
function exportQuery(instrumentFile: string, files: readonly string[], { format, stream }: ExportArgs): string {
  const sideNames = stream === 'trade' ? TRADE_SIDES : BOOK_SIDES;
  const asText = format !== 'parquet';
  const time = (column: string): string => (asText ? `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%n') || 'Z'` : column);
  const decimal = (column: string): string =>
    asText ? `CASE WHEN ${column} = 0 THEN '0' ELSE rtrim(rtrim(${column}::VARCHAR, '0'), '.') END` : column;
  const kinds = `CASE kind ${Object.values(EventKind)
    .map((kind) => `WHEN ${kind} THEN ${sqlText(kindName(kind))}`)
    .join(' ')} ELSE 'kind-' || kind END`;
  const sides = `CASE side ${sideNames.map((name, side) => `WHEN ${side} THEN ${sqlText(name)}`).join(' ')} END`;
  const flags = `concat_ws('|', ${FLAG_NAMES.map(([name, bit]) => `CASE WHEN flags & ${bit} <> 0 THEN ${sqlText(name)} END`).join(', ')})`;
  const methods = METHOD_NAMES.map(([name, method]) => `WHEN ${method} THEN ${sqlText(name)}`).join(' ');
  const method =
    stream === 'trade' ? `, CASE (flags & ${AGGRESSOR_METHOD_MASK}) >> ${AGGRESSOR_METHOD_SHIFT} ${methods} END AS side_method` : '';
  // Counts (messages missing, bytes left over …) are no amounts of an instrument and get a column of their own.
  const amount = (column: string): string => `CASE WHEN NOT (${COUNT_CONDITION}) THEN ${decimal(column)} END`;
  return `SELECT r.ordinal, ${time('r.receive_time')} AS receive_time, ${time('coalesce(r.exchange_time, r.receive_time)')} AS exchange_time, i.symbol, ${kinds} AS kind,
    ${sides} AS side, ${amount('r.price')} AS price, ${amount('r.size')} AS size,
    CASE WHEN ${COUNT_CONDITION} THEN (r.size::DECIMAL(38,9) * 1000000000)::BIGINT END AS count, r.sequence, r.ref, r.code, ${flags} AS flags${method}
    FROM ${parquetOf(files)} r LEFT JOIN read_parquet(${sqlText(instrumentFile)}) i ON r.instrument = i.instrument ORDER BY r.ordinal`;
}
