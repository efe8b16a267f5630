import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '@counterseal/protocol';
import type { ByteSpan, ChunkedUpload, FinishedUpload, UploadKey } from '../ports/chunk-store.js';
import type { ArrivedFile } from './arrived-file.js';
import {
  type AssembleDeps,
  assembleUpload,
  type CompleteUpload,
  dropBlobs,
  leaseMs,
} from './assemble-chunks.js';
import { decidePublicId, leadsTo } from './chunked-name.js';
import { type ArrivedChunk, type ChunkLimits, type Placement, placeChunk } from './place-chunk.js';
import { randomHexId } from './random-id.js';
import type { UploadCommand } from './upload-command.js';

/** How often a request looks whether another one has finished the upload. */
const waitMs = 200;

export interface ReceiveChunkDeps extends AssembleDeps {
  readonly limits: ChunkLimits;
}

export interface ChunkRequest {
  readonly command: UploadCommand;
  /** See {@link UploadKey}. */
  readonly owner: string;
  /** Of a stranger; null for who has a key. */
  readonly network: string | null;
  readonly range: ByteSpan & { readonly uploadId: string; readonly totalBytes: number | null };
  /** Null for an empty chunk. */
  readonly file: Extract<ArrivedFile, { kind: 'staged' }> | null;
}

export type ReceivedChunk =
  | { readonly outcome: 'partial'; readonly upload: ChunkedUpload }
  | { readonly outcome: 'finished'; readonly answer: Readonly<Record<string, unknown>> }
  /** As finished, but a crash has lost the answer. */
  | { readonly outcome: 'stored'; readonly assetId: string };

export type ReceiveChunk = (
  request: ChunkRequest,
  complete: CompleteUpload,
  options?: { signal?: AbortSignal },
) => Promise<ReceivedChunk>;

type Io = { signal?: AbortSignal };

/**
 * Takes a chunk: its bytes durable, then its row, then the answer. The request that finds every byte there puts them together and
 * completes the upload; requests that come meanwhile wait for its answer. Takes over the file unless it rejects before.
 */
export function createReceiveChunk(deps: ReceiveChunkDeps): ReceiveChunk {
  return async (request, complete, options = {}) => {
    const { command, owner, range } = request;
    const key = { cloud: command.cloud, owner, uploadId: range.uploadId };
    const publicId = decidePublicId(command, request.file?.uploaded ?? null, deps.folderMode);
    const stored = await storeBytes(request, deps, options);
    const chunk = { ...range, stored, publicId };
    // When a commit fails it may have happened all the same: the bytes stay then, and the sweeper decides by the rows.
    let placement = await place(key, request, chunk, deps, options);
    while (placement.outcome === 'under-way') {
      await whileLeased(key, deps, options);
      placement = await place(key, request, chunk, deps, options);
    }
    if (stored !== null && !isKept(placement)) await dropBlobs([stored.blobKey], deps);
    switch (placement.outcome) {
      case 'refused':
        throw placement.error;
      case 'partial':
        return placement;
      case 'finished':
        return repeatOutcome(placement.finished, command);
      case 'complete': {
        const answer = await assembleUpload(placement, request, complete, deps, options);
        // Another server has taken over: its answer is the answer.
        return answer === null ? waitForAnswer(key, command, deps, options) : { outcome: 'finished', answer };
      }
      default:
        return placement satisfies never;
    }
  };
}

function isKept(placement: Placement): boolean {
  return 'kept' in placement && placement.kept;
}

type Arriving = Pick<ArrivedChunk, 'start' | 'end' | 'totalBytes' | 'stored' | 'publicId'>;

async function storeBytes(
  { file, range }: ChunkRequest,
  { blobs }: ReceiveChunkDeps,
  io: Io,
): Promise<ArrivedChunk['stored']> {
  if (file === null) return null;
  if (range.end === range.start) {
    await blobs.discard(file.staged);
    return null;
  }
  const blobKey = blobs.newKey('original');
  await blobs.promote(file.staged, blobKey, io);
  return { md5: file.staged.md5, blobKey };
}

async function place(
  key: UploadKey,
  { command, file, network }: ChunkRequest,
  arriving: Arriving,
  { chunks, clock, folderMode, limits }: ReceiveChunkDeps,
  io: Io,
): Promise<Placement> {
  const nowMs = clock.now();
  const chunk: ArrivedChunk = {
    ...arriving,
    resourceType: command.resourceType,
    network,
    filename: file?.uploaded ?? null,
    agreesWith: (publicId) => leadsTo(publicId, command.naming, folderMode),
    nowMs,
    newId: randomHexId(),
    newLease: { token: randomUUID(), untilMs: nowMs + leaseMs },
  };
  return chunks.change(key, chunk, (found) => placeChunk(found, chunk, limits), io);
}

async function whileLeased(key: UploadKey, { chunks, clock }: ReceiveChunkDeps, io: Io): Promise<void> {
  for (;;) {
    await sleep(waitMs, undefined, io);
    const upload = await chunks.find(key, io);
    if (upload?.lease == null || upload.lease.untilMs <= clock.now()) return;
  }
}

async function waitForAnswer(
  key: UploadKey,
  command: UploadCommand,
  deps: ReceiveChunkDeps,
  io: Io,
): Promise<ReceivedChunk> {
  await whileLeased(key, deps, io);
  const upload = await deps.chunks.find(key, io);
  if (upload?.finished == null) throw new Error('an upload that was taken over has not been finished');
  return repeatOutcome(upload.finished, command);
}

/** The answer again, but for the signature that has completed the upload: used up is used up (docs/decisions/0004). */
function repeatOutcome({ assetId, outcome }: FinishedUpload, command: UploadCommand): ReceivedChunk {
  if (outcome === null) return { outcome: 'stored', assetId: assetId ?? '' };
  if ('failure' in outcome) throw new ApiError('chunked-upload-failed', { reason: outcome.failure });
  if (outcome.usedSignature !== null && outcome.usedSignature === command.signatureUse?.hash)
    throw new ApiError('signature-used');
  return { outcome: 'finished', answer: outcome.answer };
}
