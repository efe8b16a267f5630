import type { Asset, AssetAddress, AssetStore, DeletedAsset } from '../ports/asset-store.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { Logger } from '../ports/logger.js';

export interface DestroyDeps {
  readonly assets: AssetStore;
  readonly blobs: BlobStore;
  readonly logger: Logger;
  readonly assetChanged: (asset: Asset) => void;
}

export type DestroyAsset = (address: AssetAddress) => Promise<DeletedAsset | null>;

/** Rows first, then bytes: what is gone is never delivered, and a crash in between leaves only orphans for the sweeper. */
export function createDestroyAsset({ assets, blobs, logger, assetChanged }: DestroyDeps): DestroyAsset {
  return async (address) => {
    const deleted = await assets.deleteAsset(address);
    if (deleted === null) return null;
    assetChanged(deleted.asset);
    for (const key of deleted.orphanedBlobs) {
      await blobs
        .delete(key)
        .catch((error: unknown) => logger.warn('blob left to the sweeper', { key, error }));
    }
    return deleted;
  };
}
