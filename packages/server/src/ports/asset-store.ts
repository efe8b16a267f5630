import type { Rectangle } from '@counterseal/protocol';
import type { IoOptions } from './io.js';
import type { JobLease, NewJob } from './job-queue.js';
import type { UploadLease } from './upload-lease.js';

/**
 * What is stored and what was derived from it. Rows only; bytes live in the BlobStore under the keys named here.
 *
 * Every call is bound to one cloud. Each mutation is one durable transaction: when the promise resolves, the change survives a
 * power cut. Blobs that a mutation makes unreachable are returned to the caller, who deletes them afterwards; the sweeper
 * removes those that a crash leaves behind.
 */
export interface AssetStore {
  /**
   * Makes a new asset, or a new version of the one with the same (cloud, resourceType, type, publicId).
   *
   * With `overwrite: false` an existing asset is left alone and returned as `exists` (nothing is written). An overwrite keeps
   * `assetId` and `createdAtMs`, replaces everything else, and drops the derived rows of the version before. `version` is the
   * upload time in seconds, but always above the version it replaces. Jobs commit with the row or not at all.
   */
  putAsset(command: PutAsset, options?: IoOptions): Promise<PutAssetResult>;

  findAsset(address: AssetAddress, options?: IoOptions): Promise<Asset | null>;
  findAssetById(cloud: string, assetId: string, options?: IoOptions): Promise<Asset | null>;

  /** Newest first (or oldest, exactly reversed), by (createdAtMs, assetId). Cursor paging; never OFFSET. */
  listAssets(query: AssetQuery, options?: IoOptions): Promise<AssetPage>;

  /** Removes the asset and its derived rows. Null when there is none. */
  deleteAsset(address: AssetAddress, options?: IoOptions): Promise<DeletedAsset | null>;

  /**
   * Records a derivative, unless the asset has another version by now or the derivative already exists: then `false` and the
   * caller removes its blob. Unique on (assetId, versionId, transformation, format). With `replaces`, that row goes first, if it
   * still names that blob: its bytes are gone.
   */
  addDerived(
    cloud: string,
    derived: NewDerived,
    options?: IoOptions & { replaces?: Pick<Derived, 'derivedId' | 'blobKey'> | null },
  ): Promise<boolean>;
  /** Makes a derivative part of its upload (`onRequest` is false from now on). False when there is none any more. */
  keepDerived(cloud: string, derivedId: string, options?: IoOptions): Promise<boolean>;
  /** What all derivatives made on request take, in all clouds; a small one counts as {@link leastDerivedBytes}. */
  derivedOnRequestBytes(options?: IoOptions): Promise<number>;
  /**
   * Removes the oldest derivatives made on request until what was removed took `bytes` or more, at most `limit` of them. Looks at no
   * others: as many calls as it takes cost no more than what they remove.
   */
  dropOldestDerived(
    much: { bytes: number; limit: number },
    options?: IoOptions,
  ): Promise<{ readonly blobKeys: readonly string[]; readonly bytes: number }>;
  findDerived(
    key: { cloud: string; assetId: string; versionId: string; transformation: string; format: string },
    options?: IoOptions,
  ): Promise<Derived | null>;
  /** Oldest first. */
  listDerived(cloud: string, assetId: string, options?: IoOptions): Promise<Derived[]>;
  /** Those of the transformations by which something was derived. */
  usedTransformations(
    query: { cloud: string; transformations: readonly string[] },
    options?: IoOptions,
  ): Promise<Set<string>>;
  /** Removes derived rows: all of the asset, or those of one transformation across the cloud. Returns their blob keys. */
  deleteDerived(
    filter: { cloud: string; assetId: string } | { cloud: string; transformation: string },
    options?: IoOptions,
  ): Promise<string[]>;

  /** Stores the hash of a delete token. Consumed once by {@link takeDeleteToken}. */
  takeDeleteToken(
    token: { cloud: string; tokenHash: string; nowMs: number },
    options?: IoOptions,
  ): Promise<AssetAddress | null>;

  /** Of the given blob keys, those that some asset or derived row refers to. For the sweeper. */
  referencedBlobs(keys: readonly string[], options?: IoOptions): Promise<Set<string>>;
  /** Every blob key a row refers to, in pages ordered by key. For checking that no row is without bytes. */
  listBlobKeys(page: { after: string | null; limit: number }, options?: IoOptions): Promise<string[]>;

  counts(cloud: string, options?: IoOptions): Promise<{ assets: number; derived: number; bytes: number }>;
}

export type ResourceType = 'image' | 'video' | 'raw';
export type DeliveryType = 'upload' | 'private' | 'authenticated';

export interface AssetAddress {
  readonly cloud: string;
  readonly resourceType: ResourceType;
  readonly type: DeliveryType;
  readonly publicId: string;
}

export interface Asset extends AssetAddress {
  /** 32 hex digits, fixed for life. */
  readonly assetId: string;
  readonly versionId: string;
  /** Seconds; grows with every overwrite. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Extension by content (`jpg`, `png`, `mp4`); null for raw files. */
  readonly format: string | null;
  readonly bytes: number;
  /** MD5 of the stored bytes, 32 hex digits. */
  readonly etag: string;
  readonly blobKey: string;
  /** Without extension, as the client named the file; null when it gave no name or asked to discard it. */
  readonly originalFilename: string | null;
  /** Extension the client's file name had, lower case, without dot. */
  readonly originalExtension: string | null;
  readonly displayName: string;
  readonly assetFolder: string;
  readonly tags: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  readonly media: MediaFacts | null;
  readonly faceCoordinates: readonly Rectangle[];
  readonly customCoordinates: readonly Rectangle[];
  /** Wire name -> value of stored settings that later answers must repeat (for example `headers`, `metadata`). */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What probing found. Image and video sizes are upright. */
export interface MediaFacts {
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  readonly orientation: number;
  readonly hasAlpha: boolean;
  /** Video and audio only: wire-shaped `audio`, `video`, `duration`, `bit_rate`, `frame_rate`, `nb_frames`, `is_audio`, `rotation`. */
  readonly video?: Readonly<Record<string, unknown>>;
}

export interface PutAsset {
  /** `version`, `assetId` and `createdAtMs` are decided by the store. */
  readonly asset: Omit<Asset, 'version' | 'assetId' | 'createdAtMs'> & {
    /** Used when the asset is new. */
    readonly newAssetId: string;
  };
  readonly derived: readonly Omit<NewDerived, 'assetId' | 'versionId'>[];
  readonly jobs: readonly NewJob[];
  readonly overwrite: boolean;
  readonly deleteToken: { readonly tokenHash: string; readonly expiresAtMs: number } | null;
  /** Set when the signature may complete one upload only: a second use is refused. */
  readonly signatureUse: { readonly hash: string; readonly expiresAtMs: number } | null;
  /** The job that this upload is. It ends in the same transaction, so that it is done once; refused when somebody else has it. */
  readonly job?: JobLease | null;
  /** The chunked upload that ends with this asset, in the same transaction: refused when the lease is somebody else's. */
  readonly finishes?: UploadLease | null;
}

export type PutAssetResult =
  | { readonly outcome: 'created'; readonly asset: Asset; readonly derived: readonly Derived[] }
  | {
      readonly outcome: 'overwritten';
      readonly asset: Asset;
      readonly derived: readonly Derived[];
      readonly orphanedBlobs: readonly string[];
    }
  | { readonly outcome: 'exists'; readonly asset: Asset }
  | { readonly outcome: 'signature-used' }
  | { readonly outcome: 'lease-lost' };

export interface NewDerived {
  /** 32 hex digits. */
  readonly derivedId: string;
  readonly assetId: string;
  readonly versionId: string;
  /** Canonical transformation text, named ones expanded. */
  readonly transformation: string;
  /** Extension of the result. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** MD5, 32 hex digits. */
  readonly etag: string;
  readonly blobKey: string;
  readonly createdAtMs: number;
  /** Made because a viewer asked: may be dropped to make room. False: part of what an upload was answered with. */
  readonly onRequest: boolean;
}

export type Derived = NewDerived;

/** No file takes less of a disk than a block, nor its row of the database than some of one. */
export const leastDerivedBytes = 4096;

export interface AssetQuery {
  readonly cloud: string;
  readonly resourceType: ResourceType | null;
  readonly type: DeliveryType | null;
  /** Public ids that start with this text. */
  readonly prefix?: string;
  readonly publicIds?: readonly string[];
  readonly tag?: string;
  readonly startAtMs?: number;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly cursor: AssetCursor | null;
}

export interface AssetCursor {
  readonly createdAtMs: number;
  readonly assetId: string;
}

export interface AssetPage {
  readonly assets: readonly Asset[];
  /** Null on the last page. */
  readonly next: AssetCursor | null;
}

export interface DeletedAsset {
  readonly asset: Asset;
  readonly derivedCount: number;
  readonly orphanedBlobs: readonly string[];
}
