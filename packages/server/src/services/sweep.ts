import type { AssetStore } from '../ports/asset-store.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { ChunkStore } from '../ports/chunk-store.js';
import type { Clock } from '../ports/clock.js';
import type { JobQueue } from '../ports/job-queue.js';
import type { Logger } from '../ports/logger.js';

/** Keys asked about in one query. */
const BATCH_KEYS = 500;
/** Of many missing blobs, as many are named in the log. */
const MAX_NAMED = 100;
/** Chunked uploads removed in one transaction. */
const BATCH_UPLOADS = 100;
/** How long a finished chunked upload gives its answer again. */
const FINISHED_KEPT_MS = 3_600_000;

export interface SweepDeps {
  readonly blobs: Pick<BlobStore, 'list' | 'delete' | 'stat' | 'sweepStaging'>;
  readonly assets: Pick<AssetStore, 'referencedBlobs' | 'listBlobKeys'>;
  readonly jobs: Pick<JobQueue, 'referencedBlobs'>;
  readonly chunks: Pick<ChunkStore, 'referencedBlobs' | 'takeExpired'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface SweepOptions {
  /** A final blob younger than this may belong to a row that is not committed yet. */
  readonly graceMs: number;
  /** A staged file not written to for this long belongs to nobody. */
  readonly stagingMaxAgeMs: number;
  /** A chunked upload that has got no chunk for this long is given up. */
  readonly openUploadMaxAgeMs: number;
  readonly signal?: AbortSignal;
}

export interface SweepCounts {
  readonly removedBlobs: number;
  readonly removedStaged: number;
  /** Chunked uploads, with what was there of them. */
  readonly removedUploads: number;
  /** Blob keys that rows refer to and that have no bytes: damage, which a sweep only reports. */
  readonly missingBlobs: number;
}

/** Removes what crashes left behind, in both directions: bytes without a row go, rows without bytes are reported (T38). */
export async function sweep(deps: SweepDeps, options: SweepOptions): Promise<SweepCounts> {
  const { graceMs, stagingMaxAgeMs, signal } = options;
  const io = signal === undefined ? {} : { signal };
  const nowMs = deps.clock.now();
  const removedStaged = await deps.blobs.sweepStaging(nowMs - stagingMaxAgeMs, io);
  const removedUploads = await removeUploads(deps, nowMs, options.openUploadMaxAgeMs, io);

  let removedBlobs = 0;
  let batch: string[] = [];
  for await (const key of deps.blobs.list({ ...io, beforeMs: nowMs - graceMs })) {
    batch.push(key);
    if (batch.length < BATCH_KEYS) continue;
    removedBlobs += await removeOrphans(deps, batch, io);
    batch = [];
  }
  removedBlobs += await removeOrphans(deps, batch, io);

  const missingBlobs = await checkIntegrity(deps, io);
  return { removedBlobs, removedStaged, removedUploads, missingBlobs };
}

/** Looks for the bytes behind every row. Answers how many blobs are missing, and names them in the log. */
export async function checkIntegrity(
  { blobs, assets, logger }: Pick<SweepDeps, 'blobs' | 'assets' | 'logger'>,
  io: { signal?: AbortSignal } = {},
): Promise<number> {
  let missing = 0;
  let after: string | null = null;
  do {
    const keys: string[] = await assets.listBlobKeys({ after, limit: BATCH_KEYS }, io);
    after = keys.at(-1) ?? null;
    const absent: string[] = [];
    for (const key of keys) if ((await blobs.stat(key, io)) === null) absent.push(key);
    if (absent.length === 0) continue;
    // A row may have gone, and its bytes after it, since the page was read. Bytes of a row that is still there never go.
    for (const blobKey of await assets.referencedBlobs(absent, io)) {
      missing += 1;
      if (missing <= MAX_NAMED) logger.error('a row refers to a blob that is missing', { blobKey });
    }
  } while (after !== null);
  return missing;
}

/** Rows first: without them the sweeper of any server may remove the bytes. */
async function removeUploads(
  { chunks, blobs, logger }: SweepDeps,
  nowMs: number,
  openUploadMaxAgeMs: number,
  io: { signal?: AbortSignal },
): Promise<number> {
  const request = {
    openBeforeMs: nowMs - openUploadMaxAgeMs,
    finishedBeforeMs: nowMs - FINISHED_KEPT_MS,
    nowMs,
    limit: BATCH_UPLOADS,
  };
  let removed = 0;
  for (;;) {
    const { uploads, blobKeys } = await chunks.takeExpired(request, io);
    for (const key of blobKeys) await blobs.delete(key, io);
    if (blobKeys.length > 0) logger.info('gave up chunked uploads', { uploads, chunks: blobKeys.length });
    removed += uploads;
    if (uploads < BATCH_UPLOADS) return removed;
  }
}

async function removeOrphans(
  { blobs, assets, jobs, chunks, logger }: SweepDeps,
  keys: readonly string[],
  io: { signal?: AbortSignal },
): Promise<number> {
  if (keys.length === 0) return 0;
  // Jobs before rows: a blob passes from its job to a row, so the other order could miss it in both.
  const inJobs = await jobs.referencedBlobs(keys, io);
  const inRows = await assets.referencedBlobs(keys, io);
  const inChunks = await chunks.referencedBlobs(keys, io);
  let removed = 0;
  for (const key of keys) {
    if (inJobs.has(key) || inRows.has(key) || inChunks.has(key)) continue;
    await blobs.delete(key, io);
    logger.info('removed a blob that nothing refers to', { blobKey: key });
    removed += 1;
  }
  return removed;
}
