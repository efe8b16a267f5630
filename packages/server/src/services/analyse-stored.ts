import type { Asset } from '../ports/asset-store.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { Analysis, AnalysisResult, Renderer } from '../ports/renderer.js';
import { withLocalCopy } from './local-copy.js';

export type AnalyseStored = (
  asset: Asset,
  want: Readonly<Record<Analysis, boolean>>,
  options?: { signal?: AbortSignal },
) => Promise<AnalysisResult>;

/** Formats whose pixels cannot be read here have nothing to analyse. */
const opaque: ReadonlySet<string> = new Set(['heic', 'heif', 'bmp', 'ico', 'pdf']);

/** Colours, hash and metadata of a stored image, computed when asked for. */
export function createAnalyseStored(deps: { blobs: BlobStore; renderer: Renderer }): AnalyseStored {
  return async (asset, wanted, options = {}) => {
    const want = (['colors', 'phash', 'metadata'] as const).filter((name) => wanted[name]);
    const { format } = asset;
    if (want.length === 0 || asset.resourceType !== 'image' || format === null || opaque.has(format))
      return {};
    return withLocalCopy(asset.blobKey, deps.blobs, options, (inputPath) =>
      deps.renderer.analyse({ inputPath, inputFormat: format, want }, options),
    );
  };
}
