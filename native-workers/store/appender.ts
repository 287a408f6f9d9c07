/**
 * Writes rows into one DuckDB table by whole columns: 2,048 rows are gathered in typed arrays and copied into one reused
 * data chunk. Must not know batches, kinds or files.
 */
import {
  BIGINT,
  DECIMAL,
  DuckDBDataChunk,
  TIMESTAMP_NS,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  type DuckDBAppender,
  type DuckDBConnection,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { wordColumn } from './word-columns.ts';

/** Rows of a DuckDB vector. */
export const VECTOR_ROWS = 2048;

const TYPES = [
  BIGINT,
  UTINYINT,
  UTINYINT,
  USMALLINT,
  UINTEGER,
  UINTEGER,
  DECIMAL(18, 9),
  DECIMAL(18, 9),
  TIMESTAMP_NS,
  TIMESTAMP_NS,
  BIGINT,
  BIGINT,
];

/**
 * Gathers rows of one stream.
 * Usage: write every column from `row` on, then call `commit(rows)`.
 * @perf no allocation after construction
 */
export class StreamAppender {
  /** 64-bit columns are pairs of 32-bit words (words.ts, word-columns.ts). */
  readonly ordinal = wordColumn(VECTOR_ROWS);
  readonly kind = new Uint8Array(VECTOR_ROWS);
  readonly side = new Uint8Array(VECTOR_ROWS);
  readonly code = new Uint16Array(VECTOR_ROWS);
  readonly flags = new Uint32Array(VECTOR_ROWS);
  readonly instrument = new Uint32Array(VECTOR_ROWS);
  readonly price = wordColumn(VECTOR_ROWS);
  readonly size = wordColumn(VECTOR_ROWS);
  readonly exchangeTime = wordColumn(VECTOR_ROWS);
  readonly receiveTime = wordColumn(VECTOR_ROWS);
  readonly sequence = wordColumn(VECTOR_ROWS);
  readonly ref = wordColumn(VECTOR_ROWS);
  /** Where the next row goes. */
  row = 0;
  /** Rows handed to DuckDB so far. */
  rows = 0;
  private readonly appender: DuckDBAppender;
  private readonly chunk = DuckDBDataChunk.create(TYPES);
  private readonly columns: readonly { readonly buffer: ArrayBuffer; readonly width: number }[];

  private constructor(appender: DuckDBAppender) {
    this.appender = appender;
    const views = [
      this.ordinal.words,
      this.kind,
      this.side,
      this.code,
      this.flags,
      this.instrument,
      this.price.words,
      this.size.words,
      this.exchangeTime.words,
      this.receiveTime.words,
      this.sequence.words,
      this.ref.words,
    ];
    this.columns = views.map((view) => ({ buffer: view.buffer, width: view.byteLength / VECTOR_ROWS }));
  }

  /** Returns an appender for an existing table with the columns of the recording format. */
  static async open(connection: DuckDBConnection, table: string): Promise<StreamAppender> {
    return new StreamAppender(await connection.createAppender(table));
  }

  /** The next `rows` rows are complete; there must be room for them (VECTOR_ROWS − `row`). */
  commit(rows = 1): void {
    this.row += rows;
    if (this.row === VECTOR_ROWS) this.pass();
  }

  /** Hands everything gathered to DuckDB and makes it visible to queries. */
  flush(): void {
    if (this.row > 0) this.pass();
    this.appender.flushSync();
  }

  close(): void {
    this.appender.closeSync();
  }

  private pass(): void {
    const rows = this.row;
    const raw = this.chunk.chunk;
    this.chunk.reset();
    duckdb.data_chunk_set_size(raw, rows);
    for (let i = 0; i < this.columns.length; i++) {
      const { buffer, width } = this.columns[i];
      duckdb.copy_data_to_vector(duckdb.data_chunk_get_vector(raw, i), 0, buffer, 0, rows * width);
    }
    this.appender.appendDataChunk(this.chunk);
    this.rows += rows;
    this.row = 0;
  }
}
