import type { AppParts } from '../app.js';
import type { Config } from '../config/table.js';
import { listResourceTypes, ping, showConfig } from '../handlers/admin/account.js';
import { deleteResources } from '../handlers/admin/delete-resources.js';
import { listResources } from '../handlers/admin/list-resources.js';
import {
  createPreset,
  deletePreset,
  listPresets,
  showPreset,
  updatePreset,
} from '../handlers/admin/presets.js';
import { showResource, showResourceByAssetId } from '../handlers/admin/show-resource.js';
import {
  createTransformation,
  deleteTransformation,
  listTransformations,
  showTransformation,
  updateTransformation,
} from '../handlers/admin/transformations.js';
import type { UrlMaker } from '../handlers/asset-urls.js';
import { deleteByToken } from '../handlers/upload/delete-by-token.js';
import { destroy, destroyByAssetId } from '../handlers/upload/destroy.js';
import type { Adapters } from './adapters.js';
import type { Services } from './services.js';

/** A handler for each operation that carries no file and answers JSON. */
export function composeOperations(
  { clock, accounts, assets, blobs }: Adapters,
  { analyseStored, assetChanged, destroyAsset, dropDerived }: Services,
  { folderMode, urls }: Pick<Config, 'folderMode'> & { readonly urls: UrlMaker },
): AppParts['handlers'] {
  const resources = { assets, blobs, urls, analyseStored, folderMode, destroyAsset, assetChanged, clock };
  const account = { accounts, assets, clock, dropDerived, folderMode };
  return {
    destroy: destroy(resources),
    'asset-destroy': destroyByAssetId(resources),
    'delete-by-token': deleteByToken(resources),
    ping,
    config: showConfig(account),
    'list-resource-types': listResourceTypes,
    'list-resources': listResources(resources),
    'list-resources-by-tag': listResources(resources),
    'show-resource': showResource(resources),
    'show-resource-by-asset-id': showResourceByAssetId(resources),
    'delete-resources': deleteResources(resources),
    'list-transformations': listTransformations(account),
    'show-transformation': showTransformation(account),
    'create-transformation': createTransformation(account),
    'update-transformation': updateTransformation(account),
    'delete-transformation': deleteTransformation(account),
    'list-presets': listPresets(account),
    'show-preset': showPreset(account),
    'create-preset': createPreset(account),
    'update-preset': updatePreset(account),
    'delete-preset': deletePreset(account),
  };
}
