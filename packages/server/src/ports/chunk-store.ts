import type { ResourceType } from './asset-store.js';
import type { IoOptions } from './io.js';
import type { UploadLease } from './upload-lease.js';

/**
 * Uploads that arrive in chunks: which bytes are there, and who puts them together. Rows only; each chunk is a final blob of the
 * BlobStore under the key named here, until its upload is finished or has expired.
 *
 * Several servers may share the data. Each mutation is one durable transaction: when the promise resolves, it survives a power
 * cut.
 */
export interface ChunkStore {
  /**
   * Shows `decide` an upload as it is and writes what it answers, in one transaction that nobody comes between. `decide` is pure:
   * an engine may have to ask it again. `at` says which chunks it gets to see, and the network of a stranger who asks.
   */
  change<Result>(
    key: UploadKey,
    at: ByteSpan & { readonly network?: string | null },
    decide: (found: FoundUpload) => { write: UploadChange | null; result: Result },
    options?: IoOptions,
  ): Promise<Result>;

  find(key: UploadKey, options?: IoOptions): Promise<ChunkedUpload | null>;
  /** In the order of their bytes. */
  listChunks(id: string, options?: IoOptions): Promise<StoredChunk[]>;

  /** False when the lease is somebody else's by now, or the upload is finished. */
  renewLease(lease: UploadLease, untilMs: number, options?: IoOptions): Promise<boolean>;
  /** Gives the lease back: whoever comes next may put the upload together. */
  releaseLease(lease: UploadLease, options?: IoOptions): Promise<void>;
  /**
   * Records how the upload ended and lets go of its chunks' bytes. Answers their blob keys, for the caller to delete. Changes
   * nothing and answers none when the lease is somebody else's.
   */
  finish(
    lease: UploadLease,
    end: { outcome: UploadOutcome; nowMs: number },
    options?: IoOptions,
  ): Promise<string[]>;

  /**
   * Removes uploads that nothing has happened to since the given times, unless somebody holds a lease. At most `limit` of them;
   * answers how many and the keys of their blobs, for the caller to delete.
   */
  takeExpired(
    request: { openBeforeMs: number; finishedBeforeMs: number; nowMs: number; limit: number },
    options?: IoOptions,
  ): Promise<{ uploads: number; blobKeys: string[] }>;
  /** Of the given blob keys, those that are a chunk. For the sweeper. */
  referencedBlobs(keys: readonly string[], options?: IoOptions): Promise<Set<string>>;
}

/** The same upload id of another cloud, key or preset is another upload (rulings, docs/decisions/0002). */
export interface UploadKey {
  readonly cloud: string;
  /** `key:` and the API key, or `preset:` and the preset's id. */
  readonly owner: string;
  /** What the client calls the upload. */
  readonly uploadId: string;
}

/** Bytes of the whole file, from `start` up to but not including `end`. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

export interface StoredChunk extends ByteSpan {
  /** 32 hex digits. */
  readonly md5: string;
  /** Null once the upload is finished. */
  readonly blobKey: string | null;
}

export interface ChunkedUpload {
  /** Made by the server. */
  readonly id: string;
  readonly resourceType: ResourceType | 'auto';
  /** What the first chunk made it; null while it depends on what the bytes are. */
  readonly publicId: string | null;
  /** The client's file name, of the chunk that came first. */
  readonly filename: { readonly stem: string; readonly extension: string | null } | null;
  /** Null until a chunk has told. */
  readonly totalBytes: number | null;
  readonly receivedBytes: number;
  /** End of the last chunk there is. */
  readonly endBytes: number;
  /** Of the stranger who began it; null for who has a key. */
  readonly network: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly lease: { readonly token: string; readonly untilMs: number } | null;
  readonly finished: FinishedUpload | null;
}

export interface FinishedUpload {
  /** The asset it became; null when it failed or waits in the job queue. */
  readonly assetId: string | null;
  /** Null when a crash came between the asset and this. */
  readonly outcome: UploadOutcome | null;
}

/** The answer the client was given, or the text of the error that no retry can mend. */
export type UploadOutcome =
  | {
      readonly answer: Readonly<Record<string, unknown>>;
      /** Hash of the signature that was used up; null when it may be used again. */
      readonly usedSignature: string | null;
    }
  | { readonly failure: string };

export interface FoundUpload {
  readonly upload: ChunkedUpload | null;
  /** Chunks that share bytes with the span. */
  readonly touching: readonly StoredChunk[];
  /** Unfinished uploads of the same cloud and owner, this one included. */
  readonly open: OpenUploads;
  /** Those of them that one network began: the upload's, or, where there is none, that of who asks. */
  readonly openOfNetwork: OpenUploads;
}

interface OpenUploads {
  readonly uploads: number;
  readonly bytes: number;
}

export interface UploadChange {
  /** The upload from now on. With another `id` than the one found, it takes the place of that one. */
  readonly upload: ChunkedUpload;
  /** A chunk to add. */
  readonly chunk: StoredChunk | null;
}
