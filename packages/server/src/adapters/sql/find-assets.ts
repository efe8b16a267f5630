import { sql } from 'kysely';
import type { AssetAddress, AssetStore } from '../../ports/asset-store.js';
import { assetFromRow } from './asset-rows.js';
import { compileOnce, type ValueOf } from './compile-once.js';
import type { Database } from './database.js';
import { listAssets } from './list-assets.js';

type FindAssets = Pick<AssetStore, 'findAsset' | 'findAssetById' | 'listAssets' | 'counts'>;

/** The calls that look for assets and change nothing. `findAsset` stands in the way of every delivery. */
export function findAssets({ reads }: Pick<Database, 'reads'>): FindAssets {
  const atAddress = compileOnce(reads, (value: ValueOf<AssetAddress>) =>
    reads
      .selectFrom('asset')
      .selectAll()
      .where('cloud', '=', value('cloud'))
      .where('resource_type', '=', value('resourceType'))
      .where('type', '=', value('type'))
      .where('public_id', '=', value('publicId')),
  );

  return {
    findAsset: async (address, options) => {
      const row = await atAddress(address, options);
      return row === undefined ? null : assetFromRow(row);
    },

    findAssetById: async (cloud, assetId, { signal } = {}) => {
      signal?.throwIfAborted();
      const row = await reads
        .selectFrom('asset')
        .selectAll()
        .where('cloud', '=', cloud)
        .where('asset_id', '=', assetId)
        .executeTakeFirst();
      return row === undefined ? null : assetFromRow(row);
    },

    listAssets: async (query, { signal } = {}) => {
      signal?.throwIfAborted();
      return listAssets(reads, query);
    },

    // `bytes` is what the cloud takes on the disk: originals and derived files.
    counts: async (cloud, { signal } = {}) => {
      signal?.throwIfAborted();
      const size = [
        sql<number>`count(*)`.as('rows'),
        sql<number>`coalesce(sum(bytes), 0)`.as('bytes'),
      ] as const;
      const assets = await reads
        .selectFrom('asset')
        .select(size)
        .where('cloud', '=', cloud)
        .executeTakeFirstOrThrow();
      const derived = await reads
        .selectFrom('derived')
        .select(size)
        .where('cloud', '=', cloud)
        .executeTakeFirstOrThrow();
      return {
        assets: Number(assets.rows),
        derived: Number(derived.rows),
        bytes: Number(assets.bytes) + Number(derived.bytes),
      };
    },
  };
}
