import { sql } from 'kysely';
import type { Migration } from './migration.js';

/** What `leastDerivedBytes` was when this was released; another value takes another migration. */
const leastBytes = 4096;

/** What a row of `derived` adds to the sum. */
const onRequestBytes = (row: 'new' | 'old' | 'derived') => {
  const [onRequest, bytes] = [sql.ref(`${row}.on_request`), sql.ref(`${row}.bytes`)];
  return sql<number>`case when ${onRequest} = 0 then 0 when ${bytes} < ${sql.lit(leastBytes)} then ${sql.lit(leastBytes)} else ${bytes} end`;
};

/**
 * The sum of the derivatives made on request, kept where it is read: adding up millions of rows took seconds, in which the server did
 * nothing else. The engine keeps it, so that no statement can forget it, nor one of the version before on the same data.
 */
export const keepDerivedTotal: Migration = async (db, dialect) => {
  await db.schema
    .createTable('total')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'bigint', (column) => column.notNull())
    .$call(dialect.clustered)
    .execute();
  await db
    .insertInto('total')
    .columns(['name', 'value'])
    .expression(
      db
        .selectFrom('derived')
        .where('on_request', '=', 1)
        .select([
          sql<string>`${sql.lit('derived_on_request_bytes')}`.as('name'),
          sql<number>`coalesce(sum(${onRequestBytes('derived')}), 0)`.as('value'),
        ]),
    )
    .execute();
  await dialect.keepTotal(db, {
    name: 'derived_on_request_bytes',
    table: 'derived',
    amount: onRequestBytes,
  });
};
