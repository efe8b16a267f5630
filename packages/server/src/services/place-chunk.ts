import { ApiError } from '@counterseal/protocol';
import type { ResourceType } from '../ports/asset-store.js';
import type {
  ByteSpan,
  ChunkedUpload,
  FinishedUpload,
  FoundUpload,
  StoredChunk,
  UploadChange,
} from '../ports/chunk-store.js';
import type { UploadLease } from '../ports/upload-lease.js';

/** Upload-api reference, section 3.5. */
export const minChunkBytes = 5 * 1024 * 1024;

export interface ChunkLimits {
  /** Smallest chunk that is not the last. */
  readonly minChunkBytes: number;
  /** Of one API key or preset. */
  readonly open: OpenLimits;
  /** Of one network among the strangers who share a preset. */
  readonly openOfNetwork: OpenLimits;
}

interface OpenLimits {
  /** Unfinished uploads. */
  readonly maxUploads: number;
  /** Bytes in all of them. */
  readonly maxBytes: number;
}

/** One chunk whose bytes are stored, on its way into the books. */
export interface ArrivedChunk extends ByteSpan {
  /** Null when the client does not know it yet. */
  readonly totalBytes: number | null;
  /** Null for an empty chunk, which only tells the total or asks for the answer. */
  readonly stored: { readonly md5: string; readonly blobKey: string } | null;
  readonly resourceType: ResourceType | 'auto';
  readonly filename: ChunkedUpload['filename'];
  /** Null for who has a key. */
  readonly network: string | null;
  /** What the upload is called if it begins with this chunk; null when that depends on its bytes. */
  readonly publicId: string | null;
  /** Whether this chunk may belong to an upload with that public id. */
  readonly agreesWith: (publicId: string | null) => boolean;
  readonly nowMs: number;
  /** Ids for what this chunk may begin: an upload, the work of putting it together. */
  readonly newId: string;
  readonly newLease: { readonly token: string; readonly untilMs: number };
}

export type Placement =
  | { readonly outcome: 'refused'; readonly error: ApiError }
  | { readonly outcome: 'partial'; readonly upload: ChunkedUpload; readonly kept: boolean }
  /** Every byte is there, and whoever asked is to put them together. */
  | {
      readonly outcome: 'complete';
      readonly upload: ChunkedUpload;
      readonly kept: boolean;
      readonly lease: UploadLease;
    }
  /** Every byte is there, and somebody else is putting them together. */
  | { readonly outcome: 'under-way' }
  | { readonly outcome: 'finished'; readonly finished: FinishedUpload };

type Decision = { write: UploadChange | null; result: Placement };

/**
 * What becomes of a chunk: the rules for ranges (upload-api reference, section 3.5; rulings, docs/decisions/0005). Chunks come in any
 * order and share no byte, so an upload is complete exactly when the total is known and as many bytes have been received. The
 * same chunk again is no error: a client that saw no answer sends it again, and PHP asks for the finished answer with an empty one.
 */
export function placeChunk(found: FoundUpload, chunk: ArrivedChunk, limits: ChunkLimits): Decision {
  if (found.upload?.finished != null) {
    const repeated = repeatOfFinished(found, found.upload, found.upload.finished, chunk);
    if (repeated !== null) return { write: null, result: repeated };
    return placeChunk({ ...found, upload: null, touching: [] }, chunk, limits);
  }
  const again = found.touching.some((other) => isSame(other, chunk));
  const error = refusal(found, chunk, again, limits);
  if (error !== null) return { write: null, result: { outcome: 'refused', error } };

  const before = found.upload ?? newUpload(chunk);
  const added =
    chunk.stored === null || again ? null : { start: chunk.start, end: chunk.end, ...chunk.stored };
  const after: ChunkedUpload = {
    ...before,
    totalBytes: chunk.totalBytes ?? before.totalBytes,
    receivedBytes: before.receivedBytes + (added === null ? 0 : added.end - added.start),
    endBytes: Math.max(before.endBytes, chunk.end),
    updatedAtMs: chunk.nowMs,
  };
  const kept = added !== null;
  if (after.receivedBytes !== after.totalBytes) {
    return { write: { upload: after, chunk: added }, result: { outcome: 'partial', upload: after, kept } };
  }
  if (isLeased(before, chunk.nowMs)) return { write: null, result: { outcome: 'under-way' } };
  const leased = { ...after, lease: chunk.newLease };
  const lease = { id: leased.id, token: chunk.newLease.token };
  return {
    write: { upload: leased, chunk: added },
    result: { outcome: 'complete', upload: leased, kept, lease },
  };
}

/**
 * The finished answer is for who asks again. Null: the chunk begins another upload under the same id, because it is of another
 * file, or because the client starts over after a failure.
 */
function repeatOfFinished(
  { touching }: FoundUpload,
  upload: ChunkedUpload,
  finished: FinishedUpload,
  chunk: ArrivedChunk,
): Placement | null {
  const isPart =
    chunk.stored === null
      ? chunk.totalBytes === upload.totalBytes
      : touching.some((other) => isSame(other, chunk));
  if (!isPart || chunk.resourceType !== upload.resourceType || !chunk.agreesWith(upload.publicId))
    return null;
  const hasFailed = finished.outcome !== null && 'failure' in finished.outcome;
  if (hasFailed && chunk.start === 0 && chunk.end !== upload.totalBytes) return null;
  const isBeingAnswered = finished.outcome === null && isLeased(upload, chunk.nowMs);
  return isBeingAnswered ? { outcome: 'under-way' } : { outcome: 'finished', finished };
}

function isLeased({ lease }: ChunkedUpload, nowMs: number): boolean {
  return lease !== null && lease.untilMs > nowMs;
}

function refusal(
  found: FoundUpload,
  chunk: ArrivedChunk,
  again: boolean,
  limits: ChunkLimits,
): ApiError | null {
  const { upload, touching } = found;
  const range = rangeText(chunk);
  const bytes = chunk.end - chunk.start;
  if (upload === null && chunk.stored === null) return new ApiError('chunk-of-nothing', { range });
  if (upload !== null && upload.resourceType !== chunk.resourceType)
    return new ApiError('chunk-resource-type', { type: upload.resourceType });
  if (upload !== null && !chunk.agreesWith(upload.publicId))
    return new ApiError('chunk-public-id', { publicId: upload.publicId ?? '' });
  const known = upload?.totalBytes ?? null;
  if (known !== null && chunk.totalBytes !== null && known !== chunk.totalBytes)
    return new ApiError('chunk-total-changed', { range, total: known });
  const total = chunk.totalBytes ?? known;
  if (total !== null && Math.max(chunk.end, upload?.endBytes ?? 0) > total)
    return new ApiError('chunk-outside', { range, total });
  if (again || chunk.stored === null) return null;
  if (touching.length > 0) return new ApiError('chunk-overlap', { range });
  if (chunk.end !== total && bytes < limits.minChunkBytes) return new ApiError('chunk-too-small');
  const isStranger = (upload ?? chunk).network !== null;
  return (
    noRoom(found.open, limits.open, upload === null, bytes) ??
    (isStranger ? noRoom(found.openOfNetwork, limits.openOfNetwork, upload === null, bytes) : null)
  );
}

function noRoom(
  open: FoundUpload['open'],
  { maxUploads, maxBytes }: OpenLimits,
  begins: boolean,
  bytes: number,
): ApiError | null {
  if (begins && open.uploads >= maxUploads)
    return new ApiError('too-many-open-uploads', { max: maxUploads }, { retryAfterSeconds });
  if (open.bytes + bytes > maxBytes)
    return new ApiError('too-many-open-bytes', { max: maxBytes }, { retryAfterSeconds });
  return null;
}

/** Room comes when other uploads finish, which takes about so long. */
const retryAfterSeconds = 60;

function isSame(other: StoredChunk, chunk: ArrivedChunk): boolean {
  return other.start === chunk.start && other.end === chunk.end && other.md5 === chunk.stored?.md5;
}

function newUpload(chunk: ArrivedChunk): ChunkedUpload {
  return {
    id: chunk.newId,
    resourceType: chunk.resourceType,
    publicId: chunk.publicId,
    filename: chunk.filename,
    totalBytes: null,
    receivedBytes: 0,
    endBytes: 0,
    network: chunk.network,
    createdAtMs: chunk.nowMs,
    updatedAtMs: chunk.nowMs,
    lease: null,
    finished: null,
  };
}

/** As the header says it: both ends inclusive. */
function rangeText({ start, end }: ByteSpan): string {
  return `${start}-${end - 1}`;
}
