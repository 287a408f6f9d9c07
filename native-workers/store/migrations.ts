/** Brings the catalogue's schema up to date by numbered SQL files, each applied once and checked by its digest ever after. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { DepthscopeError } from '../../core/contract/index.ts';
import { migrationsFolder } from './layout.ts';

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/** Returns the migrations of a database, in order. */
export function migrationsOf(database: 'sqlite' | 'duckdb'): Migration[] {
  const folder = migrationsFolder(database);
  return readdirSync(folder)
    .filter((name) => /^\d{4}_.+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
      return { number: Number(name.slice(0, 4)), name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    });
}

/** Applies what is missing, all in one transaction; throws when the file was made by a newer or a different program. */
export function migrateCatalogue(db: Database): void {
  const known = migrationsOf('sqlite');
  const apply = db.transaction(() => {
    db.exec('CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT');
    const applied = db.prepare('SELECT number, name, sha256 FROM migration ORDER BY number').all() as {
      number: number;
      name: string;
      sha256: string;
    }[];
    for (const row of applied) {
      const ours = known.find((migration) => migration.number === row.number);
      if (!ours) {
        throw new DepthscopeError(
          'store.newer-schema',
          `The catalogue was written by a newer Depthscope (its schema is ${row.number}, this one knows ${known.at(-1)?.number ?? 0}); use that version or another data directory.`,
        );
      }
      if (ours.sha256 !== row.sha256) {
        throw new DepthscopeError(
          'store.foreign-schema',
          `The catalogue was set up by a different ${row.name} than this Depthscope has; use another data directory.`,
        );
      }
    }
    const insert = db.prepare('INSERT INTO migration VALUES (?, ?, ?)');
    for (const migration of known.slice(applied.length)) {
      db.exec(migration.sql);
      insert.run(migration.number, migration.name, migration.sha256);
    }
  });
  apply.immediate();
}
