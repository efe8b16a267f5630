import { type AssetStore, leastDerivedBytes } from '../ports/asset-store.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { Logger } from '../ports/logger.js';

/** When the bound is passed, so much of it stays: the next derivatives need no look. */
const keptShare = 0.9;
/** Rows in one transaction. */
const batchRows = 200;
/** How much may be stored between two looks at the sum: a share of the bound, and never more than this. */
const lookShare = 1 / 16;
const maxLookBytes = 64 * 1024 * 1024;

export interface BoundDerived {
  /** So many bytes of a derivative made on request were stored. Drops the oldest ones when it is time to look and they are too many. */
  stored(bytes: number): Promise<void>;
  /** Looks now; the sweeper does, who sees what other servers on the same data stored. */
  enforce(options?: { signal?: AbortSignal }): Promise<void>;
}

/**
 * Keeps the derivatives that viewers asked for within `maxBytes`, by dropping the oldest (docs/decisions/0006, threat model T27). Who
 * asks for one of them again gets it made again.
 */
export function createBoundDerived(deps: {
  assets: Pick<AssetStore, 'derivedOnRequestBytes' | 'dropOldestDerived'>;
  blobs: Pick<BlobStore, 'delete'>;
  logger: Logger;
  /** Files were removed, which take their room until kept answers let go of them. */
  dropped: () => void;
  maxBytes: number;
}): BoundDerived {
  const { assets, blobs, logger, maxBytes } = deps;
  const lookBytes = Math.min(maxLookBytes, maxBytes * lookShare);
  const keepBytes = Math.floor(maxBytes * keptShare);
  let storedBytes = 0;
  let looking: Promise<void> | null = null;

  async function look(io: { signal?: AbortSignal }): Promise<void> {
    storedBytes = 0;
    const allBytes = await assets.derivedOnRequestBytes(io);
    if (allBytes <= maxBytes) return;
    let dropped = 0;
    for (let tooMuch = allBytes - keepBytes; tooMuch > 0; ) {
      const { blobKeys, bytes } = await assets.dropOldestDerived({ bytes: tooMuch, limit: batchRows }, io);
      for (const key of blobKeys) await blobs.delete(key);
      dropped += blobKeys.length;
      tooMuch -= bytes;
      if (blobKeys.length === 0) break;
    }
    deps.dropped();
    logger.info('dropped the oldest derivatives made on request', { dropped, maxBytes });
  }

  /** One at a time. A failure costs only room, until the next look. */
  const enforce = (io: { signal?: AbortSignal } = {}): Promise<void> => {
    looking ??= look(io)
      .catch((error: unknown) => {
        if (io.signal?.aborted !== true) logger.error('derivatives could not be dropped', { error });
      })
      .finally(() => {
        looking = null;
      });
    return looking;
  };

  return {
    enforce,
    async stored(bytes) {
      storedBytes += Math.max(bytes, leastDerivedBytes);
      if (storedBytes > lookBytes) await enforce();
    },
  };
}
