import { signResponse } from '@counterseal/protocol';
import type { Answer } from '../http/call.js';
import type { Asset, Derived } from '../ports/asset-store.js';
import type { ResponseSigner } from '../services/signers.js';
import type { UrlMaker } from './asset-urls.js';

/**
 * The fields that every answer about an asset has in common (upload-api reference, section 4.1). `list` leaves out what lists do not
 * show.
 */
export async function assetAnswer(
  asset: Asset,
  urls: UrlMaker,
  folderMode: 'fixed' | 'dynamic',
): Promise<Answer> {
  const url = await urls.urlOf(asset);
  return {
    asset_id: asset.assetId,
    public_id: asset.publicId,
    ...(asset.format === null ? {} : { format: asset.format }),
    version: asset.version,
    resource_type: asset.resourceType,
    type: asset.type,
    created_at: wireTime(asset.createdAtMs),
    bytes: asset.bytes,
    ...(hasSize(asset) ? { width: asset.media.width, height: asset.media.height } : {}),
    ...(folderMode === 'fixed' ? { folder: folderOf(asset.publicId) } : {}),
    asset_folder: asset.assetFolder,
    display_name: asset.displayName,
    url,
    secure_url: url,
  };
}

/** Fields of an upload answer beyond {@link assetAnswer} (upload-api reference, sections 4.1 to 4.4). */
export function uploadFields(asset: Asset, signer: ResponseSigner | null): Answer {
  return {
    version_id: asset.versionId,
    ...(signer === null
      ? {}
      : {
          signature: signResponse(
            { publicId: asset.publicId, version: asset.version },
            signer.secret,
            signer.algorithm,
          ),
        }),
    tags: asset.tags,
    etag: asset.etag,
    placeholder: false,
    ...mediaFields(asset),
    ...(Object.keys(asset.context).length === 0 ? {} : { context: { custom: asset.context } }),
    ...(asset.originalFilename === null ? {} : { original_filename: asset.originalFilename }),
    ...coordinateFields(asset),
  };
}

/** Pages of images; codec, duration and rates of videos. */
export function mediaFields(asset: Asset): Answer {
  if (asset.resourceType === 'raw') return {};
  if (asset.resourceType === 'image') return { pages: asset.media?.pages ?? 1 };
  return { pages: 0, ...asset.media?.video };
}

/** `faces` and `coordinates` when some are stored. */
export function coordinateFields(asset: Asset): Answer {
  const faces = asset.faceCoordinates.map(({ left, top, width, height }) => [left, top, width, height]);
  const custom = asset.customCoordinates.map(({ left, top, width, height }) => [left, top, width, height]);
  if (faces.length === 0 && custom.length === 0) return {};
  return {
    ...(faces.length === 0 ? {} : { faces }),
    coordinates: { ...(faces.length === 0 ? {} : { faces }), ...(custom.length === 0 ? {} : { custom }) },
  };
}

/** One item of `derived[]` in resource details (upload-api reference, section 7.1). */
export async function derivedAnswer(asset: Asset, derived: Derived, urls: UrlMaker): Promise<Answer> {
  const url = await urls.urlOf(asset, { transformation: derived.transformation, format: derived.format });
  return {
    id: derived.derivedId,
    transformation: derived.transformation,
    format: derived.format,
    bytes: derived.bytes,
    url,
    secure_url: url,
  };
}

/** `2024-06-25T09:25:44Z`. */
export function wireTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function folderOf(publicId: string): string {
  return publicId.includes('/') ? publicId.slice(0, publicId.lastIndexOf('/')) : '';
}

function hasSize(asset: Asset): asset is Asset & { media: NonNullable<Asset['media']> } {
  return asset.resourceType !== 'raw' && asset.media !== null;
}
