import type { Migration } from './migration.js';

/** Clouds, keys, presets, named transformations, the audit log, and settings of the database itself. */
export const createAccountTables: Migration = async (db, dialect) => {
  await db.schema
    .createTable('cloud')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('api_key')
    .addColumn('api_key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('cloud', 'text', (column) => column.notNull().references('cloud.name'))
    .addColumn('sealed_secret', 'text', (column) => column.notNull())
    .addColumn('policy', 'text', (column) => column.notNull())
    .addColumn('disabled', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('api_key_oldest')
    .on('api_key')
    .columns(['cloud', 'created_at', 'api_key'])
    .execute();

  await db.schema
    .createTable('upload_preset')
    .addColumn('cloud', 'text', (column) => column.notNull().references('cloud.name'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('external_id', 'text', (column) => column.notNull())
    .addColumn('unsigned', 'integer', (column) => column.notNull())
    .addColumn('disallow_public_id', 'integer', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('upload_preset_name', ['cloud', 'name'])
    .execute();

  await db.schema
    .createTable('named_transformation')
    .addColumn('cloud', 'text', (column) => column.notNull().references('cloud.name'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('transformation', 'text', (column) => column.notNull())
    .addColumn('allowed_for_strict', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('named_transformation_name', ['cloud', 'name'])
    .execute();

  // No reference to `cloud`: the record outlives what it tells about.
  await db.schema
    .createTable('audit_entry')
    .addColumn('entry', 'integer', dialect.sequence)
    .addColumn('cloud', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_entry_newest').on('audit_entry').columns(['cloud', 'entry']).execute();
  await dialect.refuseChanges(db, 'audit_entry');

  await db.schema
    .createTable('setting')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
};
