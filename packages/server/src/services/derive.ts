import {
  ApiError,
  type ClientHints,
  planRender,
  type RenderPlan,
  type SourceFacts,
  type Transformation,
} from '@counterseal/protocol';
import type { AccountStore } from '../ports/account-store.js';
import type { Asset, AssetStore, Derived } from '../ports/asset-store.js';
import { type BlobStore, type StagedBlob, StorageFullError } from '../ports/blob-store.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { Renderer, RenderOptions } from '../ports/renderer.js';
import type { BoundDerived } from './bound-derived.js';
import { type Content, openBlobContent, openStaged, releaseContent, retainContent } from './content.js';
import { derivedText } from './derived-text.js';
import { createFlights, type Takeoff } from './flights.js';
import { withLocalCopy } from './local-copy.js';
import { resolveTransformation } from './resolve-transformation.js';
import { requireDecodable, sourceFactsOf } from './source-facts.js';
import { createStoreDerived } from './store-derived.js';

/** Cache text of the harmless copy of an SVG original; what `fl_sanitize` asks for by name. */
const sanitizedText = 'fl_sanitize';

/** Results that may wait to be stored after they were answered; beyond it, callers wait for the disk. */
const maxPendingStores = 64;

export interface DeriveDeps {
  readonly assets: AssetStore;
  readonly blobs: BlobStore;
  readonly renderer: Renderer;
  readonly accounts: Pick<AccountStore, 'findTransformation'>;
  readonly boundDerived: Pick<BoundDerived, 'stored'>;
  /** A derivative was answered and its file removed for want of room, which it takes until kept answers let go of it. */
  readonly notStored: (asset: Asset) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface DeriveRequest {
  readonly asset: Asset;
  /** Named transformations expanded. */
  readonly transformation: Transformation;
  /** `printTransformation(transformation)`. */
  readonly canonical: string;
  readonly extension: string | null;
  readonly hints: ClientHints | null;
  /** False: only what exists already is answered, else `delivery-refused` (strict transformations). */
  readonly mayRender: boolean;
  /** Resolve only when the result is stored as part of the upload, and reject when it could not be: nobody asks for it again. */
  readonly durable?: boolean;
  /** Who asks without credentials; see {@link RenderOptions}. */
  readonly client?: string | null;
  readonly signal?: AbortSignal;
}

/** The receiver owns one hold of `content` and releases it. */
export interface DerivedFile {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** MD5, 32 hex digits. */
  readonly etag: string;
  readonly createdAtMs: number;
  readonly content: Content;
}

export interface RenderStagedRequest {
  readonly cloud: string;
  readonly inputPath: string;
  readonly inputFormat: string;
  readonly source: SourceFacts;
  readonly transformation: Transformation;
  readonly extension: string | null;
}

/** The receiver promotes or discards `staged`. */
export interface RenderedStage {
  readonly staged: StagedBlob;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly format: string;
  /** The transformation with named ones expanded; its canonical text is the key under which delivery looks. */
  readonly expanded: Transformation;
}

/**
 * Renders from a local file to a staged blob, with no client hints: eager and incoming transformations. Independent calls run in
 * parallel.
 * @throws ApiError, and the errors of the renderer and the blob store
 */
export type RenderStaged = (request: RenderStagedRequest, options?: RenderOptions) => Promise<RenderedStage>;

export interface Derive {
  /**
   * The derivative of a stored image: from the store, or rendered now. Equal requests share one job (threat model T27). A fresh
   * result is answered at once and stored afterwards; failing to store it is logged and costs the next request a render. With less
   * free space than must stay it is stored only when it is durable; a durable one that finds no room rejects with `StorageFullError`.
   * @throws ApiError, and the errors of the renderer and the blob store
   */
  derive(request: DeriveRequest): Promise<DerivedFile>;
  /** An SVG original without scripts, handlers and external references. */
  sanitized(asset: Asset, options?: RenderOptions): Promise<DerivedFile>;
  renderStaged: RenderStaged;
  /** Resolves when every answered derivative is stored; call it before closing the stores. */
  drain(): Promise<void>;
}

interface Wanted {
  readonly transformation: string;
  readonly format: string;
  readonly mayRender: boolean;
  readonly durable: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Why a fresh derivative could not be stored is known after it was answered. */
interface FlyingFile extends DerivedFile {
  readonly storing: { failure: Error | null };
}

type Write = (paths: { inputPath: string; outputPath: string }) => Promise<{ width: number; height: number }>;

export function createDerive(deps: DeriveDeps): Derive {
  const { assets, blobs, renderer, accounts, boundDerived, notStored, clock, logger } = deps;
  const flights = createFlights<FlyingFile>({
    share: (file) => ({ ...file, content: retainContent(file.content) }),
    release: (file) => releaseContent(file.content),
  });
  const store = createStoreDerived({ assets, blobs, boundDerived, logger });
  let pendingStores = 0;

  async function join(
    asset: Asset,
    wanted: Wanted,
    write: (signal: AbortSignal) => Write,
  ): Promise<DerivedFile> {
    const { transformation, format, mayRender, durable } = wanted;
    const { cloud, assetId, versionId } = asset;
    const key = { cloud, assetId, versionId, transformation, format };

    const work = async (signal: AbortSignal): Promise<Takeoff<FlyingFile>> => {
      const found = await assets.findDerived(key, { signal });
      if (found !== null) {
        const content = await openBlobContent(blobs, { key: found.blobKey, bytes: found.bytes });
        if (content !== null) return { result: { ...found, content, storing: { failure: null } } };
        logger.warn('derived file is missing', { blobKey: found.blobKey });
      }
      if (!mayRender) throw new ApiError('delivery-refused');
      return fresh(signal, found);
    };

    const fresh = async (signal: AbortSignal, gone: Derived | null): Promise<Takeoff<FlyingFile>> => {
      const { staged, width, height } = await withLocalCopy(asset.blobKey, blobs, { signal }, (inputPath) =>
        toStage(inputPath, write(signal)),
      );
      const content = await openStaged(staged);
      if (content === null) throw new Error('the rendered file vanished');
      const storing: FlyingFile['storing'] = { failure: null };
      const result = { format, width, height, etag: staged.md5, createdAtMs: clock.now(), content, storing };
      const onRequest = gone?.onRequest ?? !durable;
      const row = { ...key, width, height, createdAtMs: result.createdAtMs, onRequest };
      const afterwards = async () => {
        pendingStores++;
        storing.failure = await store(staged, row, gone);
        pendingStores--;
        if (storing.failure instanceof StorageFullError && content.kind === 'file') notStored(asset);
      };
      if (pendingStores < maxPendingStores) return { result, afterwards };
      await afterwards();
      return { result };
    };

    const flightKey = [cloud, assetId, versionId, format, mayRender, transformation].join('/');
    const file = await flights.join(flightKey, work, wanted.signal);
    if (!durable) return file;
    await flights.settled(flightKey);
    if (await keep(key)) return file;
    releaseContent(file.content);
    throw file.storing.failure ?? new Error('the derived file is gone again');
  }

  /** A viewer may have asked for it first. */
  async function keep(key: Parameters<AssetStore['findDerived']>[0]): Promise<boolean> {
    const found = await assets.findDerived(key);
    return found !== null && (!found.onRequest || assets.keepDerived(key.cloud, found.derivedId));
  }

  async function toStage(inputPath: string, write: Write) {
    const outputPath = await blobs.scratchPath();
    const { width, height } = await write({ inputPath, outputPath });
    return { staged: await blobs.adopt(outputPath), width, height };
  }

  function writePlan(plan: RenderPlan, inputFormat: string, options: RenderOptions): Write {
    return ({ inputPath, outputPath }) =>
      renderer.render({ inputPath, inputFormat, plan, outputPath }, options);
  }

  return {
    async derive({ asset, transformation, canonical, extension, hints, ...request }) {
      const { mayRender, durable = false, client = null, signal } = request;
      const plan = planRender(sourceFactsOf(asset), transformation, { extension, hints });
      const text = derivedText(transformation, canonical, hints);
      const wanted = { transformation: text, format: plan.output.format, mayRender, durable, signal };
      return join(asset, wanted, (jobSignal) =>
        writePlan(plan, asset.format ?? 'unknown', { signal: jobSignal, client }),
      );
    },

    async sanitized(asset, { signal, client = null } = {}) {
      const wanted = {
        transformation: sanitizedText,
        format: 'svg',
        mayRender: true,
        durable: false,
        signal,
      };
      const { width, height } = asset.media ?? { width: 0, height: 0 };
      return join(asset, wanted, (jobSignal) => async (paths) => {
        await renderer.sanitizeSvg(paths, { signal: jobSignal, client });
        return { width, height };
      });
    },

    async renderStaged({ cloud, inputPath, inputFormat, source, transformation, extension }, options = {}) {
      requireDecodable(inputFormat);
      const { transformation: expanded } = await resolveTransformation(cloud, transformation, accounts);
      const plan = planRender(source, expanded, { extension, hints: null });
      const write = writePlan(plan, inputFormat, options);
      const { staged, width, height } = await toStage(inputPath, write);
      return { staged, width, height, bytes: staged.bytes, format: plan.output.format, expanded };
    },

    drain: () => flights.drain(),
  };
}
