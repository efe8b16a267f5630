import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { EagerItem } from '@counterseal/protocol';
import { ApiError } from '@counterseal/protocol';
import type { Asset, AssetStore, Derived, PutAssetResult } from '../ports/asset-store.js';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';
import type { Clock } from '../ports/clock.js';
import type { NewJob } from '../ports/job-queue.js';
import type { Logger } from '../ports/logger.js';
import type { Analysis, AnalysisResult, Renderer } from '../ports/renderer.js';
import type { RenderStaged } from './derive.js';
import { type EagerRendition, renderEager } from './eager.js';
import { type AssetName, nameAsset, type UploadedName } from './name-asset.js';
import { randomHexId } from './random-id.js';
import { coordinates, type SettledContent, settleContent } from './settle-content.js';
import type { UploadCommand } from './upload-command.js';

/** How long a delete token works (upload-api reference, section 3.6). */
const deleteTokenLifetimeMs = 10 * 60 * 1000;

export interface IngestDeps {
  readonly assets: AssetStore;
  readonly blobs: BlobStore;
  readonly renderer: Renderer;
  readonly renderStaged: RenderStaged;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly folderMode: 'fixed' | 'dynamic';
  /** Tells the delivery caches that an asset has changed. */
  readonly assetChanged: (asset: Asset) => void;
  /** Tells the job runner that there is work. */
  readonly jobsAdded: () => void;
}

export interface UploadInput {
  readonly staged: StagedBlob;
  readonly uploaded: UploadedName | null;
}

export interface IngestResult {
  readonly outcome: 'created' | 'overwritten' | 'exists';
  readonly asset: Asset;
  /** In request order; `derived` null while an asynchronous item is under way. */
  readonly eager: readonly { readonly item: EagerItem; readonly derived: Derived | null }[];
  readonly batchId: string | null;
  readonly analysis: AnalysisResult;
  readonly deleteToken: string | null;
}

export type IngestUpload = (
  command: UploadCommand,
  input: UploadInput,
  options?: { signal?: AbortSignal },
) => Promise<IngestResult>;

/**
 * Staged bytes -> stored asset with its eager derivatives. Takes over `input.staged`. When it resolves, bytes and rows survive
 * a power cut; when it rejects, nothing is left behind (rule 1 of docs/architecture.md).
 */
export function createIngestUpload(deps: IngestDeps): IngestUpload {
  return async (command, input, options = {}) => {
    const staged = new Set<StagedBlob>([input.staged]);
    const promoted: string[] = [];
    try {
      const content = await settleContent(command, input, deps, options);
      staged.add(content.staged);
      const name = nameAsset(command.naming, {
        resourceType: content.resourceType,
        uploaded: input.uploaded,
        folderMode: deps.folderMode,
      });
      const existing = await findExisting(command, content, name, deps);
      if (existing !== null) return existingResult(existing);

      const renditions = await renderEager(command, content, deps, options);
      for (const { staged: derived } of renditions.files) staged.add(derived);
      const analysis = await analyse(command, content, deps.renderer, options);
      const stored = await store(command, content, name, renditions.files, deps, { staged, promoted });
      if (stored.outcome === 'signature-used') throw new ApiError('signature-used');
      if (stored.outcome === 'exists') return existingResult(stored.asset);
      promoted.length = 0;
      await afterCommit(stored, deps);
      return {
        outcome: stored.outcome,
        asset: stored.asset,
        eager: renditions.items.map(({ item, key }) => ({
          item,
          derived: stored.derived.find((row) => `${row.transformation}/${row.format}` === key) ?? null,
        })),
        batchId: renditions.deferred ? stored.batchId : null,
        analysis,
        deleteToken: stored.deleteToken,
      };
    } finally {
      await Promise.all([...staged].map((blob) => deps.blobs.discard(blob)));
      await Promise.all(promoted.map((key) => deps.blobs.delete(key)));
    }
  };
}

/** `overwrite: false` and the id is taken: answered before any rendering (the transaction decides again). */
async function findExisting(
  command: UploadCommand,
  content: SettledContent,
  name: AssetName,
  { assets }: IngestDeps,
): Promise<Asset | null> {
  if (command.overwrite || name.random) return null;
  const { resourceType } = content;
  return assets.findAsset({
    cloud: command.cloud,
    resourceType,
    type: command.type,
    publicId: name.publicId,
  });
}

function existingResult(asset: Asset): IngestResult {
  return { outcome: 'exists', asset, eager: [], batchId: null, analysis: {}, deleteToken: null };
}

async function analyse(
  command: UploadCommand,
  content: SettledContent,
  renderer: Renderer,
  options: { signal?: AbortSignal },
): Promise<AnalysisResult> {
  const want = (['colors', 'phash', 'metadata'] as const satisfies readonly Analysis[]).filter(
    (name) => command.analyse[name],
  );
  if (want.length === 0 || !content.decodable || content.format === null) return {};
  return renderer.analyse({ inputPath: content.staged.path, inputFormat: content.format, want }, options);
}

type Stored = Exclude<PutAssetResult, { outcome: 'exists' } | { outcome: 'signature-used' }> & {
  readonly batchId: string;
  readonly deleteToken: string | null;
};

/** Bytes first (durable under new keys), then rows and jobs in one transaction. */
async function store(
  command: UploadCommand,
  content: SettledContent,
  name: AssetName,
  renditions: readonly EagerRendition[],
  { assets, blobs, clock }: IngestDeps,
  made: { staged: Set<StagedBlob>; promoted: string[] },
): Promise<Stored | Extract<PutAssetResult, { outcome: 'exists' } | { outcome: 'signature-used' }>> {
  const promote = async (blob: StagedBlob, area: 'original' | 'derived'): Promise<string> => {
    const key = blobs.newKey(area);
    made.promoted.push(key);
    await blobs.promote(blob, key);
    made.staged.delete(blob);
    return key;
  };
  const [blobKey, derivedKeys] = await Promise.all([
    promote(content.staged, 'original'),
    Promise.all(renditions.map(({ staged }) => promote(staged, 'derived'))),
  ]);
  const nowMs = clock.now();
  const deleteToken = command.returnDeleteToken ? randomBytes(24).toString('base64url') : null;
  const batchId = randomHexId();
  const versionId = randomHexId();
  const deferred = command.eagerAsync && command.eager.length > 0 && content.decodable;
  const result = await assets.putAsset({
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
      blobKey,
      originalFilename: name.originalFilename,
      originalExtension: null,
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
      blobKey: derivedKeys[index] ?? '',
      createdAtMs: nowMs,
    })),
    jobs: deferred ? [eagerJob(command, content, name, versionId, nowMs)] : [],
    overwrite: command.overwrite,
    deleteToken:
      deleteToken === null
        ? null
        : { tokenHash: hashDeleteToken(deleteToken), expiresAtMs: nowMs + deleteTokenLifetimeMs },
    signatureUse: command.signatureUse,
  });
  if (result.outcome === 'exists' || result.outcome === 'signature-used') return result;
  return { ...result, batchId, deleteToken };
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
    kind: 'eager',
    cloud: command.cloud,
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

async function afterCommit(stored: Stored, deps: IngestDeps): Promise<void> {
  deps.assetChanged(stored.asset);
  deps.jobsAdded();
  if (stored.outcome !== 'overwritten') return;
  for (const key of stored.orphanedBlobs) {
    await deps.blobs
      .delete(key)
      .catch((error: unknown) => deps.logger.warn('blob left to the sweeper', { key, error }));
  }
}
