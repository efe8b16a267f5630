import { ApiError, type EagerItem } from '@counterseal/protocol';
import type { Asset, AssetStore, Derived } from '../ports/asset-store.js';
import type { BlobStore, StagedBlob } from '../ports/blob-store.js';
import type { Clock } from '../ports/clock.js';
import type { JobLease } from '../ports/job-queue.js';
import type { Logger } from '../ports/logger.js';
import type { Analysis, AnalysisResult, Renderer, RenderOptions } from '../ports/renderer.js';
import type { RenderStaged } from './derive.js';
import { renderEager } from './eager.js';
import { type AssetName, nameAsset, type UploadedName } from './name-asset.js';
import { type SettledContent, settleContent } from './settle-content.js';
import { type StoredAsset, storeAsset } from './store-asset.js';
import type { UploadCommand } from './upload-command.js';

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

/** Somebody else finishes this upload, or has finished it. Nothing was stored. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export interface IngestOptions extends RenderOptions {
  /** The job that this upload is; ends with the transaction that stores the asset. */
  readonly job?: JobLease;
}

export type IngestUpload = (
  command: UploadCommand,
  input: UploadInput,
  options?: IngestOptions,
) => Promise<IngestResult>;

/**
 * Staged bytes -> stored asset with its eager derivatives. Takes over `input.staged`. When it resolves, bytes and rows survive
 * a power cut; when it rejects, nothing is left behind (rule 1 of docs/architecture.md).
 */
export function createIngestUpload(deps: IngestDeps): IngestUpload {
  return async (command, input, options = {}) => {
    const staged = new Set<StagedBlob>([input.staged]);
    try {
      // Beside looking at them and rendering from them. What an incoming transformation replaces is not kept.
      if (command.transformation === null) deps.blobs.harden?.(input.staged);
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
      const parts = {
        command,
        content,
        name,
        uploaded: input.uploaded,
        renditions: renditions.files,
        job: options.job ?? null,
      };
      const stored = await storeAsset(parts, deps);
      staged.clear();
      if (stored.outcome === 'signature-used') throw new ApiError('signature-used');
      if (stored.outcome === 'lease-lost') throw new LeaseLostError();
      if (stored.outcome === 'exists') return existingResult(stored.asset);
      await afterCommit(stored, deps);
      if (renditions.deferred) deps.jobsAdded();
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
  options: RenderOptions,
): Promise<AnalysisResult> {
  const want = (['colors', 'phash', 'metadata'] as const satisfies readonly Analysis[]).filter(
    (name) => command.analyse[name],
  );
  if (want.length === 0 || !content.decodable || content.format === null) return {};
  return renderer.analyse({ inputPath: content.staged.path, inputFormat: content.format, want }, options);
}

async function afterCommit(stored: StoredAsset, deps: IngestDeps): Promise<void> {
  deps.assetChanged(stored.asset);
  if (stored.outcome !== 'overwritten') return;
  for (const key of stored.orphanedBlobs) {
    await deps.blobs
      .delete(key)
      .catch((error: unknown) => deps.logger.warn('blob left to the sweeper', { key, error }));
  }
}
