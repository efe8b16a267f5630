import type { AssetStore } from '../../ports/asset-store.js';
import { chunks } from './chunks.js';
import type { Database } from './database.js';

/** Which blobs the rows need, of all clouds: for the sweeper, which sees the disk as a whole. */
export function blobReferences({
  reads,
}: Pick<Database, 'reads'>): Pick<AssetStore, 'referencedBlobs' | 'listBlobKeys'> {
  return {
    referencedBlobs: async (keys, { signal } = {}) => {
      const referenced = new Set<string>();
      for (const some of chunks(keys)) {
        signal?.throwIfAborted();
        const rows = await reads
          .selectFrom('asset')
          .select('blob_key')
          .where('blob_key', 'in', some)
          .union(reads.selectFrom('derived').select('blob_key').where('blob_key', 'in', some))
          .execute();
        for (const row of rows) referenced.add(row.blob_key);
      }
      return referenced;
    },

    listBlobKeys: async ({ after, limit }, { signal } = {}) => {
      signal?.throwIfAborted();
      const rows = await reads
        .selectFrom('asset')
        .select('blob_key')
        .where('blob_key', '>', after ?? '')
        .union(
          reads
            .selectFrom('derived')
            .select('blob_key')
            .where('blob_key', '>', after ?? ''),
        )
        .orderBy('blob_key')
        .limit(limit)
        .execute();
      return rows.map((row) => row.blob_key);
    },
  };
}
