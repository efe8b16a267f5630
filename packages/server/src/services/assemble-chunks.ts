import type { ApiError } from '@counterseal/protocol';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';
import type { ChunkedUpload, ChunkStore, UploadOutcome } from '../ports/chunk-store.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { UploadLease } from '../ports/upload-lease.js';
import type { ArrivedFile } from './arrived-file.js';
import { withPublicId } from './chunked-name.js';
import { LeaseLostError, type UploadInput } from './ingest-upload.js';
import type { UploadCommand } from './upload-command.js';

/** A server that puts chunks together and dies is replaced after so long. Losing a lease costs work, nothing else. */
export const leaseMs = 10_000;
const renewLeaseMs = 2_500;

export interface AssembleDeps {
  readonly chunks: ChunkStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly folderMode: 'fixed' | 'dynamic';
  /** The wire's error for whatever was thrown: below 500, no retry of the same request mends it. */
  readonly explain: (error: unknown) => ApiError;
}

/** Stores the whole file under the completed command and tells what to answer. Takes over `input.staged`. */
export type CompleteUpload = (command: UploadCommand, input: UploadInput) => Promise<Record<string, unknown>>;

type Io = { signal?: AbortSignal };

/**
 * Puts the chunks together and completes the upload under a lease: of all requests and servers, one does it, and asset and end of the
 * upload are one transaction. Null when another one has taken over. What no retry can mend is remembered as the end of the upload and
 * frees its bytes; after anything else the chunks stay, and the last one sent again tries again.
 */
export async function assembleUpload(
  { upload, lease }: { upload: ChunkedUpload; lease: UploadLease },
  { command, file }: { command: UploadCommand; file: Extract<ArrivedFile, { kind: 'staged' }> | null },
  complete: CompleteUpload,
  deps: AssembleDeps,
  io: Io,
): Promise<Record<string, unknown> | null> {
  const stopRenewing = keepLease(lease, deps);
  try {
    const staged = await assemble(upload, deps, io);
    const naming = withPublicId(command.naming, upload.publicId, deps.folderMode);
    const uploaded = file?.uploaded ?? upload.filename;
    const answer = await complete({ ...command, naming, finishes: lease }, { staged, uploaded });
    // A delete token is kept as a hash and nowhere else.
    const { delete_token: _, ...repeatable } = answer;
    const usedSignature = command.signatureUse?.hash ?? null;
    await end(lease, { answer: repeatable, usedSignature }, deps);
    return answer;
  } catch (error) {
    if (error instanceof LeaseLostError) return null;
    const { status, message } = deps.explain(error);
    // Whatever went wrong, an upload that has ended meanwhile has its answer.
    const isMine = await deps.chunks.renewLease(lease, deps.clock.now() + leaseMs);
    if (isMine && isFinal(status)) await end(lease, { failure: message }, deps);
    else await deps.chunks.releaseLease(lease);
    if (!isMine) return null;
    throw error;
  } finally {
    stopRenewing();
  }
}

/** Waiting, or trying again, may mend everything else. */
function isFinal(status: number): boolean {
  return status < 500 && status !== 408 && status !== 420 && status !== 429;
}

/** One file in staging, block by block: as large as it may be, little of it is in memory. */
async function assemble(upload: ChunkedUpload, { chunks, blobs }: AssembleDeps, io: Io): Promise<StagedBlob> {
  const parts = await chunks.listChunks(upload.id, io);
  async function* bytes(): AsyncGenerator<Uint8Array, void> {
    for (const { blobKey } of parts) {
      const stream = blobKey === null ? null : await blobs.read(blobKey, io);
      if (stream === null) throw new Error(`chunk ${blobKey} of upload ${upload.id} is missing`);
      yield* stream;
    }
  }
  const staged = await blobs.stage(bytes(), { ...io, maxBytes: upload.receivedBytes });
  if (staged.bytes === upload.receivedBytes) return staged;
  await blobs.discard(staged);
  throw new Error(`upload ${upload.id} has ${staged.bytes} bytes instead of ${upload.receivedBytes}`);
}

function keepLease(lease: UploadLease, { chunks, clock, logger }: AssembleDeps): () => void {
  const timer = setInterval(() => {
    chunks
      .renewLease(lease, clock.now() + leaseMs)
      .catch((error: unknown) => logger.warn('a lease could not be renewed', { error }));
  }, renewLeaseMs).unref();
  return () => clearInterval(timer);
}

/** What was decided stands whether or not it could be remembered; the lease runs out by itself. */
async function end(lease: UploadLease, outcome: UploadOutcome, deps: AssembleDeps): Promise<void> {
  const { chunks, clock, logger } = deps;
  try {
    await dropBlobs(await chunks.finish(lease, { outcome, nowMs: clock.now() }), deps);
  } catch (error) {
    logger.warn('the end of a chunked upload could not be recorded', { upload: lease.id, error });
  }
}

/** No row refers to them any more: what cannot be deleted now is left to the sweeper. */
export async function dropBlobs(
  keys: readonly string[],
  { blobs, logger }: Pick<AssembleDeps, 'blobs' | 'logger'>,
): Promise<void> {
  for (const key of keys) {
    await blobs
      .delete(key)
      .catch((error: unknown) => logger.warn('blob left to the sweeper', { key, error }));
  }
}
