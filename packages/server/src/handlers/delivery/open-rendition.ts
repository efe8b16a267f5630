import type { IncomingHttpHeaders } from 'node:http';
import { toApiError } from '../../http/to-api-error.js';
import type { BlobStore } from '../../ports/blob-store.js';
import type { RenderOptions } from '../../ports/renderer.js';
import { openBlobContent } from '../../services/content.js';
import type { Derive } from '../../services/derive.js';
import { createAnswer, type DeliveryAnswer } from './answer.js';
import { attachmentName, extensionOf } from './attachment-name.js';
import { readClientHints } from './client-hints.js';
import { mediaContentType, rawContentType } from './content-types.js';
import type { ResolvedDelivery } from './resolve-delivery.js';

export interface OpenRenditionDeps {
  readonly blobs: BlobStore;
  readonly derive: Pick<Derive, 'derive' | 'sanitized'>;
}

/**
 * Makes the whole answer of a resolved URL; the caller owns one hold of it.
 * @throws ApiError; any other error when the stored bytes are gone
 */
export async function openRendition(
  delivery: ResolvedDelivery,
  headers: IncomingHttpHeaders,
  options: RenderOptions,
  deps: OpenRenditionDeps,
): Promise<DeliveryAnswer> {
  const { asset, attachment, vary, isPublic } = delivery;
  const file = await openFile(delivery, headers, options, deps).catch((error: unknown) => {
    throw toApiError(error, { format: asset.format ?? 'raw' });
  });
  const extension = extensionOf(asset.publicId.slice(asset.publicId.lastIndexOf('/') + 1));
  const { type, inline } =
    asset.resourceType === 'raw' ? rawContentType(extension) : mediaContentType(file.format);
  const filename = attachmentName(asset, {
    requested: attachment?.filename ?? null,
    deliveredFormat: file.format,
  });
  return createAnswer(
    {
      contentType: type,
      disposition: { attachment: attachment !== null || !inline, filename },
      etag: file.etag,
      modifiedAtMs: file.modifiedAtMs,
      isPublic,
      vary,
      isSvg: file.format === 'svg',
    },
    file.content,
  );
}

async function openFile(
  { asset, rendition }: ResolvedDelivery,
  headers: IncomingHttpHeaders,
  options: RenderOptions,
  { blobs, derive }: OpenRenditionDeps,
) {
  switch (rendition.kind) {
    case 'original': {
      const content = await openBlobContent(blobs, { key: asset.blobKey, bytes: asset.bytes });
      if (content === null) throw new Error(`the blob of asset ${asset.assetId} is missing`);
      return { format: asset.format, etag: asset.etag, modifiedAtMs: asset.version * 1000, content };
    }
    case 'sanitized': {
      const file = await derive.sanitized(asset, options);
      return { ...file, modifiedAtMs: file.createdAtMs };
    }
    case 'derived': {
      const { kind: _, ...wanted } = rendition;
      const file = await derive.derive({ asset, ...wanted, hints: readClientHints(headers), ...options });
      return { ...file, modifiedAtMs: file.createdAtMs };
    }
    default:
      return rendition satisfies never;
  }
}
