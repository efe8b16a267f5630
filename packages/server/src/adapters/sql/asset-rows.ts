import type { Selectable } from 'kysely';
import type { Asset, AssetAddress, Derived } from '../../ports/asset-store.js';
import { parseJson, parseRecord } from './json-text.js';
import type { AssetTable, DerivedTable } from './schema.js';

type AssetRow = Selectable<AssetTable>;
export type DerivedRow = Selectable<DerivedTable>;

/** The columns that say which asset, in the order of the unique index. */
export function addressColumns(address: AssetAddress) {
  return {
    cloud: address.cloud,
    resource_type: address.resourceType,
    type: address.type,
    public_id: address.publicId,
  } satisfies Partial<AssetRow>;
}

export function assetToRow(asset: Asset): AssetRow {
  return {
    asset_id: asset.assetId,
    ...addressColumns(asset),
    version_id: asset.versionId,
    version: asset.version,
    created_at: asset.createdAtMs,
    updated_at: asset.updatedAtMs,
    format: asset.format,
    bytes: asset.bytes,
    etag: asset.etag,
    blob_key: asset.blobKey,
    original_filename: asset.originalFilename,
    original_extension: asset.originalExtension,
    display_name: asset.displayName,
    asset_folder: asset.assetFolder,
    tags: JSON.stringify(asset.tags),
    context: JSON.stringify(asset.context),
    media: asset.media === null ? null : JSON.stringify(asset.media),
    face_coordinates: JSON.stringify(asset.faceCoordinates),
    custom_coordinates: JSON.stringify(asset.customCoordinates),
    extra: JSON.stringify(asset.extra),
  };
}

export function assetFromRow(row: AssetRow): Asset {
  return {
    cloud: row.cloud,
    resourceType: row.resource_type,
    type: row.type,
    publicId: row.public_id,
    assetId: row.asset_id,
    versionId: row.version_id,
    version: row.version,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    format: row.format,
    bytes: row.bytes,
    etag: row.etag,
    blobKey: row.blob_key,
    originalFilename: row.original_filename,
    originalExtension: row.original_extension,
    displayName: row.display_name,
    assetFolder: row.asset_folder,
    tags: parseJson(row.tags),
    context: parseRecord(row.context),
    media: row.media === null ? null : parseJson(row.media),
    faceCoordinates: parseJson(row.face_coordinates),
    customCoordinates: parseJson(row.custom_coordinates),
    extra: parseRecord(row.extra),
  };
}

/** Every column, or the compiler says which one is missing. */
const isDerivedColumn: Record<keyof DerivedRow, true> = {
  derived_id: true,
  cloud: true,
  asset_id: true,
  version_id: true,
  transformation: true,
  format: true,
  width: true,
  height: true,
  bytes: true,
  etag: true,
  blob_key: true,
  created_at: true,
  on_request: true,
};
export const derivedColumns = Object.keys(isDerivedColumn) as readonly (keyof DerivedRow)[];

export function derivedToRow(cloud: string, derived: Derived): DerivedRow {
  return {
    derived_id: derived.derivedId,
    cloud,
    asset_id: derived.assetId,
    version_id: derived.versionId,
    transformation: derived.transformation,
    format: derived.format,
    width: derived.width,
    height: derived.height,
    bytes: derived.bytes,
    etag: derived.etag,
    blob_key: derived.blobKey,
    created_at: derived.createdAtMs,
    on_request: derived.onRequest ? 1 : 0,
  };
}

export function derivedFromRow(row: DerivedRow): Derived {
  return {
    derivedId: row.derived_id,
    assetId: row.asset_id,
    versionId: row.version_id,
    transformation: row.transformation,
    format: row.format,
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    etag: row.etag,
    blobKey: row.blob_key,
    createdAtMs: row.created_at,
    onRequest: row.on_request === 1,
  };
}
