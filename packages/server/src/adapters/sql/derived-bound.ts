import { type Kysely, sql } from 'kysely';
import { type AssetStore, leastDerivedBytes } from '../../ports/asset-store.js';
import type { Database } from './database.js';
import type { Schema } from './schema.js';
import { inTransaction } from './transaction.js';

/** How much the derivatives made on request take, and room among them. Of all clouds: the disk is one. */
export function derivedBound(
  database: Database,
): Pick<AssetStore, 'derivedOnRequestBytes' | 'dropOldestDerived'> {
  return {
    derivedOnRequestBytes: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      return sumOf(database.reads);
    },

    dropOldestDerived: ({ keepBytes, limit }, options = {}) =>
      inTransaction(database, options, async (trx) => {
        let tooMuch = (await sumOf(trx)) - keepBytes;
        if (tooMuch <= 0) return [];
        const oldest = await trx
          .selectFrom('derived')
          .select(['derived_id', 'bytes'])
          .where('on_request', '=', 1)
          .orderBy('created_at')
          .orderBy('derived_id')
          .limit(limit)
          .execute();
        const dropped: string[] = [];
        for (const { derived_id, bytes } of oldest) {
          if (tooMuch <= 0) break;
          tooMuch -= Math.max(bytes, leastDerivedBytes);
          dropped.push(derived_id);
        }
        const rows = await trx
          .deleteFrom('derived')
          .where('derived_id', 'in', dropped)
          .returning('blob_key')
          .execute();
        return rows.map((row) => row.blob_key);
      }),
  };
}

async function sumOf(db: Kysely<Schema>): Promise<number> {
  const counted = sql<number>`case when bytes < ${leastDerivedBytes} then ${leastDerivedBytes} else bytes end`;
  const row = await db
    .selectFrom('derived')
    .select(sql<number>`coalesce(sum(${counted}), 0)`.as('bytes'))
    .where('on_request', '=', 1)
    .executeTakeFirstOrThrow();
  return Number(row.bytes);
}
