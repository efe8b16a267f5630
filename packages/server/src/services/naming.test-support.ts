import type { NamingRequest } from './name-asset.js';

/** A request that asks for nothing. */
export const nothing: NamingRequest = {
  publicId: null,
  publicIdPrefix: null,
  folder: null,
  assetFolder: null,
  useAssetFolderAsPublicIdPrefix: false,
  displayName: null,
  useFilename: false,
  uniqueFilename: true,
  useFilenameAsDisplayName: false,
  filenameOverride: null,
  discardOriginalFilename: false,
};
