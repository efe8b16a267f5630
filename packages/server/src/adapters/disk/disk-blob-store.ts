import { link, lstat, mkdir, open, readdir, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { BlobStore, StagedBlob } from '../../ports/blob-store.js';
import { DuplicateError, type IoOptions } from '../../ports/io.js';
import { blobPath, isBlobKey, isShard, newBlobKey, shardOf } from './blob-keys.js';
import { type ByteRange, checkRange, streamFile } from './blob-reader.js';
import { ShardFolders } from './folders.js';
import { FreeSpace } from './free-space.js';
import { nullIfAbsent, StagingArea } from './staging-area.js';
import { hasCode, toStorageError } from './storage-errors.js';
import { READ_FLAGS, syncFolder } from './sync.js';

const FOLDER_MODE = 0o700;

export interface DiskBlobStoreOptions {
  /** With less free space nothing more is staged. 0, the default: only a full disk refuses. */
  readonly minFreeBytes?: number;
}

/**
 * Blobs as files below one folder: `staging/<name>` while they come in, `blobs/<xx>/<key>` for good. The file system must know
 * hard links: a link never replaces a file, which makes keys write-once.
 */
export class DiskBlobStore implements BlobStore {
  readonly #blobsFolder: string;
  readonly #space: FreeSpace;
  readonly #staging: StagingArea;
  readonly #shards: ShardFolders;

  private constructor(root: string, { minFreeBytes = 0 }: DiskBlobStoreOptions) {
    this.#blobsFolder = join(root, 'blobs');
    this.#space = new FreeSpace(root, minFreeBytes);
    this.#staging = new StagingArea(join(root, 'staging'), this.#space);
    this.#shards = new ShardFolders(this.#blobsFolder);
  }

  /** Opens the folder, making it (durably) when it is missing. */
  static async open(rootFolder: string, options: DiskBlobStoreOptions = {}): Promise<DiskBlobStore> {
    const root = resolve(rootFolder);
    const store = new DiskBlobStore(root, options);
    const made = await mkdir(root, { recursive: true, mode: FOLDER_MODE });
    await mkdir(store.#staging.folder, { recursive: true, mode: FOLDER_MODE });
    await mkdir(store.#blobsFolder, { recursive: true, mode: FOLDER_MODE });
    await store.#shards.make();
    await syncFolder(root);
    for (let folder = root; made !== undefined && folder !== dirname(made); ) {
      folder = dirname(folder);
      await syncFolder(folder);
    }
    return store;
  }

  stage(source: AsyncIterable<Uint8Array>, options: IoOptions & { maxBytes: number }): Promise<StagedBlob> {
    return this.#staging.stage(source, options);
  }

  async scratchPath(): Promise<string> {
    return this.#staging.scratchPath();
  }

  adopt(path: string, options?: IoOptions): Promise<StagedBlob> {
    return this.#staging.adopt(path, options);
  }

  harden({ id }: StagedBlob): void {
    this.#staging.harden(id);
  }

  hasRoom(): Promise<boolean> {
    return this.#space.hasRoom();
  }

  newKey(area: 'original' | 'derived'): string {
    return newBlobKey(area);
  }

  /**
   * One order only: the bytes are on the disk before they get their name, and the name before the promise resolves. The name in
   * staging goes without a sync: should a power cut bring it back, it is a second name of the same bytes, which the sweeper takes.
   */
  async promote(staged: StagedBlob, key: string, { signal }: IoOptions = {}): Promise<void> {
    const finalPath = blobPath(this.#blobsFolder, key);
    const stagedPath = this.#staging.pathOf(staged.id);
    signal?.throwIfAborted();
    try {
      await Promise.all([this.#staging.hardened(staged.id), this.#shards.exists(shardOf(key))]);
      signal?.throwIfAborted();
      await link(stagedPath, finalPath);
      await Promise.all([unlink(stagedPath), syncFolder(dirname(finalPath))]);
    } catch (error) {
      if (hasCode(error, 'EEXIST')) throw new DuplicateError('blob key exists', { cause: error });
      throw toStorageError(error);
    }
  }

  async discard(staged: StagedBlob): Promise<void> {
    await this.#staging.remove(staged.id);
  }

  async stat(
    key: string,
    { signal }: IoOptions = {},
  ): Promise<{ bytes: number; modifiedAtMs: number } | null> {
    const path = blobPath(this.#blobsFolder, key);
    signal?.throwIfAborted();
    if (!(await this.#shards.exists(shardOf(key)))) return null;
    const found = await lstat(path).catch(nullIfAbsent);
    return found?.isFile() ? { bytes: found.size, modifiedAtMs: Math.trunc(found.mtimeMs) } : null;
  }

  async read(
    key: string,
    options: IoOptions & { range?: ByteRange } = {},
  ): Promise<ReadableStream<Uint8Array> | null> {
    const path = blobPath(this.#blobsFolder, key);
    if (options.range !== undefined) checkRange(options.range);
    options.signal?.throwIfAborted();
    if (!(await this.#shards.exists(shardOf(key)))) return null;
    const file = await open(path, READ_FLAGS).catch(nullIfAbsent);
    return file === null ? null : streamFile(file, options);
  }

  async delete(key: string, { signal }: IoOptions = {}): Promise<void> {
    const path = blobPath(this.#blobsFolder, key);
    signal?.throwIfAborted();
    if (await this.#shards.exists(shardOf(key))) await unlink(path).catch(nullIfAbsent);
  }

  /** Age counts from promotion (linking changes a file's ctime), not from an upload that may have begun long before. */
  async *list({ beforeMs, signal }: IoOptions & { beforeMs: number }): AsyncIterable<string> {
    for (const shard of (await readdir(this.#blobsFolder)).filter(isShard)) {
      if (!(await this.#shards.exists(shard))) continue;
      for (const key of (await readdir(join(this.#blobsFolder, shard))).filter(isBlobKey)) {
        signal?.throwIfAborted();
        if (shardOf(key) !== shard) continue;
        const found = await lstat(blobPath(this.#blobsFolder, key)).catch(nullIfAbsent);
        if (found?.isFile() && found.ctimeMs < beforeMs) yield key;
      }
    }
  }

  sweepStaging(beforeMs: number, options?: IoOptions): Promise<number> {
    return this.#staging.sweep(beforeMs, options);
  }

  localPath(key: string): string {
    return blobPath(this.#blobsFolder, key);
  }

  /** Ends the hash thread. Uploads still under way may fail. */
  close(): Promise<void> {
    return this.#staging.close();
  }
}
