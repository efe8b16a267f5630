import type { AssetStore } from '../../ports/asset-store.js';
import { blobReferences } from './blob-references.js';
import type { Database } from './database.js';
import { deleteAssets } from './delete-assets.js';
import { derivedBound } from './derived-bound.js';
import { derivedRows } from './derived-rows.js';
import { findAssets } from './find-assets.js';
import { putAsset } from './put-asset.js';
import { inTransaction } from './transaction.js';

/** The AssetStore on an open database. */
export function openAssetStore(database: Database): AssetStore {
  return {
    putAsset: (command, options = {}) => inTransaction(database, options, (trx) => putAsset(trx, command)),
    ...findAssets(database),
    ...deleteAssets(database),
    ...derivedRows(database),
    ...derivedBound(database),
    ...blobReferences(database),
  };
}
