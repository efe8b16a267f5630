import { ApiError, type SourceFacts } from '@counterseal/protocol';
import type { Asset } from '../ports/asset-store.js';

/** Formats the renderer decodes (transformations reference, section 3, "Formats with the prebuilt sharp"). */
const decodableFormats: ReadonlySet<string> = new Set([
  'jpg',
  'png',
  'webp',
  'gif',
  'svg',
  'tiff',
  'tif',
  'avif',
]);

/** @throws ApiError `unsupported-input` for formats that are stored and probed only (HEIC, BMP, ICO, PDF) */
export function requireDecodable(format: string): void {
  if (!decodableFormats.has(format)) throw new ApiError('unsupported-input', { format });
}

/**
 * What planning must know of a stored image.
 * @throws ApiError `unsupported-input`, `invalid-image`
 */
export function sourceFactsOf(
  asset: Pick<Asset, 'format' | 'media' | 'faceCoordinates' | 'customCoordinates'>,
): SourceFacts {
  const { format, media } = asset;
  requireDecodable(format ?? 'unknown');
  if (format === null || media === null) throw new ApiError('invalid-image');
  const { width, height, orientation, hasAlpha, pages } = media;
  return {
    format,
    width,
    height,
    orientation,
    hasAlpha,
    pages,
    faces: asset.faceCoordinates,
    custom: asset.customCoordinates,
  };
}
