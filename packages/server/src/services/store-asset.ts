import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AssetStore, PutAsset, PutAssetResult } from '../ports/asset-store.js';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';
import type { Clock } from '../ports/clock.js';
import type { JobLease, NewJob } from '../ports/job-queue.js';
import type { EagerRendition } from './eager.js';
import type { JobKind } from './job-lanes.js';
import { assetSubject } from './job-subject.js';
import type { AssetName, UploadedName } from './name-asset.js';
import { randomHexId } from './random-id.js';
import { coordinates, type SettledContent } from './settle-content.js';
import type { UploadCommand } from './upload-command.js';

/** How long a delete token works (upload-api reference, section 3.6). */
const deleteTokenLifetimeMs = 10 * 60 * 1000;
const deleteTokenBytes = 24;

export interface StoreAssetDeps {
  readonly assets: AssetStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
}

/** Everything that becomes one asset. */
export interface AssetParts {
  readonly command: UploadCommand;
  readonly content: SettledContent;
  readonly name: AssetName;
  readonly uploaded: UploadedName | null;
  readonly renditions: readonly EagerRendition[];
  readonly job: JobLease | null;
}

type Refused = Exclude<PutAssetResult, { outcome: 'created' } | { outcome: 'overwritten' }>;

export type StoredAsset = Exclude<PutAssetResult, Refused> & {
  readonly batchId: string;
  readonly deleteToken: string | null;
};

/**
 * Bytes first, durable under new keys, then rows and jobs in one transaction. When a failure may have come after the commit, the bytes
 * stay and the sweeper decides by what the rows say: no row is ever without bytes.
 */
export async function storeAsset(parts: AssetParts, deps: StoreAssetDeps): Promise<StoredAsset | Refused> {
  const keys = await promoteAll(parts, deps.blobs);
  const deleteToken = parts.command.returnDeleteToken
    ? randomBytes(deleteTokenBytes).toString('base64url')
    : null;
  const batchId = randomHexId();
  const result = await deps.assets.putAsset(toCommand(parts, keys, deleteToken, deps.clock.now()));
  if (result.outcome !== 'created' && result.outcome !== 'overwritten') {
    await deleteAll(Object.values(keys).flat(), deps.blobs);
    return result;
  }
  return { ...result, batchId, deleteToken };
}

interface Keys {
  readonly original: string;
  readonly derived: readonly string[];
}

async function promoteAll({ content, renditions }: AssetParts, blobs: BlobStore): Promise<Keys> {
  const made: string[] = [];
  const promote = async (blob: StagedBlob, area: 'original' | 'derived'): Promise<string> => {
    const key = blobs.newKey(area);
    await blobs.promote(blob, key);
    made.push(key);
    return key;
  };
  const outcomes = await Promise.allSettled([
    promote(content.staged, 'original'),
    ...renditions.map(({ staged }) => promote(staged, 'derived')),
  ]);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    await deleteAll(made, blobs);
    throw failure.reason;
  }
  const [original = '', ...derived] = outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value : '',
  );
  return { original, derived };
}

async function deleteAll(keys: readonly string[], blobs: BlobStore): Promise<void> {
  await Promise.all(keys.map((key) => blobs.delete(key)));
}

function toCommand(
  { command, content, name, uploaded, renditions, job }: AssetParts,
  keys: Keys,
  deleteToken: string | null,
  nowMs: number,
): PutAsset {
  const versionId = randomHexId();
  const deferred = command.eagerAsync && command.eager.length > 0;
  return {
    asset: {
      newAssetId: randomHexId(),
      cloud: command.cloud,
      resourceType: content.resourceType,
      type: command.type,
      publicId: name.publicId,
      versionId,
      updatedAtMs: nowMs,
      format: content.format,
      bytes: content.staged.bytes,
      etag: content.staged.md5,
      blobKey: keys.original,
      originalFilename: name.originalFilename,
      originalExtension: uploaded?.extension ?? null,
      displayName: name.displayName,
      assetFolder: name.assetFolder,
      tags: command.tags,
      context: command.context,
      media: content.media,
      ...storedCoordinates(command, content),
      extra: {},
    },
    derived: renditions.map((rendition, index) => ({
      derivedId: randomHexId(),
      transformation: rendition.transformation,
      format: rendition.format,
      width: rendition.width,
      height: rendition.height,
      bytes: rendition.staged.bytes,
      etag: rendition.staged.md5,
      blobKey: keys.derived[index] ?? '',
      createdAtMs: nowMs,
      onRequest: false,
    })),
    jobs: deferred ? [eagerJob(command, content, name, versionId, nowMs)] : [],
    overwrite: command.overwrite,
    deleteToken:
      deleteToken === null
        ? null
        : { tokenHash: hashDeleteToken(deleteToken), expiresAtMs: nowMs + deleteTokenLifetimeMs },
    signatureUse: command.signatureUse,
    job,
    finishes: command.finishes ?? null,
  };
}

/** Tokens are stored hashed: the database alone deletes nothing. */
export function hashDeleteToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function storedCoordinates(command: UploadCommand, { media }: SettledContent) {
  if (media === null) return { faceCoordinates: [], customCoordinates: [] };
  const { faces, custom } = coordinates(command, media);
  return { faceCoordinates: faces, customCoordinates: custom };
}

function eagerJob(
  command: UploadCommand,
  content: SettledContent,
  name: AssetName,
  versionId: string,
  nowMs: number,
): NewJob {
  return {
    id: randomUUID(),
    kind: 'eager' satisfies JobKind,
    cloud: command.cloud,
    subject: assetSubject({ ...command, publicId: name.publicId }),
    payload: {
      resourceType: content.resourceType,
      type: command.type,
      publicId: name.publicId,
      versionId,
      eager: command.eager.map(({ canonical, format }) => ({ canonical, format })),
    },
    runAtMs: nowMs,
  };
}
