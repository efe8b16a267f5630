import { ApiError, canonicalFormat, parseEager, parseTransformation } from '@counterseal/protocol';
import type { Parameters } from '../../http/parameters.js';
import type { DeliveryType, ResourceType } from '../../ports/asset-store.js';
import type { UploadCommand } from '../../services/upload-command.js';
import {
  readBoolean,
  readChoice,
  readContext,
  readList,
  readRectangles,
  readTags,
  readText,
} from '../read-parameters.js';

const deliveryTypes: readonly DeliveryType[] = ['upload', 'private', 'authenticated'];
const maxFolderCharacters = 255;

/**
 * Merged parameters -> typed command. Presets are checked with the same reader when they are saved.
 * @throws ApiError that names the parameter
 */
export function readUploadCommand(
  parameters: Parameters,
  context: Pick<UploadCommand, 'cloud' | 'apiKey' | 'signatureUse'> & { resourceType: ResourceType | 'auto' },
): UploadCommand {
  const text = (name: string) => readText(parameters, name);
  const flag = (name: string, fallback = false) => readBoolean(parameters, name, fallback);
  const transformation = text('transformation');
  const eager = parameters.get('eager');
  return {
    ...context,
    type: readChoice(parameters, 'type', deliveryTypes, 'upload'),
    naming: {
      publicId: text('public_id'),
      publicIdPrefix: text('public_id_prefix'),
      folder: readFolder(parameters, 'folder'),
      assetFolder: readFolder(parameters, 'asset_folder'),
      useAssetFolderAsPublicIdPrefix: flag('use_asset_folder_as_public_id_prefix'),
      displayName: text('display_name'),
      useFilename: flag('use_filename'),
      uniqueFilename: flag('unique_filename', true),
      useFilenameAsDisplayName: flag('use_filename_as_display_name'),
      filenameOverride: text('filename_override'),
      discardOriginalFilename: flag('discard_original_filename'),
    },
    overwrite: flag('overwrite', true),
    tags: readTags(parameters),
    context: readContext(parameters),
    faceCoordinates: readRectangles(parameters, 'face_coordinates'),
    customCoordinates: readRectangles(parameters, 'custom_coordinates'),
    allowedFormats: readList(parameters, 'allowed_formats').map(
      (name) => canonicalFormat(name) ?? name.toLowerCase(),
    ),
    format: readFormat(parameters),
    transformation: transformation === null ? null : parseTransformation(transformation),
    eager: eager === undefined ? [] : parseEager(typeof eager === 'string' ? eager : eager.join('|')),
    eagerAsync: flag('eager_async'),
    returnDeleteToken: flag('return_delete_token'),
    analyse: {
      colors: flag('colors'),
      phash: flag('phash'),
      metadata: flag('image_metadata') || flag('media_metadata') || flag('exif'),
    },
  };
}

function readFormat(parameters: Parameters): string | null {
  const text = readText(parameters, 'format');
  if (text === null) return null;
  const format = canonicalFormat(text);
  if (format === null) throw new ApiError('invalid-extension', { value: text.slice(0, 50) });
  return format;
}

function readFolder(parameters: Parameters, name: string): string | null {
  const folder = readText(parameters, name);
  if (folder !== null && folder.length > maxFolderCharacters) {
    throw new ApiError('invalid-value', { name, value: `${folder.slice(0, 50)}...` });
  }
  return folder;
}
