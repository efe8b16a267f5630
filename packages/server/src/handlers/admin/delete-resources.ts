import { ApiError } from '@counterseal/protocol';
import type { Call, Handler } from '../../http/call.js';
import type { Asset, AssetStore } from '../../ports/asset-store.js';
import type { BlobStore } from '../../ports/blob-store.js';
import type { DestroyAsset } from '../../services/destroy-asset.js';
import { readBoolean, readIds, readText } from '../read-parameters.js';
import { readDeliveryType, readResourceType } from '../resource-type.js';
import { printCursor, readAssetCursor } from './cursor.js';

/** Originals deleted per call by prefix or all; ids per call (upload-api reference, sections 7.1 and 9). */
const maxDeletedPerCall = 1000;
const maxPublicIds = 100;

interface DeleteDeps {
  readonly assets: AssetStore;
  readonly blobs: BlobStore;
  readonly destroyAsset: DestroyAsset;
  readonly assetChanged: (asset: Asset) => void;
}

interface Target {
  readonly publicId: string;
  readonly asset: Asset | null;
}

/** `DELETE /resources/:resource_type/:type` by exactly one of `public_ids`, `prefix`, `all`. */
export function deleteResources(deps: DeleteDeps): Handler {
  return async (call) => {
    const keepOriginal = readBoolean(call.parameters, 'keep_original');
    const { targets, next } = await selectTargets(call, deps.assets);
    const deleted: Record<string, string> = Object.create(null);
    const counts: Record<string, { original: number; derived: number }> = Object.create(null);
    for (const { publicId, asset } of targets) {
      const count = asset === null ? null : await deleteOne(asset, keepOriginal, deps);
      deleted[publicId] = count === null ? 'not_found' : 'deleted';
      counts[publicId] = count ?? { original: 0, derived: 0 };
    }
    return {
      body: {
        deleted,
        deleted_counts: counts,
        partial: next !== null,
        ...(next === null ? {} : { next_cursor: next }),
      },
    };
  };
}

async function selectTargets(
  { cloud, path, parameters }: Call,
  assets: AssetStore,
): Promise<{ targets: Target[]; next: string | null }> {
  const where = {
    cloud,
    resourceType: readResourceType(path.resource_type),
    type: readDeliveryType(path.type),
  };
  const publicIds = readIds(parameters, 'public_ids');
  const prefix = readText(parameters, 'prefix');
  const all = readBoolean(parameters, 'all');
  if ([publicIds.length > 0, prefix !== null, all].filter(Boolean).length !== 1) {
    throw new ApiError('missing-parameter', { name: 'public_ids, prefix or all' });
  }
  if (publicIds.length > maxPublicIds) {
    throw new ApiError('invalid-value', { name: 'public_ids', value: `${publicIds.length} ids` });
  }
  if (publicIds.length > 0) {
    const targets = publicIds.map(async (publicId) => ({
      publicId,
      asset: await assets.findAsset({ ...where, publicId }),
    }));
    return { targets: await Promise.all(targets), next: null };
  }
  const cursor = readText(parameters, 'next_cursor');
  const page = await assets.listAssets({
    ...where,
    ...(prefix === null ? {} : { prefix }),
    direction: 'desc',
    limit: maxDeletedPerCall,
    cursor: cursor === null ? null : readAssetCursor(cursor),
  });
  return {
    targets: page.assets.map((asset) => ({ publicId: asset.publicId, asset })),
    next: page.next === null ? null : printCursor(page.next),
  };
}

async function deleteOne(
  asset: Asset,
  keepOriginal: boolean,
  { assets, blobs, destroyAsset, assetChanged }: DeleteDeps,
): Promise<{ original: number; derived: number } | null> {
  if (!keepOriginal) {
    const gone = await destroyAsset(asset);
    return gone === null ? null : { original: 1, derived: gone.derivedCount };
  }
  const keys = await assets.deleteDerived({ cloud: asset.cloud, assetId: asset.assetId });
  assetChanged(asset);
  await Promise.all(keys.map((key) => blobs.delete(key)));
  return { original: 0, derived: keys.length };
}
