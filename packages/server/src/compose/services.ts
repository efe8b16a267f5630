import type { Config } from '../config/table.js';
import type { DeliveryAnswer } from '../handlers/delivery/answer.js';
import type { DeliveryCache } from '../http/delivery-cache.js';
import { toApiError } from '../http/to-api-error.js';
import type { Asset } from '../ports/asset-store.js';
import { createAnalyseStored } from '../services/analyse-stored.js';
import { createBoundDerived } from '../services/bound-derived.js';
import { createDeferUpload } from '../services/defer-upload.js';
import { createDerive } from '../services/derive.js';
import { createDestroyAsset } from '../services/destroy-asset.js';
import { createDropDerived } from '../services/drop-derived.js';
import { createFetchRemote } from '../services/fetch-remote.js';
import { createIngestUpload } from '../services/ingest-upload.js';
import { type ChunkLimits, minChunkBytes } from '../services/place-chunk.js';
import { createReceiveChunk } from '../services/receive-chunk.js';
import { createSigners } from '../services/signers.js';
import { createUrlSecrets } from '../services/url-secrets.js';
import type { Adapters } from './adapters.js';

/** Unfinished chunked uploads of one key hold as much as so many of the largest files, unless told otherwise. */
const openFiles = 10;
/** Of that, what strangers of one network get under a preset. */
const networkShare = 1 / 4;

export type Services = ReturnType<typeof composeServices>;

/** Adapters -> use-cases. `cache` is told of every change; `jobsAdded` is called after commits that added jobs. */
export function composeServices(
  adapters: Adapters,
  config: Config,
  { cache, jobsAdded }: { readonly cache: DeliveryCache<DeliveryAnswer>; readonly jobsAdded: () => void },
) {
  const { clock, logger, accounts, assets, queue, chunks, blobs, renderer, fetcher } = adapters;
  const { folderMode, maxFileBytes } = config;
  const assetChanged = (asset: Asset) => cache.invalidate(asset);

  const boundDerived = createBoundDerived({
    assets,
    blobs,
    logger,
    dropped: () => cache.clear(),
    maxBytes: config.maxDerivedBytes,
  });
  const derive = createDerive({
    assets,
    accounts,
    blobs,
    renderer,
    boundDerived,
    notStored: assetChanged,
    clock,
    logger,
  });
  const secretsOf = createUrlSecrets({ accounts, clock });
  return {
    assetChanged,
    boundDerived,
    derive,
    secretsOf,
    signers: createSigners(accounts, secretsOf),
    analyseStored: createAnalyseStored({ blobs, renderer }),
    deferUpload: createDeferUpload({ blobs, queue, clock, folderMode, jobsAdded }),
    destroyAsset: createDestroyAsset({ assets, blobs, logger, assetChanged }),
    dropDerived: createDropDerived({
      assets,
      blobs,
      cloudChanged: (cloud) => cache.invalidateCloud(cloud),
    }),
    fetchRemote: createFetchRemote({ fetcher, blobs, maxFileBytes }),
    ingestUpload: createIngestUpload({
      assets,
      blobs,
      renderer,
      renderStaged: derive.renderStaged,
      clock,
      logger,
      folderMode,
      assetChanged,
      jobsAdded,
    }),
    receiveChunk: createReceiveChunk({
      chunks,
      blobs,
      clock,
      logger,
      folderMode,
      explain: (error) => toApiError(error, { maxFileBytes }),
      limits: chunkLimits(config),
    }),
  };
}

/** One network gets a share of a preset's places, and room for the largest file whatever the share is. */
function chunkLimits({ maxFileBytes, maxOpenUploads, maxOpenUploadBytes }: Config): ChunkLimits {
  const maxBytes = maxOpenUploadBytes ?? openFiles * maxFileBytes;
  return {
    minChunkBytes,
    open: { maxUploads: maxOpenUploads, maxBytes },
    openOfNetwork: {
      maxUploads: Math.ceil(maxOpenUploads * networkShare),
      maxBytes: Math.max(maxFileBytes, Math.ceil(maxBytes * networkShare)),
    },
  };
}
