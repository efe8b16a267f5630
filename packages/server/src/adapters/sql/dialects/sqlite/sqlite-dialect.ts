import { sql } from 'kysely';
import type { SqlDialect } from '../sql-dialect.js';
import { sqliteMeaning } from './sqlite-errors.js';

/** SQLite compares text by its bytes (BINARY) unless told otherwise, which is the order all queries here rely on. */
export const sqliteDialect: SqlDialect = {
  name: 'sqlite',
  meaning: sqliteMeaning,
  // Every transaction is `begin immediate`, which already is the lock.
  lockSchema: async () => {},
  sequence: (column) => column.primaryKey().autoIncrement(),
  clustered: (table) => table.modifyEnd(sql`without rowid`),
  refuseChanges: async (db, table) => {
    for (const [name, change] of [
      ['update', sql`update`],
      ['delete', sql`delete`],
    ] as const) {
      await sql`create trigger ${sql.id(`${table}_no_${name}`)} before ${change} on ${sql.table(table)}
        begin select raise(abort, 'append-only'); end`.execute(db);
    }
  },
  skipLocked: (query) => query,
};
