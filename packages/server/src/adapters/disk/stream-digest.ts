import { createHash } from 'node:crypto';
import type { FileHash, Md5Worker } from './md5-worker.js';

/** Up to here a file is hashed on this thread, at its end, from the chunks still held; beyond, by the worker from the file. */
export const INLINE_HASH_MAX_BYTES = 1024 * 1024;
/** The worker is woken in steps of this size; a message per block costs a tenth of the whole upload. */
const ADVANCE_BYTES = 1024 * 1024;

/**
 * MD5 of a file that is being written, told block by block. MD5 costs as much as receiving the bytes, so larger files are hashed
 * beside the writes in {@link Md5Worker}; a small file would pay more for the hand-over than for the hash.
 */
export class StreamDigest {
  readonly #fd: number;
  readonly #worker: Md5Worker;
  #held: Uint8Array[] = [];
  #bytes = 0;
  #toldBytes = 0;
  #inWorker: FileHash | null = null;

  constructor(fd: number, worker: Md5Worker) {
    this.#fd = fd;
    this.#worker = worker;
  }

  /** These chunks are in the file now. */
  written(chunks: readonly Uint8Array[], bytes: number): void {
    this.#bytes += bytes;
    if (this.#inWorker === null && this.#bytes <= INLINE_HASH_MAX_BYTES) {
      this.#held.push(...chunks);
      return;
    }
    this.#held = [];
    this.#inWorker ??= this.#worker.begin(this.#fd);
    if (this.#bytes - this.#toldBytes < ADVANCE_BYTES) return;
    this.#toldBytes = this.#bytes;
    this.#inWorker.advance(this.#bytes);
  }

  /** 32 hex digits, over everything written so far. */
  digest(): Promise<string> {
    if (this.#inWorker !== null) return this.#inWorker.digest(this.#bytes);
    const hash = createHash('md5');
    for (const chunk of this.#held) hash.update(chunk);
    return Promise.resolve(hash.digest('hex'));
  }

  abandon(): void {
    this.#held = [];
    this.#inWorker?.abandon();
  }
}
