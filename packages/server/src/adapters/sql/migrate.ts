import { type Kysely, sql } from 'kysely';
import type { SqlDialect } from './dialects/sql-dialect.js';
import { migrations } from './migrations/index.js';
import type { Migration } from './migrations/migration.js';
import type { Schema } from './schema.js';

interface VersionSchema {
  schema_version: { version: number };
}

/** The file was made by a version of Counterseal that this one does not know; nothing was changed. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';
}

/**
 * Applies the migrations that the database has not seen, all in one transaction that begins with the schema lock: either the
 * schema is complete or nothing happened, and of two processes that start at once the second finds nothing left to do.
 *
 * Kysely's own migrator has no lock on SQLite and runs each migration outside a transaction there.
 */
export async function migrate(
  { writes, dialect }: { writes: Kysely<Schema>; dialect: SqlDialect },
  steps: readonly Migration[] = migrations,
): Promise<void> {
  await writes.transaction().execute(async (trx) => {
    await dialect.lockSchema(trx);
    await trx.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.primaryKey())
      .execute();
    const versions = trx as unknown as Kysely<VersionSchema>;
    const row = await versions
      .selectFrom('schema_version')
      .select(sql<number>`coalesce(max(version), 0)`.as('current'))
      .executeTakeFirstOrThrow();
    const current = Number(row.current);
    if (current > steps.length) {
      throw new NewerDatabaseError(
        `The database has schema ${current}, this version of Counterseal knows ${steps.length}: use a newer one`,
      );
    }
    for (const [index, apply] of steps.entries()) {
      const version = index + 1;
      if (version <= current) continue;
      await apply(trx, dialect);
      await versions.insertInto('schema_version').values({ version }).execute();
    }
  });
}
