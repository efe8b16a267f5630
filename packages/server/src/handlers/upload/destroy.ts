import { ApiError } from '@counterseal/protocol';
import type { Handler } from '../../http/call.js';
import type { AssetStore } from '../../ports/asset-store.js';
import type { DestroyAsset } from '../../services/destroy-asset.js';
import { readText } from '../read-parameters.js';
import { readDeliveryType, readResourceType } from '../resource-type.js';

/** `POST /:resource_type/destroy`: an unknown id is 200 `not found` (upload-api reference, section 6). */
export function destroy(deps: { assets: AssetStore; destroyAsset: DestroyAsset }): Handler {
  return async ({ cloud, path, parameters }) => {
    const assetId = readText(parameters, 'asset_id');
    if (assetId !== null) return destroyById(cloud, assetId, deps);
    const publicId = readText(parameters, 'public_id');
    if (publicId === null) throw new ApiError('missing-parameter', { name: 'public_id' });
    const deleted = await deps.destroyAsset({
      cloud,
      resourceType: readResourceType(path.resource_type),
      type: readDeliveryType(readText(parameters, 'type') ?? 'upload'),
      publicId,
    });
    return { body: { result: deleted === null ? 'not found' : 'ok' } };
  };
}

/** `POST /asset/destroy`. */
export function destroyByAssetId(deps: { assets: AssetStore; destroyAsset: DestroyAsset }): Handler {
  return async ({ cloud, parameters }) => {
    const assetId = readText(parameters, 'asset_id');
    if (assetId === null) throw new ApiError('missing-parameter', { name: 'asset_id' });
    return destroyById(cloud, assetId, deps);
  };
}

async function destroyById(
  cloud: string,
  assetId: string,
  { assets, destroyAsset }: { assets: AssetStore; destroyAsset: DestroyAsset },
) {
  const asset = await assets.findAssetById(cloud, assetId);
  const deleted = asset === null ? null : await destroyAsset(asset);
  return { body: { result: deleted === null ? 'not found' : 'ok' } };
}
