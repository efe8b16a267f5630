import type { AssetStore, Derived, NewDerived } from '../ports/asset-store.js';
import { type BlobStore, type StagedBlob, StorageFullError } from '../ports/blob-store.js';
import type { Logger } from '../ports/logger.js';
import type { BoundDerived } from './bound-derived.js';
import { randomHexId } from './random-id.js';

/** What is known of a derivative before it is stored. */
export type DerivedFacts = Omit<NewDerived, 'derivedId' | 'bytes' | 'etag' | 'blobKey'> & {
  readonly cloud: string;
};

/**
 * Stores a rendered derivative, in place of a row whose file is gone. Answers null, or why it could not be stored: nothing is left of
 * it then. One made on request is not stored when less space is free than must stay. Never rejects.
 */
export type StoreDerived = (
  staged: StagedBlob,
  row: DerivedFacts,
  replaces: Derived | null,
) => Promise<Error | null>;

export function createStoreDerived(deps: {
  assets: Pick<AssetStore, 'addDerived'>;
  blobs: BlobStore;
  boundDerived: Pick<BoundDerived, 'stored'>;
  logger: Logger;
}): StoreDerived {
  const { assets, blobs, boundDerived, logger } = deps;

  return async (staged, { cloud, ...facts }, replaces) => {
    const { bytes, md5: etag } = staged;
    const blobKey = blobs.newKey('derived');
    try {
      if (facts.onRequest && !(await blobs.hasRoom())) {
        await blobs.discard(staged);
        return new StorageFullError('no room for what can be made again');
      }
      await blobs.promote(staged, blobKey);
      const derived = { ...facts, derivedId: randomHexId(), bytes, etag, blobKey };
      const added = await assets.addDerived(cloud, derived, { replaces });
      if (!added) await blobs.delete(blobKey);
      else if (facts.onRequest) await boundDerived.stored(bytes);
      return null;
    } catch (error) {
      logger.error('derived file could not be stored', { error, assetId: facts.assetId });
      await blobs.discard(staged).catch(() => {});
      return error instanceof Error ? error : new Error(String(error));
    }
  };
}
