import { ApiError } from '@counterseal/protocol';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';
import { BlobTooLargeError } from '../ports/blob-store.js';
import { RemoteFetchError, type RemoteFetcher } from '../ports/remote-fetcher.js';
import { splitFilename, type UploadedName } from './name-asset.js';

export interface FetchRemoteDeps {
  readonly fetcher: RemoteFetcher;
  readonly blobs: BlobStore;
  readonly maxFileBytes: number;
}

export type FetchRemote = (
  url: string,
  options?: { signal?: AbortSignal },
) => Promise<{ staged: StagedBlob; uploaded: UploadedName | null }>;

/** The upload schemes of the reference (section 3.2) that are not built. */
const otherSchemes = /^(ftp|s3|gs|gcs):/i;

/**
 * Downloads an `http(s)` source into staging.
 * @throws ApiError `remote-load-failed`, `unsupported-source`, `file-too-large`
 */
export function createFetchRemote({ fetcher, blobs, maxFileBytes }: FetchRemoteDeps): FetchRemote {
  return async (url, options = {}) => {
    if (!/^https?:\/\//i.test(url) || otherSchemes.test(url)) {
      throw new ApiError('unsupported-source', { url: shorten(url) });
    }
    try {
      const remote = await fetcher.open(url, { ...options, maxBytes: maxFileBytes });
      const staged = await blobs.stage(remote.body, { ...options, maxBytes: maxFileBytes });
      return { staged, uploaded: remote.filename === null ? null : splitFilename(remote.filename) };
    } catch (error) {
      throw explain(error, url, maxFileBytes);
    }
  };
}

function explain(error: unknown, url: string, max: number): unknown {
  if (error instanceof BlobTooLargeError)
    return new ApiError('file-too-large', { got: error.bytes, max }, { cause: error });
  if (!(error instanceof RemoteFetchError)) return error;
  if (error.tooLargeBytes !== null) {
    return new ApiError('file-too-large', { got: error.tooLargeBytes, max }, { cause: error });
  }
  return new ApiError('remote-load-failed', { url: shorten(url), reason: error.reason }, { cause: error });
}

function shorten(url: string): string {
  return url.length > 500 ? `${url.slice(0, 500)}...` : url;
}
