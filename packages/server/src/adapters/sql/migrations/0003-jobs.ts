import type { Migration } from './migration.js';

/** The queue. `job_next` is the order in which jobs are taken; dead ones stand apart in it. */
export const createJobTable: Migration = async (db) => {
  await db.schema
    .createTable('job')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('cloud', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('blob_key', 'text')
    .addColumn('run_at', 'bigint', (column) => column.notNull())
    .addColumn('available_at', 'bigint', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('lease_token', 'text')
    .addColumn('dead', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('error', 'text')
    .execute();
  await db.schema.createIndex('job_next').on('job').columns(['dead', 'available_at', 'id']).execute();
  await db.schema.createIndex('job_blob').on('job').column('blob_key').execute();
};
