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
  keepTotal: async (db, { name, table, amount }) => {
    const [before, after] = [amount('old'), amount('new')];
    for (const [event, isChange, change] of [
      ['insert', sql`${after} <> 0`, after],
      ['delete', sql`${before} <> 0`, sql`-(${before})`],
      ['update', sql`${before} <> ${after}`, sql`(${after}) - (${before})`],
    ] as const) {
      await sql`create trigger ${sql.id(`${name}_${event}`)} after ${sql.raw(event)} on ${sql.table(table)} when ${isChange}
        begin update total set value = value + (${change}) where name = ${sql.lit(name)}; end`.execute(db);
    }
  },
  skipLocked: (query) => query,
};
