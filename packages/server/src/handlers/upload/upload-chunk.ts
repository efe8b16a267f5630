import { ApiError } from '@counterseal/protocol';
import type { Principal } from '../../http/authenticator.js';
import type { Answer, Reply } from '../../http/call.js';
import type { ChunkRange } from '../../http/content-range.js';
import type { AssetStore } from '../../ports/asset-store.js';
import type { ChunkedUpload } from '../../ports/chunk-store.js';
import type { ArrivedFile } from '../../services/arrived-file.js';
import type { ReceiveChunk } from '../../services/receive-chunk.js';
import { answerFor, type CompleteDeps, completeUpload } from './complete-upload.js';
import { type PrepareDeps, prepareUpload, type UploadCall } from './prepare-upload.js';

export interface UploadChunkDeps extends PrepareDeps, CompleteDeps {
  readonly assets: AssetStore;
  readonly receiveChunk: ReceiveChunk;
}

/**
 * A chunk of an upload (upload-api reference, section 3.5). Each is a complete signed request; the one that completes the file says what
 * becomes of it (docs/decisions/0005). Takes over the file.
 */
export function uploadChunk(
  deps: UploadChunkDeps,
): (call: UploadCall, file: ArrivedFile | null, range: ChunkRange) => Promise<Reply> {
  return async (call, file, range) => {
    const prepared = await prepareUpload(call, deps);
    const { command, deferred } = prepared;
    if (file?.kind === 'url') throw new ApiError('chunk-not-bytes');
    const received = await deps.receiveChunk(
      { command, owner: ownerOf(call.principal), network: networkOf(call.principal), range, file },
      (whole, input) => completeUpload({ command: whole, deferred }, input, call, deps),
      { signal: call.signal },
    );
    switch (received.outcome) {
      case 'partial':
        return { body: partialAnswer(received.upload, prepared.disallowsPublicId) };
      case 'finished':
        return { body: { ...received.answer, done: true } };
      case 'stored':
        return { body: { ...(await answerFromAsset(received.assetId, call, deps)), done: true } };
      default:
        return received satisfies never;
    }
  };
}

/** Names differ between presets and keys, so neither can pass for the other. */
function ownerOf(principal: Principal): string {
  return principal.kind === 'key' ? `key:${principal.key.apiKey}` : `preset:${principal.preset.externalId}`;
}

function networkOf(principal: Principal): string | null {
  return principal.kind === 'unsigned' ? principal.client : null;
}

/** Clients sign the next chunk with the public id, which a preset that allows none would refuse. */
function partialAnswer(upload: ChunkedUpload, disallowsPublicId: boolean): Answer {
  const { receivedBytes, resourceType, publicId } = upload;
  return {
    done: false,
    bytes: receivedBytes,
    kind: 'upload',
    ...(resourceType === 'auto' ? {} : { resource_type: resourceType }),
    ...(publicId === null || disallowsPublicId ? {} : { public_id: publicId }),
  };
}

/** A crash came between storing the asset and keeping the answer: what the asset itself tells. */
async function answerFromAsset(assetId: string, call: UploadCall, deps: UploadChunkDeps): Promise<Answer> {
  const asset = await deps.assets.findAssetById(call.cloud, assetId);
  if (asset === null) throw new ApiError('not-found', { publicId: assetId });
  const nothingElse = { eager: [], batchId: null, analysis: {}, deleteToken: null };
  return answerFor({ outcome: 'created', asset, ...nothingElse }, call, deps);
}
