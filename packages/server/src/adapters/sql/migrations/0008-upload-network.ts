import type { Migration } from './migration.js';

/** Who without a key began a chunked upload, so that one network cannot take all of a preset's places. */
export const addUploadNetwork: Migration = async (db) => {
  await db.schema.alterTable('chunked_upload').addColumn('network', 'text').execute();
  await db.schema.dropIndex('chunked_upload_open').execute();
  // The columns behind the key make the sums over an owner's open uploads a walk in the index.
  await db.schema
    .createIndex('chunked_upload_open')
    .on('chunked_upload')
    .columns(['cloud', 'owner', 'finished', 'network', 'received_bytes'])
    .execute();
};
