import { normalisePublicId } from '@counterseal/protocol';
import { type NamingRequest, nameAsset, splitFilename, type UploadedName } from './name-asset.js';
import type { UploadCommand } from './upload-command.js';

type FolderMode = 'fixed' | 'dynamic';

/**
 * The public id of an upload whose first chunk came: clients sign the following chunks with it (observed behaviours, section 2).
 * Null when it cannot be known yet: without a given id, raw files get their extension in it, and what `auto` is only the whole
 * file tells.
 */
export function decidePublicId(
  { naming, resourceType }: Pick<UploadCommand, 'naming' | 'resourceType'>,
  uploaded: UploadedName | null,
  folderMode: FolderMode,
): string | null {
  const filename = naming.filenameOverride === null ? uploaded : splitFilename(naming.filenameOverride);
  const hasExtension = filename !== null && filename.extension !== null;
  if (resourceType === 'auto' && naming.publicId === null && hasExtension) return null;
  const facts = {
    resourceType: resourceType === 'auto' ? 'image' : resourceType,
    uploaded,
    folderMode,
  } as const;
  return nameAsset(naming, facts).publicId;
}

/** Whether the names of a later chunk lead to the id that was decided: none, the decided one, or what it was decided from. */
export function leadsTo(decided: string | null, naming: NamingRequest, folderMode: FolderMode): boolean {
  if (decided === null || naming.publicId === null) return true;
  if (normalisePublicId(naming.publicId) === decided) return true;
  return nameAsset(naming, { resourceType: 'image', uploaded: null, folderMode }).publicId === decided;
}

/** The same request with exactly this public id. What placed the asset in a folder beside the id stays. */
export function withPublicId(
  naming: NamingRequest,
  publicId: string | null,
  folderMode: FolderMode,
): NamingRequest {
  if (publicId === null) return naming;
  return {
    ...naming,
    publicId,
    publicIdPrefix: null,
    folder: null,
    assetFolder: naming.assetFolder ?? (folderMode === 'dynamic' ? naming.folder : null),
    useAssetFolderAsPublicIdPrefix: false,
  };
}
