import type { BlobStore } from '../ports/blob-store.js';

/**
 * Runs `use` on a local path of a final blob: its own where the store has local files, else a copy in staging that is removed
 * afterwards.
 */
export async function withLocalCopy<Result>(
  key: string,
  blobs: BlobStore,
  options: { signal?: AbortSignal },
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  if (blobs.localPath !== undefined) return use(blobs.localPath(key));
  const stream = await blobs.read(key, options);
  if (stream === null) throw new Error(`blob ${key} is missing`);
  const staged = await blobs.stage(stream, { ...options, maxBytes: Number.MAX_SAFE_INTEGER });
  try {
    return await use(staged.path);
  } finally {
    await blobs.discard(staged);
  }
}
