import { createHash } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { lstat, open, readdir, unlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { BlobTooLargeError, type StagedBlob } from '../../ports/blob-store.js';
import type { IoOptions } from '../../ports/io.js';
import { isStagedName, newStagedName } from './blob-keys.js';
import { CoalescingWriter } from './coalescing-writer.js';
import { type FreeSpace, RECHECK_BYTES } from './free-space.js';
import { Md5Worker } from './md5-worker.js';
import { readSource } from './source-reader.js';
import { hasCode, toStorageError } from './storage-errors.js';
import { INLINE_HASH_MAX_BYTES, StreamDigest } from './stream-digest.js';
import { READ_FLAGS, syncFile } from './sync.js';

const FILE_MODE = 0o600;
/** The bytes of an adopted file up to this size are handed on with it. */
const HANDED_ON_MAX_BYTES = 256 * 1024;

/** The files that are not blobs yet: what {@link BlobStore} calls staging, in one flat folder. */
export class StagingArea {
  readonly folder: string;
  readonly #space: FreeSpace;
  readonly #hashWorker = new Md5Worker();
  readonly #hardening = new Map<string, Promise<void>>();

  constructor(folder: string, space: FreeSpace) {
    this.folder = folder;
    this.#space = space;
  }

  async stage(
    source: AsyncIterable<Uint8Array>,
    { maxBytes, signal }: IoOptions & { maxBytes: number },
  ): Promise<StagedBlob> {
    const id = newStagedName();
    const path = this.pathOf(id);
    const reader = readSource(source, signal);
    try {
      signal?.throwIfAborted();
      await this.#space.require();
      const file = await open(path, 'wx+', FILE_MODE);
      const digest = new StreamDigest(file.fd, this.#hashWorker);
      const writer = new CoalescingWriter(file, (chunks, count) => digest.written(chunks, count));
      let bytes = 0;
      let recheckAtBytes = RECHECK_BYTES;
      try {
        for (let chunk = await reader.next(); chunk !== null; chunk = await reader.next()) {
          bytes += chunk.byteLength;
          if (bytes > maxBytes) throw new BlobTooLargeError(bytes);
          const full = writer.push(chunk);
          if (full !== null) await full;
          if (bytes < recheckAtBytes) continue;
          recheckAtBytes = bytes + RECHECK_BYTES;
          await this.#space.require();
        }
        await writer.finish();
        const md5 = await digest.digest();
        signal?.throwIfAborted();
        return { id, bytes, md5, path };
      } finally {
        digest.abandon();
        await file.close();
      }
    } catch (error) {
      await this.remove(id);
      throw toStorageError(error);
    } finally {
      reader.close();
    }
  }

  scratchPath(): string {
    return this.pathOf(newStagedName());
  }

  /** A scratch file has just been written: it is looked at where it lies in memory, without a turn of the thread pool for each step. */
  async adopt(path: string, { signal }: IoOptions = {}): Promise<StagedBlob> {
    const id = basename(path);
    if (resolve(path) !== this.pathOf(id)) throw new Error('not a scratch path of this store');
    try {
      signal?.throwIfAborted();
      const fd = openSync(path, READ_FLAGS);
      try {
        fchmodSync(fd, FILE_MODE);
        const { size } = fstatSync(fd);
        if (size <= INLINE_HASH_MAX_BYTES) {
          const data = readFileSync(fd);
          const staged = { id, path, bytes: data.length, md5: md5Of(data) };
          return data.length <= HANDED_ON_MAX_BYTES ? { ...staged, data } : staged;
        }
        const md5 = await this.#hashWorker.begin(fd).digest(size);
        signal?.throwIfAborted();
        return { id, path, bytes: size, md5 };
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      await this.remove(id);
      throw toStorageError(error);
    }
  }

  /** The path of a staged name; throws for what is none, so that nothing else ever becomes a path. */
  pathOf(name: string): string {
    if (!isStagedName(name)) throw new Error('not a staged blob of this store');
    return join(this.folder, name);
  }

  /** Begins the sync of a file that is complete. How it ends is learned by {@link hardened}. */
  harden(name: string): void {
    const syncing = syncFile(this.pathOf(name));
    syncing.catch(() => {});
    this.#hardening.set(name, syncing);
  }

  /** Resolves when the bytes of a complete file survive a power cut. */
  async hardened(name: string): Promise<void> {
    await (this.#hardening.get(name) ?? syncFile(this.pathOf(name)));
    this.#hardening.delete(name);
  }

  /** Idempotent. */
  async remove(name: string): Promise<void> {
    this.#hardening.delete(name);
    await unlink(this.pathOf(name)).catch(nullIfAbsent);
  }

  /** Removes what was last written before `beforeMs`; answers how many. */
  async sweep(beforeMs: number, { signal }: IoOptions = {}): Promise<number> {
    let removed = 0;
    for (const name of (await readdir(this.folder)).filter(isStagedName)) {
      signal?.throwIfAborted();
      const found = await lstat(this.pathOf(name)).catch(nullIfAbsent);
      if (found === null || found.mtimeMs >= beforeMs) continue;
      await this.remove(name);
      removed += 1;
    }
    return removed;
  }

  close(): Promise<void> {
    return this.#hashWorker.close();
  }
}

function md5Of(data: Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

/** For `catch`: no such file, or a link in its place, is an absent blob. */
export function nullIfAbsent(error: unknown): null {
  if (hasCode(error, 'ENOENT', 'ELOOP')) return null;
  throw error;
}
