import type { Asset } from '../ports/asset-store.js';
import { nameAsset, type UploadedName } from './name-asset.js';
import type { UploadCommand } from './upload-command.js';

/**
 * What a job is about, as {@link NewJob.subject}: the public id. The resource type is left out: that of `auto` is known only once the bytes
 * were looked at, and to let a picture wait for a raw file of the same name costs next to nothing.
 */
export function assetSubject({ cloud, type, publicId }: Pick<Asset, 'cloud' | 'type' | 'publicId'>): string {
  return `${cloud}/${type}/${publicId}`;
}

/**
 * The subject of an upload that waits; null when its id will have random characters, so that no other upload can mean it.
 * @throws ApiError what {@link nameAsset} throws: the upload could never be stored
 */
export function uploadSubject(
  command: UploadCommand,
  uploaded: UploadedName | null,
  folderMode: 'fixed' | 'dynamic',
): string | null {
  const { naming, resourceType } = command;
  const facts = {
    resourceType: resourceType === 'auto' ? 'image' : resourceType,
    uploaded,
    folderMode,
  } as const;
  const { publicId, random } = nameAsset(naming, facts);
  const isSuffixed = naming.publicId === null && naming.uniqueFilename;
  return random || isSuffixed ? null : assetSubject({ ...command, publicId });
}
