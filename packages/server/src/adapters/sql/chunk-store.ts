import { type Kysely, sql, type Transaction } from 'kysely';
import type { ChunkStore, FoundUpload, UploadChange, UploadKey } from '../../ports/chunk-store.js';
import { chunkFromRow, uploadFromRow, uploadToRow } from './chunked-upload-rows.js';
import { chunks } from './chunks.js';
import type { Database } from './database.js';
import { expireUploads } from './expire-uploads.js';
import type { Schema } from './schema.js';
import { inTransaction } from './transaction.js';

/** The ChunkStore on an open database. */
export function openChunkStore(database: Database): ChunkStore {
  const { reads } = database;
  return {
    change: (key, at, decide, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const found = await look(trx, key, at);
        const { write, result } = decide(found);
        if (write !== null) await record(trx, key, found.upload?.id ?? null, write);
        return result;
      }),

    find: async (key, { signal } = {}) => {
      signal?.throwIfAborted();
      const row = await atKey(reads, key).executeTakeFirst();
      return row === undefined ? null : uploadFromRow(row);
    },

    listChunks: async (id, { signal } = {}) => {
      signal?.throwIfAborted();
      const rows = await reads
        .selectFrom('chunk')
        .selectAll()
        .where('upload', '=', id)
        .orderBy('start_byte')
        .execute();
      return rows.map(chunkFromRow);
    },

    renewLease: (lease, untilMs, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const renewed = await trx
          .updateTable('chunked_upload')
          .set({ lease_until: untilMs })
          .where('id', '=', lease.id)
          .where('lease_token', '=', lease.token)
          .where('finished', '=', 0)
          .executeTakeFirst();
        return renewed.numUpdatedRows === 1n;
      }),

    releaseLease: (lease, options = {}) =>
      inTransaction(database, options, async (trx) => {
        await trx
          .updateTable('chunked_upload')
          .set({ lease_token: null, lease_until: 0 })
          .where('id', '=', lease.id)
          .where('lease_token', '=', lease.token)
          .execute();
      }),

    finish: (lease, { outcome, nowMs }, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const ended = await trx
          .updateTable('chunked_upload')
          .set({
            finished: 1,
            outcome: JSON.stringify(outcome),
            updated_at: nowMs,
            lease_token: null,
            lease_until: 0,
          })
          .where('id', '=', lease.id)
          .where('lease_token', '=', lease.token)
          .executeTakeFirst();
        if (ended.numUpdatedRows === 0n) return [];
        const held = await trx
          .selectFrom('chunk')
          .select('blob_key')
          .where('upload', '=', lease.id)
          .where('blob_key', 'is not', null)
          .execute();
        await trx.updateTable('chunk').set({ blob_key: null }).where('upload', '=', lease.id).execute();
        return held.flatMap(({ blob_key }) => blob_key ?? []);
      }),

    takeExpired: (request, options = {}) =>
      inTransaction(database, options, (trx) => expireUploads(trx, request)),

    referencedBlobs: async (keys, { signal } = {}) => {
      const referenced = new Set<string>();
      for (const some of chunks(keys)) {
        signal?.throwIfAborted();
        const rows = await reads
          .selectFrom('chunk')
          .select('blob_key')
          .where('blob_key', 'in', some)
          .execute();
        for (const { blob_key } of rows) if (blob_key !== null) referenced.add(blob_key);
      }
      return referenced;
    },
  };
}

function atKey(db: Kysely<Schema>, { cloud, owner, uploadId }: UploadKey) {
  return db
    .selectFrom('chunked_upload')
    .selectAll()
    .where('cloud', '=', cloud)
    .where('owner', '=', owner)
    .where('upload_id', '=', uploadId);
}

async function look(
  trx: Transaction<Schema>,
  key: UploadKey,
  { start, end, network: asking = null }: Parameters<ChunkStore['change']>[1],
): Promise<FoundUpload> {
  const row = await atKey(trx, key).executeTakeFirst();
  const touching =
    row === undefined
      ? []
      : await trx
          .selectFrom('chunk')
          .selectAll()
          .where('upload', '=', row.id)
          .where('start_byte', '<', end)
          .where('end_byte', '>', start)
          .orderBy('start_byte')
          .execute();
  const network = row === undefined ? asking : row.network;
  const open = await trx
    .selectFrom('chunked_upload')
    .select([
      sql<number>`count(*)`.as('uploads'),
      sql<number>`coalesce(sum(received_bytes), 0)`.as('bytes'),
      sql<number>`count(case when network = ${network} then 1 end)`.as('network_uploads'),
      sql<number>`coalesce(sum(case when network = ${network} then received_bytes end), 0)`.as(
        'network_bytes',
      ),
    ])
    .where('cloud', '=', key.cloud)
    .where('owner', '=', key.owner)
    .where('finished', '=', 0)
    .executeTakeFirstOrThrow();
  return {
    upload: row === undefined ? null : uploadFromRow(row),
    touching: touching.map(chunkFromRow),
    open: { uploads: Number(open.uploads), bytes: Number(open.bytes) },
    openOfNetwork: { uploads: Number(open.network_uploads), bytes: Number(open.network_bytes) },
  };
}

async function record(
  trx: Transaction<Schema>,
  key: UploadKey,
  foundId: string | null,
  { upload, chunk }: UploadChange,
): Promise<void> {
  const { id, ...row } = uploadToRow(key, upload);
  if (foundId === id) {
    await trx
      .updateTable('chunked_upload')
      .set(row)
      .where('cloud', '=', key.cloud)
      .where('id', '=', id)
      .execute();
  } else {
    if (foundId !== null) await trx.deleteFrom('chunked_upload').where('id', '=', foundId).execute();
    await trx
      .insertInto('chunked_upload')
      .values({ id, ...row })
      .execute();
  }
  if (chunk === null) return;
  await trx
    .insertInto('chunk')
    .values({
      upload: id,
      start_byte: chunk.start,
      end_byte: chunk.end,
      md5: chunk.md5,
      blob_key: chunk.blobKey,
    })
    .execute();
}
