import type { Transaction } from 'kysely';
import type { ChunkStore } from '../../ports/chunk-store.js';
import { chunks } from './chunks.js';
import type { Schema } from './schema.js';

type Expired = Awaited<ReturnType<ChunkStore['takeExpired']>>;

/** The body of the transaction behind `ChunkStore.takeExpired`. */
export async function expireUploads(
  trx: Transaction<Schema>,
  { openBeforeMs, finishedBeforeMs, nowMs, limit }: Parameters<ChunkStore['takeExpired']>[0],
): Promise<Expired> {
  const old = await trx
    .selectFrom('chunked_upload')
    .select('id')
    .where((eb) =>
      eb.or([
        eb.and([eb('finished', '=', 0), eb('updated_at', '<', openBeforeMs)]),
        eb.and([eb('finished', '=', 1), eb('updated_at', '<', finishedBeforeMs)]),
      ]),
    )
    .where('lease_until', '<=', nowMs)
    .limit(limit)
    .execute();
  const blobKeys: string[] = [];
  for (const some of chunks(old.map(({ id }) => id))) {
    const held = await trx
      .selectFrom('chunk')
      .select('blob_key')
      .where('upload', 'in', some)
      .where('blob_key', 'is not', null)
      .execute();
    blobKeys.push(...held.flatMap(({ blob_key }) => blob_key ?? []));
    await trx.deleteFrom('chunked_upload').where('id', 'in', some).execute();
  }
  return { uploads: old.length, blobKeys };
}
