import { ApiError } from '@counterseal/protocol';
import type { Reply } from '../../http/call.js';
import type { FileSource } from '../../http/file-source.js';
import { type BlobStore, BlobTooLargeError } from '../../ports/blob-store.js';
import type { ArrivedFile } from '../../services/arrived-file.js';
import type { FetchRemote } from '../../services/fetch-remote.js';
import { splitFilename } from '../../services/name-asset.js';
import { type CompleteDeps, completeUpload } from './complete-upload.js';
import { type PrepareDeps, prepareUpload, type UploadCall } from './prepare-upload.js';

export interface UploadDeps extends PrepareDeps, CompleteDeps {
  readonly blobs: BlobStore;
  readonly fetchRemote: FetchRemote;
}

/**
 * Takes the file of an upload off the wire.
 * @throws ApiError `file-too-large`
 */
export async function receiveFile(
  file: FileSource,
  blobs: BlobStore,
  options: { signal: AbortSignal; maxBytes: number },
): Promise<ArrivedFile> {
  if (file.kind === 'text') return { kind: 'url', url: file.value };
  const filename = file.kind === 'part' ? file.filename : null;
  try {
    const staged = await blobs.stage(file.body, options);
    return { kind: 'staged', staged, uploaded: filename === null ? null : splitFilename(filename) };
  } catch (error) {
    if (!(error instanceof BlobTooLargeError)) throw error;
    throw new ApiError('file-too-large', { got: error.bytes, max: options.maxBytes }, { cause: error });
  }
}

/** `POST /:resource_type/upload`: the second half, when request and file are in and the caller is known. Takes over the file. */
export function upload(deps: UploadDeps): (call: UploadCall, file: ArrivedFile) => Promise<Reply> {
  return async (call, file) => {
    let taken = false;
    try {
      const prepared = await prepareUpload(call, deps);
      if (prepared.deferred && file.kind === 'url')
        return { body: await deps.deferUpload(prepared.command, file) };
      const input = file.kind === 'staged' ? file : await deps.fetchRemote(file.url, { signal: call.signal });
      taken = true;
      return { body: await completeUpload(prepared, input, call, deps) };
    } finally {
      if (!taken && file.kind === 'staged') await deps.blobs.discard(file.staged);
    }
  };
}
