import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import type { Schema } from '../../schema.js';
import { retryWhileBusy } from './retry-while-busy.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteDriver } from './sqlite-driver.js';
import { loadSqlite, type SqliteConstructor } from './sqlite-module.js';

const OWNER_ONLY = 0o600;
const MAX_KEPT_LOG_BYTES = 64 * 1024 * 1024;

/**
 * Settings of every connection. `synchronous=FULL`: a commit has reached the disk when it returns. `busy_timeout` is 0 because
 * waiting is done in {@link retryWhileBusy}.
 */
const connectionPragmas = [
  'busy_timeout=0',
  'journal_mode=WAL',
  'synchronous=FULL',
  'foreign_keys=ON',
  `journal_size_limit=${MAX_KEPT_LOG_BYTES}`,
];

/**
 * Opens (or makes) a database file with two connections: one that writes, and one that only reads and so never waits for a
 * transaction under way. Other processes may have the same file open.
 */
export async function openSqlite(path: string): Promise<OpenSqlite> {
  const Sqlite = await loadSqlite();
  await makeFile(path);
  const writer = await connect(Sqlite, path, connectionPragmas);
  try {
    const reader = await connect(Sqlite, path, [...connectionPragmas, 'query_only=ON']);
    return withConnections({ reader, writer });
  } catch (error) {
    writer.close();
    throw error;
  }
}

export interface OpenSqlite {
  readonly reads: Kysely<Schema>;
  readonly writes: Kysely<Schema>;
  /** Waits for the transaction under way and those already asked for. */
  close(): Promise<void>;
}

function withConnections(connections: { reader: SqliteConnection; writer: SqliteConnection }): OpenSqlite {
  const reads = kyselyOn(connections.reader, 'reader');
  const writes = kyselyOn(connections.writer, 'writer');
  return {
    reads,
    writes,
    close: async () => {
      // The packaged engine really closes only when its statements are collected, so the log is merged here, not there.
      await writes.connection().execute((db) => sql`pragma wal_checkpoint(truncate)`.execute(db));
      await Promise.all([reads.destroy(), writes.destroy()]);
      connections.reader.close();
      connections.writer.close();
    },
  };
}

/**
 * The file is made here, not by the engine, so that nobody else on the machine can read it; its name is made durable.
 *
 * An existing file is never opened, and a new one is closed before anything else runs: closing any descriptor of a file drops
 * all POSIX locks that this process has on it, those of SQLite included.
 */
async function makeFile(path: string): Promise<void> {
  try {
    closeSync(openSync(path, 'wx', OWNER_ONLY));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function connect(
  Sqlite: SqliteConstructor,
  path: string,
  pragmas: readonly string[],
): Promise<SqliteConnection> {
  const handle = new Sqlite(path);
  try {
    for (const pragma of pragmas) {
      await retryWhileBusy(() => handle.exec(`pragma ${pragma}`));
    }
    return new SqliteConnection(handle);
  } catch (error) {
    handle.close();
    throw error;
  }
}

function kyselyOn(connection: SqliteConnection, role: 'writer' | 'reader'): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createDriver: () => new SqliteDriver(connection, role),
      createAdapter: () => new SqliteAdapter(),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (db) => new SqliteIntrospector(db),
    },
  });
}
