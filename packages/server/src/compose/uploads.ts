import type { AppParts } from '../app.js';
import type { Config } from '../config/table.js';
import type { UrlMaker } from '../handlers/asset-urls.js';
import { receiveFile, upload } from '../handlers/upload/upload.js';
import { uploadChunk } from '../handlers/upload/upload-chunk.js';
import type { EdgeDeps } from '../http/serve-operation.js';
import { serveUpload } from '../http/serve-upload.js';
import type { Adapters } from './adapters.js';
import type { Services } from './services.js';

interface UploadSettings extends Pick<Config, 'folderMode' | 'maxFileBytes'> {
  readonly edge: EdgeDeps;
  readonly urls: UrlMaker;
  /** Makes addresses without signatures. */
  readonly plainUrls: UrlMaker;
}

/** The one call that carries a file, whole or in chunks. */
export function composeUpload(
  { accounts, assets, blobs }: Adapters,
  { fetchRemote, ingestUpload, deferUpload, receiveChunk, signers }: Services,
  { edge, urls, plainUrls, folderMode, maxFileBytes }: UploadSettings,
): AppParts['upload'] {
  const { cloudSigner, signatureUse } = signers;
  const deps = {
    accounts,
    blobs,
    fetchRemote,
    ingestUpload,
    deferUpload,
    urls,
    plainUrls,
    cloudSigner,
    signatureUse,
    folderMode,
  };
  return serveUpload(
    { upload: upload(deps), uploadChunk: uploadChunk({ ...deps, assets, receiveChunk }) },
    {
      ...edge,
      maxFileBytes,
      receiveFile: (file, options) => receiveFile(file, blobs, options),
      discardFile: async (file) => {
        if (file.kind === 'staged') await blobs.discard(file.staged);
      },
    },
  );
}
