import { randomUUID } from 'node:crypto';
import { ApiError } from '@counterseal/protocol';
import type { BlobStore } from '../ports/blob-store.js';
import type { Clock } from '../ports/clock.js';
import type { JobQueue } from '../ports/job-queue.js';
import { filenameOf } from '../ports/remote-fetcher.js';
import type { ArrivedFile } from './arrived-file.js';
import type { FetchRemote } from './fetch-remote.js';
import type { IngestUpload } from './ingest-upload.js';
import type { JobKind } from './job-lanes.js';
import { uploadSubject } from './job-subject.js';
import { splitFilename, type UploadedName } from './name-asset.js';
import { randomHexId, randomId } from './random-id.js';
import type { PerformJob } from './run-job.js';
import type { UploadCommand } from './upload-command.js';

/** `async=true`: the answer is pending (upload-api reference, section 3.6), the upload finishes through the job queue. */
export type DeferUpload = (command: UploadCommand, file: ArrivedFile) => Promise<Record<string, unknown>>;

const randomIdCharacters = 20;

/**
 * Takes over the file: its bytes are durable, and the job committed, before the promise resolves. Deferred uploads of one public id are
 * done in the order of their answers.
 */
export function createDeferUpload(deps: {
  blobs: BlobStore;
  queue: JobQueue;
  clock: Clock;
  folderMode: 'fixed' | 'dynamic';
  jobsAdded: () => void;
}): DeferUpload {
  return async (given, file) => {
    const command = withKnownId(given);
    const blobKey = file.kind === 'staged' ? deps.blobs.newKey('original') : null;
    try {
      const subject = uploadSubject(command, nameOf(file), deps.folderMode);
      if (file.kind === 'staged' && blobKey !== null) await deps.blobs.promote(file.staged, blobKey);
      await deps.queue.enqueue([
        {
          id: randomUUID(),
          kind: (file.kind === 'staged' ? 'upload' : 'upload-url') satisfies JobKind,
          cloud: command.cloud,
          subject,
          payload: {
            command,
            uploaded: file.kind === 'staged' ? file.uploaded : null,
            ...(file.kind === 'staged' ? { blobKey } : { url: file.url }),
          },
          runAtMs: deps.clock.now(),
        },
      ]);
    } catch (error) {
      if (file.kind === 'staged') await deps.blobs.discard(file.staged);
      if (blobKey !== null) await deps.blobs.delete(blobKey);
      throw error;
    }
    deps.jobsAdded();
    return {
      status: 'pending',
      ...(command.resourceType === 'auto' ? {} : { resource_type: command.resourceType }),
      type: command.type,
      ...(command.naming.publicId === null ? {} : { public_id: command.naming.publicId }),
      batch_id: randomHexId(),
    };
  };
}

/** The name that the file has, or will have once it is loaded. */
function nameOf(file: ArrivedFile): UploadedName | null {
  if (file.kind === 'staged') return file.uploaded;
  const filename = URL.canParse(file.url) ? filenameOf(new URL(file.url)) : null;
  return filename === null ? null : splitFilename(filename);
}

/** A random id of an image or video is drawn now, so that the pending answer can name it. */
function withKnownId(command: UploadCommand): UploadCommand {
  const { naming, resourceType } = command;
  const known =
    naming.publicId !== null || naming.useFilename || resourceType === 'raw' || resourceType === 'auto';
  return known ? command : { ...command, naming: { ...naming, publicId: randomId(randomIdCharacters) } };
}

interface DeferredPayload {
  readonly command: UploadCommand;
  readonly uploaded: UploadedName | null;
  readonly blobKey?: string;
  readonly url?: string;
}

/**
 * The other half: runs the deferred upload, of either kind. The job ends in the transaction that stores the asset: a crash after it
 * leaves nothing to repeat, which would bring back what was deleted or overwritten since. The bytes stay until then; the sweeper knows
 * when nobody needs them.
 */
export function createPerformUpload(deps: {
  blobs: BlobStore;
  fetchRemote: FetchRemote;
  ingestUpload: IngestUpload;
}): PerformJob {
  return async (job, options) => {
    const { command, uploaded, blobKey, url } = job.payload as unknown as DeferredPayload;
    if (blobKey === undefined) {
      await deps.ingestUpload(command, await deps.fetchRemote(url ?? '', options), { ...options, job });
      return;
    }
    const bytes = await deps.blobs.read(blobKey, options);
    if (bytes === null)
      throw new ApiError('internal', {}, { cause: new Error(`blob ${blobKey} is missing`) });
    const staged = await deps.blobs.stage(bytes, { ...options, maxBytes: Number.MAX_SAFE_INTEGER });
    const { outcome } = await deps.ingestUpload(command, { staged, uploaded }, { ...options, job });
    // Nothing was stored, so the job is still there: until it has ended it may be run again, and needs its bytes.
    if (outcome !== 'exists') await deps.blobs.delete(blobKey);
  };
}
