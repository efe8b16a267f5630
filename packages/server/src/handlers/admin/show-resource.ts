import { ApiError } from '@counterseal/protocol';
import type { Answer, Call, Handler } from '../../http/call.js';
import type { Asset, AssetStore } from '../../ports/asset-store.js';
import type { AnalysisResult } from '../../ports/renderer.js';
import type { AnalyseStored } from '../../services/analyse-stored.js';
import { assetAnswer, coordinateFields, derivedAnswer, mediaFields, wireTime } from '../asset-answer.js';
import type { UrlMaker } from '../asset-urls.js';
import { readBoolean } from '../read-parameters.js';
import { readDeliveryType, readResourceType } from '../resource-type.js';

interface ShowDeps {
  readonly assets: AssetStore;
  readonly urls: UrlMaker;
  readonly analyseStored: AnalyseStored;
  readonly folderMode: 'fixed' | 'dynamic';
}

/** `GET /resources/:resource_type/:type/:public_id`. */
export function showResource(deps: ShowDeps): Handler {
  return async (call) => {
    const address = {
      cloud: call.cloud,
      resourceType: readResourceType(call.path.resource_type),
      type: readDeliveryType(call.path.type),
      publicId: (call.path.public_id ?? '').normalize('NFC'),
    };
    const asset = await deps.assets.findAsset(address);
    if (asset === null) throw new ApiError('not-found', { publicId: address.publicId });
    return { body: await details(asset, call, deps) };
  };
}

/** `GET /resources/:asset_id`. */
export function showResourceByAssetId(deps: ShowDeps): Handler {
  return async (call) => {
    const assetId = call.path.asset_id ?? '';
    const asset = await deps.assets.findAssetById(call.cloud, assetId);
    if (asset === null) throw new ApiError('not-found', { publicId: assetId });
    return { body: await details(asset, call, deps) };
  };
}

/** Tags sorted, absent when there are none (observed behaviours, section 5); analysis only when asked for. */
async function details(asset: Asset, { cloud, parameters, signal }: Call, deps: ShowDeps): Promise<Answer> {
  const flag = (name: string) => readBoolean(parameters, name);
  const derived = await deps.assets.listDerived(cloud, asset.assetId);
  const analysis = await deps.analyseStored(
    asset,
    {
      colors: flag('colors'),
      phash: flag('phash'),
      metadata: flag('image_metadata') || flag('media_metadata') || flag('exif'),
    },
    { signal },
  );
  const { faces, coordinates } = coordinateFields(asset);
  return {
    ...(await assetAnswer(asset, deps.urls, deps.folderMode)),
    version_id: asset.versionId,
    etag: asset.etag,
    placeholder: false,
    ...mediaFields(asset),
    ...(asset.originalFilename === null ? {} : { original_filename: asset.originalFilename }),
    ...(asset.tags.length === 0 ? {} : { tags: [...asset.tags].sort() }),
    ...(Object.keys(asset.context).length === 0 ? {} : { context: { custom: asset.context } }),
    ...(flag('faces') ? { faces: faces ?? [] } : {}),
    ...(flag('coordinates') && coordinates !== undefined ? { coordinates } : {}),
    ...analysisFields(analysis),
    last_updated: { updated_at: wireTime(asset.updatedAtMs) },
    derived: await Promise.all(derived.map((row) => derivedAnswer(asset, row, deps.urls))),
  };
}

/** Fields that analysis adds to an answer (upload-api reference, section 4.2). */
export function analysisFields({ colors, phash, metadata }: AnalysisResult): Answer {
  return { ...colors, ...metadata, ...(phash === undefined ? {} : { phash }) };
}
