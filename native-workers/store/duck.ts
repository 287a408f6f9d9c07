/** Opens DuckDB the way the store needs it: bounded memory, its own room for what does not fit. Must not know tables. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { sqlText } from './layout.ts';

/** While rows come in: appended rows leave memory at each checkpoint. */
const MEMORY_LIMIT = '112MB';
/** While a recording is sealed: one chunk is sorted in memory. By then the threads that decoded it are gone. */
const SEAL_MEMORY_LIMIT = '128MB';
const THREADS = 2;

/** An instance with one connection of its own. */
export interface Duck {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

/** Opens a database file, or an empty database in memory when `path` is `:memory:`. */
export async function openDuck(path: string, scratch: string): Promise<Duck> {
  const instance = await DuckDBInstance.create(path, { threads: String(THREADS), memory_limit: MEMORY_LIMIT });
  const connection = await instance.connect();
  await connection.run(`SET temp_directory = ${sqlText(scratch)}`);
  await connection.run(`SET preserve_insertion_order = true`);
  await connection.run(`SET parquet_metadata_cache = true`);
  return { instance, connection };
}

/** Gives a connection's database the memory that sealing takes. */
export async function allowSealing(connection: DuckDBConnection): Promise<void> {
  await connection.run(`SET memory_limit = '${SEAL_MEMORY_LIMIT}'`);
}

/** Closes both. */
export function closeDuck(duck: Duck): void {
  duck.connection.closeSync();
  duck.instance.closeSync();
}

/** Returns the rows of a small result as plain values: BIGINTs as bigint, text as string. */
export async function smallRows(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRows();
}
