import type { Asset } from '../../ports/asset-store.js';

/**
 * File name of a download: the name asked for, else the uploaded name, else the last part of the public id; with the extension of
 * what is delivered. Raw files keep the extension of their id (transformations reference, sections 1.11 and 1.15).
 */
export function attachmentName(
  asset: Pick<Asset, 'resourceType' | 'publicId' | 'originalFilename'>,
  options: { requested: string | null; deliveredFormat: string | null },
): string {
  const { requested, deliveredFormat } = options;
  const last = asset.publicId.slice(asset.publicId.lastIndexOf('/') + 1);
  const isRaw = asset.resourceType === 'raw';
  const extension = isRaw ? extensionOf(last) : deliveredFormat;
  const ownName = isRaw && extension !== null ? last.slice(0, -extension.length - 1) : last;
  const name = requested ?? asset.originalFilename ?? ownName;
  return extension === null ? name : `${name}.${extension}`;
}

/** Text after the last dot of a raw id's last part; null when there is none. */
export function extensionOf(name: string): string | null {
  const dot = name.lastIndexOf('.');
  return dot <= 0 || dot === name.length - 1 ? null : name.slice(dot + 1);
}
