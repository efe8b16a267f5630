import { ApiError, normalisePublicId, publicIdFromFilename } from '@counterseal/protocol';
import type { ResourceType } from '../ports/asset-store.js';
import { randomId } from './random-id.js';

/** Length of a random public id and of the suffix that makes a file name unique (upload-api reference, section 3.3). */
const randomIdCharacters = 20;
const uniqueSuffixCharacters = 6;

/** `original_filename` of a file that came without a name (upload-api reference, section 4.1). */
const namelessFile = 'file';

export interface NamingRequest {
  readonly publicId: string | null;
  readonly publicIdPrefix: string | null;
  readonly folder: string | null;
  readonly assetFolder: string | null;
  readonly useAssetFolderAsPublicIdPrefix: boolean;
  readonly displayName: string | null;
  readonly useFilename: boolean;
  readonly uniqueFilename: boolean;
  readonly useFilenameAsDisplayName: boolean;
  readonly filenameOverride: string | null;
  readonly discardOriginalFilename: boolean;
}

export interface UploadedName {
  /** Without extension. */
  readonly stem: string;
  /** Lower case, without dot; null when the name had none. */
  readonly extension: string | null;
}

export interface AssetName {
  readonly publicId: string;
  readonly displayName: string;
  readonly assetFolder: string;
  readonly originalFilename: string | null;
  /** The id was made of random characters, so that nothing can stand there already. */
  readonly random: boolean;
}

/**
 * Decides public id, display name and folder of a new asset (upload-api reference, section 3.3, "Naming and placement").
 * @throws ApiError `invalid-public-id`, `display-name-slashes`, `invalid-value`
 */
export function nameAsset(
  request: NamingRequest,
  facts: { resourceType: ResourceType; uploaded: UploadedName | null; folderMode: 'fixed' | 'dynamic' },
): AssetName {
  const uploaded =
    request.filenameOverride === null ? facts.uploaded : splitFilename(request.filenameOverride);
  const own = ownId(request, facts.resourceType, uploaded);
  const publicId = normalisePublicId(prefixes(request, own.id).join('/'));
  if (publicId === null)
    throw new ApiError('invalid-public-id', { publicId: shorten(prefixes(request, own.id).join('/')) });
  const assetFolder = placeFolder(request, publicId, facts.folderMode);
  return {
    publicId,
    assetFolder,
    displayName: displayName(request, publicId, uploaded),
    originalFilename: request.discardOriginalFilename ? null : (uploaded?.stem ?? namelessFile),
    random: own.random,
  };
}

/** Base name and extension of a client's file name, whole paths and both separators included. Null when nothing is left. */
export function splitFilename(filename: string): UploadedName | null {
  const base = (filename.split(/[\\/]/).at(-1) ?? '').trim().normalize('NFC');
  if (base === '') return null;
  const dot = base.lastIndexOf('.');
  if (dot <= 0 || dot === base.length - 1) return { stem: base, extension: null };
  return { stem: base.slice(0, dot), extension: base.slice(dot + 1).toLowerCase() };
}

function ownId(
  request: NamingRequest,
  resourceType: ResourceType,
  uploaded: UploadedName | null,
): { id: string; random: boolean } {
  if (request.publicId !== null) return { id: request.publicId, random: false };
  const extension =
    resourceType === 'raw' && uploaded?.extension !== null && uploaded !== null
      ? `.${publicIdFromFilename(uploaded.extension)}`
      : '';
  if (!request.useFilename || uploaded === null) {
    return { id: randomId(randomIdCharacters) + extension, random: true };
  }
  const stem = publicIdFromFilename(uploaded.stem);
  return request.uniqueFilename
    ? { id: `${stem}_${randomId(uniqueSuffixCharacters)}${extension}`, random: false }
    : { id: stem + extension, random: false };
}

function prefixes(request: NamingRequest, id: string): string[] {
  const folder = trimSlashes(request.folder);
  const prefix = trimSlashes(request.publicIdPrefix);
  const fromAssetFolder =
    request.useAssetFolderAsPublicIdPrefix && folder === '' && prefix === ''
      ? trimSlashes(request.assetFolder)
      : '';
  return [folder, prefix, fromAssetFolder, id].filter((part) => part !== '');
}

/** Fixed mode: the folder is the path of the public id unless an asset folder is named; dynamic: `asset_folder`, or old clients' `folder`. */
function placeFolder(request: NamingRequest, publicId: string, folderMode: 'fixed' | 'dynamic'): string {
  const given = request.assetFolder ?? (folderMode === 'dynamic' ? (request.folder ?? '') : null);
  if (given === null) return publicId.includes('/') ? publicId.slice(0, publicId.lastIndexOf('/')) : '';
  const folder = trimSlashes(given);
  if (folder !== '' && normalisePublicId(folder) === null) {
    throw new ApiError('invalid-value', { name: 'asset_folder', value: shorten(folder) });
  }
  return folder.normalize('NFC');
}

function displayName(request: NamingRequest, publicId: string, uploaded: UploadedName | null): string {
  const fromFile = request.useFilenameAsDisplayName ? (uploaded?.stem ?? null) : null;
  const name = request.displayName ?? fromFile ?? publicId.slice(publicId.lastIndexOf('/') + 1);
  if (name.includes('/')) throw new ApiError('display-name-slashes');
  if (name.length > 255) throw new ApiError('invalid-value', { name: 'display_name', value: shorten(name) });
  return name.normalize('NFC');
}

function trimSlashes(text: string | null): string {
  return (text ?? '').replace(/^\/+|\/+$/g, '');
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}
