import type { IoOptions } from './io.js';

/**
 * Bytes under server-made, write-once keys. Two areas: *staging* (uploads under way; not durable, not visible, removed by the
 * sweeper when old) and *final* (durable: after `promote` resolves the bytes and the name survive a power cut).
 *
 * Keys are made by {@link BlobStore.newKey}; nothing a client sends is ever part of one.
 */
export interface BlobStore {
  /**
   * Streams bytes into staging with hash and count on the way, in bounded memory. On error, abort, or more than `maxBytes`
   * (rejects with `BlobTooLargeError`) nothing is left behind. The source is always closed. Rejects with `StorageFullError`
   * when there is no space, or less than must stay free.
   */
  stage(source: AsyncIterable<Uint8Array>, options: IoOptions & { maxBytes: number }): Promise<StagedBlob>;
  /** A fresh name in staging for a local file that a child process will write; adopt it with {@link adopt}. */
  scratchPath(): Promise<string>;
  /** Takes a finished scratch file into staging: counts and hashes it. */
  adopt(path: string, options?: IoOptions): Promise<StagedBlob>;

  /** Optional: begins to make a staged blob durable that is probably wanted, so that {@link promote} has less to wait for. */
  harden?(staged: StagedBlob): void;
  /** False when no more than what must be kept should be: there is less free space than the operator wants to stay free. */
  hasRoom(): Promise<boolean>;

  /** A new final key; `area` separates originals from derived files for the operator's eyes only. */
  newKey(area: 'original' | 'derived'): string;
  /** fsync of the file, rename, fsync of the folder. Rejects when the key exists (keys are write-once). */
  promote(staged: StagedBlob, key: string, options?: IoOptions): Promise<void>;
  /** Removes a staged blob that is not wanted. Idempotent. */
  discard(staged: StagedBlob): Promise<void>;

  /** Null when absent. */
  stat(key: string, options?: IoOptions): Promise<{ bytes: number; modifiedAtMs: number } | null>;
  /** Null when absent. `range` is inclusive and must lie inside the blob. The caller closes (cancels) the stream. */
  read(
    key: string,
    options?: IoOptions & { range?: { start: number; end: number } },
  ): Promise<ReadableStream<Uint8Array> | null>;
  /** Idempotent. */
  delete(key: string, options?: IoOptions): Promise<void>;

  /** All final keys older than `beforeMs`, any order. */
  list(options: IoOptions & { beforeMs: number }): AsyncIterable<string>;
  /** Removes staged files last written before `beforeMs`; answers how many. */
  sweepStaging(beforeMs: number, options?: IoOptions): Promise<number>;

  /** Optional capability: the local path of a final blob, for decoders and kept descriptors. */
  localPath?(key: string): string;
}

export interface StagedBlob {
  readonly id: string;
  readonly bytes: number;
  /** MD5, 32 hex digits. */
  readonly md5: string;
  /** Local path, readable by this machine's processes, until promoted or discarded. */
  readonly path: string;
  /** The bytes themselves, where they are few and the store had them in hand. */
  readonly data?: Uint8Array;
}

export class BlobTooLargeError extends Error {
  override readonly name = 'BlobTooLargeError';
  readonly bytes: number;
  constructor(bytes: number) {
    super('blob too large');
    this.bytes = bytes;
  }
}

export class StorageFullError extends Error {
  override readonly name = 'StorageFullError';
}
