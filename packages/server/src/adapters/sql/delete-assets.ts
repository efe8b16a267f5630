import type { Transaction } from 'kysely';
import type { AssetAddress, AssetStore, DeletedAsset } from '../../ports/asset-store.js';
import { addressColumns, assetFromRow } from './asset-rows.js';
import type { Database } from './database.js';
import type { Schema } from './schema.js';
import { inTransaction } from './transaction.js';

/** Removing assets: by address, and by the token that an upload handed to its browser. */
export function deleteAssets(database: Database): Pick<AssetStore, 'deleteAsset' | 'takeDeleteToken'> {
  return {
    deleteAsset: (address, options = {}) =>
      inTransaction(database, options, (trx) => deleteAsset(trx, address)),

    takeDeleteToken: ({ cloud, tokenHash, nowMs }, options = {}) =>
      inTransaction(database, options, async (trx) => {
        const taken = await trx
          .deleteFrom('delete_token')
          .where('cloud', '=', cloud)
          .where('token_hash', '=', tokenHash)
          .returning(['asset_id', 'expires_at'])
          .executeTakeFirst();
        if (taken === undefined || taken.expires_at <= nowMs) return null;
        return addressOf(trx, cloud, taken.asset_id);
      }),
  };
}

/** Derived rows, tags and delete tokens go with the asset (`on delete cascade`). */
async function deleteAsset(trx: Transaction<Schema>, address: AssetAddress): Promise<DeletedAsset | null> {
  const row = await trx
    .selectFrom('asset')
    .selectAll()
    .where((eb) => eb.and(addressColumns(address)))
    .executeTakeFirst();
  if (row === undefined) return null;
  const derived = await trx
    .deleteFrom('derived')
    .where('cloud', '=', row.cloud)
    .where('asset_id', '=', row.asset_id)
    .returning('blob_key')
    .execute();
  await trx.deleteFrom('asset').where('cloud', '=', row.cloud).where('asset_id', '=', row.asset_id).execute();
  return {
    asset: assetFromRow(row),
    derivedCount: derived.length,
    orphanedBlobs: [row.blob_key, ...derived.map(({ blob_key }) => blob_key)],
  };
}

async function addressOf(
  trx: Transaction<Schema>,
  cloud: string,
  assetId: string,
): Promise<AssetAddress | null> {
  const row = await trx
    .selectFrom('asset')
    .select(['resource_type', 'type', 'public_id'])
    .where('cloud', '=', cloud)
    .where('asset_id', '=', assetId)
    .executeTakeFirst();
  return row === undefined
    ? null
    : { cloud, resourceType: row.resource_type, type: row.type, publicId: row.public_id };
}
