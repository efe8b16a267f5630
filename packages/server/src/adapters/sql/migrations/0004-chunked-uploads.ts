import type { Migration } from './migration.js';

/** Uploads that arrive in chunks, and the chunks that are there. */
export const createChunkedUploadTables: Migration = async (db, dialect) => {
  await db.schema
    .createTable('chunked_upload')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('cloud', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('upload_id', 'text', (column) => column.notNull())
    .addColumn('resource_type', 'text', (column) => column.notNull())
    .addColumn('public_id', 'text')
    .addColumn('filename', 'text')
    .addColumn('total_bytes', 'bigint')
    .addColumn('received_bytes', 'bigint', (column) => column.notNull())
    .addColumn('end_bytes', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('lease_token', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('finished', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('asset_id', 'text')
    .addColumn('outcome', 'text')
    .addUniqueConstraint('chunked_upload_key', ['cloud', 'owner', 'upload_id'])
    .execute();
  // The columns behind the key make the sum over an owner's open uploads a walk in the index.
  await db.schema
    .createIndex('chunked_upload_open')
    .on('chunked_upload')
    .columns(['cloud', 'owner', 'finished', 'received_bytes'])
    .execute();
  await db.schema
    .createIndex('chunked_upload_oldest')
    .on('chunked_upload')
    .columns(['finished', 'updated_at'])
    .execute();

  await db.schema
    .createTable('chunk')
    .addColumn('upload', 'text', (column) =>
      column.notNull().references('chunked_upload.id').onDelete('cascade'),
    )
    .addColumn('start_byte', 'bigint', (column) => column.notNull())
    .addColumn('end_byte', 'bigint', (column) => column.notNull())
    .addColumn('md5', 'text', (column) => column.notNull())
    .addColumn('blob_key', 'text')
    .addPrimaryKeyConstraint('chunk_place', ['upload', 'start_byte'])
    .$call(dialect.clustered)
    .execute();
  await db.schema.createIndex('chunk_blob').on('chunk').column('blob_key').execute();
};
