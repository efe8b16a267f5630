import type { Migration } from './migration.js';

/**
 * Which derivatives a viewer asked for, and may be dropped to make room; those that were there before count as part of their upload.
 * The index gives the oldest and the sum of all without a look at the table.
 */
export const markDerivedOnRequest: Migration = async (db) => {
  await db.schema
    .alterTable('derived')
    .addColumn('on_request', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('derived_on_request')
    .on('derived')
    .columns(['on_request', 'created_at', 'derived_id', 'bytes'])
    .execute();
};
