import type { Migration } from './migration.js';

/**
 * Assets and what hangs on them. The indexes make every listing a walk in list order from the cursor, so that a page costs the
 * same in a cloud of a thousand assets and of a million; there is one per set of equalities the Admin API lists by.
 */
export const createAssetTables: Migration = async (db, dialect) => {
  await db.schema
    .createTable('asset')
    .addColumn('asset_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('cloud', 'text', (column) => column.notNull())
    .addColumn('resource_type', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('public_id', 'text', (column) => column.notNull())
    .addColumn('version_id', 'text', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('format', 'text')
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('etag', 'text', (column) => column.notNull())
    .addColumn('blob_key', 'text', (column) => column.notNull())
    .addColumn('original_filename', 'text')
    .addColumn('original_extension', 'text')
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('asset_folder', 'text', (column) => column.notNull())
    .addColumn('tags', 'text', (column) => column.notNull())
    .addColumn('context', 'text', (column) => column.notNull())
    .addColumn('media', 'text')
    .addColumn('face_coordinates', 'text', (column) => column.notNull())
    .addColumn('custom_coordinates', 'text', (column) => column.notNull())
    .addColumn('extra', 'text', (column) => column.notNull())
    .addUniqueConstraint('asset_address', ['cloud', 'resource_type', 'type', 'public_id'])
    .execute();
  for (const [name, equalities] of [
    ['asset_newest', ['cloud']],
    ['asset_newest_of_resource_type', ['cloud', 'resource_type']],
    ['asset_newest_of_type', ['cloud', 'resource_type', 'type']],
  ] as const) {
    await db.schema
      .createIndex(name)
      .on('asset')
      .columns([...equalities, 'created_at', 'asset_id'])
      .execute();
  }
  await db.schema.createIndex('asset_blob').on('asset').column('blob_key').execute();

  await db.schema
    .createTable('asset_tag')
    .addColumn('cloud', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('asset_id', 'text', (column) =>
      column.notNull().references('asset.asset_id').onDelete('cascade'),
    )
    .addPrimaryKeyConstraint('asset_tag_newest', ['cloud', 'tag', 'created_at', 'asset_id'])
    .$call(dialect.clustered)
    .execute();
  await db.schema.createIndex('asset_tag_asset').on('asset_tag').column('asset_id').execute();

  await db.schema
    .createTable('derived')
    .addColumn('derived_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('cloud', 'text', (column) => column.notNull())
    .addColumn('asset_id', 'text', (column) =>
      column.notNull().references('asset.asset_id').onDelete('cascade'),
    )
    .addColumn('version_id', 'text', (column) => column.notNull())
    .addColumn('transformation', 'text', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('width', 'integer', (column) => column.notNull())
    .addColumn('height', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('etag', 'text', (column) => column.notNull())
    .addColumn('blob_key', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('derived_variant', ['asset_id', 'version_id', 'transformation', 'format'])
    .execute();
  await db.schema
    .createIndex('derived_of_transformation')
    .on('derived')
    .columns(['cloud', 'transformation'])
    .execute();
  await db.schema.createIndex('derived_blob').on('derived').column('blob_key').execute();

  await db.schema
    .createTable('delete_token')
    .addColumn('cloud', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull())
    .addColumn('asset_id', 'text', (column) =>
      column.notNull().references('asset.asset_id').onDelete('cascade'),
    )
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('delete_token_hash', ['cloud', 'token_hash'])
    .execute();
  await db.schema.createIndex('delete_token_asset').on('delete_token').column('asset_id').execute();
  await db.schema.createIndex('delete_token_expiry').on('delete_token').column('expires_at').execute();

  await db.schema
    .createTable('signature_use')
    .addColumn('cloud', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('signature_use_hash', ['cloud', 'hash'])
    .execute();
  await db.schema.createIndex('signature_use_expiry').on('signature_use').column('expires_at').execute();
};
