import type { Kysely } from 'kysely';
import type { SqlDialect } from './dialects/sql-dialect.js';
import { openSqlite } from './dialects/sqlite/open-sqlite.js';
import { sqliteDialect } from './dialects/sqlite/sqlite-dialect.js';
import { migrate } from './migrate.js';
import type { Schema } from './schema.js';

/** An open database, at the schema of this version. The stores are made on top of it and share it. */
export interface Database {
  readonly dialect: SqlDialect;
  /** For single statements. Sees everything committed, never waits for a transaction under way. */
  readonly reads: Kysely<Schema>;
  /** For transactions; use it through `inTransaction`. */
  readonly writes: Kysely<Schema>;
  /** After the transactions already asked for. The stores must not be used any more. */
  close(): Promise<void>;
}

/**
 * Opens the SQLite file at `path`, making it (not its folder) when absent, and brings its schema up to date. Several processes
 * may have one file open; those that start at the same moment wait for the one that makes the tables.
 */
export async function openDatabase({ path }: { path: string }): Promise<Database> {
  const database: Database = { dialect: sqliteDialect, ...(await openSqlite(path)) };
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
