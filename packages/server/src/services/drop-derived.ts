import type { AssetStore } from '../ports/asset-store.js';
import type { BlobStore } from '../ports/blob-store.js';

/** Forgets every derivative made by one transformation text (canonical, expanded) in a cloud. */
export type DropDerived = (cloud: string, transformation: string) => Promise<void>;

export function createDropDerived(deps: {
  assets: AssetStore;
  blobs: BlobStore;
  cloudChanged: (cloud: string) => void;
}): DropDerived {
  return async (cloud, transformation) => {
    const keys = await deps.assets.deleteDerived({ cloud, transformation });
    deps.cloudChanged(cloud);
    for (const key of keys) await deps.blobs.delete(key);
  };
}
