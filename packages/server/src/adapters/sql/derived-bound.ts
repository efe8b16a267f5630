import { type AssetStore, leastDerivedBytes } from '../../ports/asset-store.js';
import type { Database } from './database.js';
import { inTransaction } from './transaction.js';

/** How much the derivatives made on request take, and room among them. Of all clouds: the disk is one. */
export function derivedBound(
  database: Database,
): Pick<AssetStore, 'derivedOnRequestBytes' | 'dropOldestDerived'> {
  return {
    derivedOnRequestBytes: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      const row = await database.reads
        .selectFrom('total')
        .select('value')
        .where('name', '=', 'derived_on_request_bytes')
        .executeTakeFirstOrThrow();
      return Number(row.value);
    },

    dropOldestDerived: ({ bytes: wantedBytes, limit }, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const oldest = await trx
          .selectFrom('derived')
          .select(['derived_id', 'bytes'])
          .where('on_request', '=', 1)
          .orderBy('created_at')
          .orderBy('derived_id')
          .limit(limit)
          .execute();
        const dropped: string[] = [];
        let droppedBytes = 0;
        for (const { derived_id, bytes } of oldest) {
          if (droppedBytes >= wantedBytes) break;
          droppedBytes += Math.max(bytes, leastDerivedBytes);
          dropped.push(derived_id);
        }
        if (dropped.length === 0) return { blobKeys: [], bytes: 0 };
        const rows = await trx
          .deleteFrom('derived')
          .where('derived_id', 'in', dropped)
          .returning('blob_key')
          .execute();
        return { blobKeys: rows.map((row) => row.blob_key), bytes: droppedBytes };
      }),
  };
}
