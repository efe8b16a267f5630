import { statfsSync } from 'node:fs';
import { StorageFullError } from '../../ports/blob-store.js';

/** What an upload writes before the free space is looked at again. */
export const RECHECK_BYTES = 16 * 1024 * 1024;

/**
 * The floor below which nothing more is taken in, so that the database, its log and the removals that make room still find space
 * (threat model T6). Uploads under way at one time may each pass it by {@link RECHECK_BYTES}.
 */
export class FreeSpace {
  readonly #folder: string;
  readonly #minFreeBytes: number;

  constructor(folder: string, minFreeBytes: number) {
    this.#folder = folder;
    this.#minFreeBytes = minFreeBytes;
  }

  async hasRoom(): Promise<boolean> {
    return this.#missing() === null;
  }

  /** Rejects with `StorageFullError`. */
  async require(): Promise<void> {
    const missing = this.#missing();
    if (missing !== null) throw new StorageFullError(missing);
  }

  /** What is wrong, in words for the log; null when there is room. A file system that tells no size has room. */
  #missing(): string | null {
    if (this.#minFreeBytes === 0) return null;
    const { bavail, bsize, blocks } = statfsSync(this.#folder);
    const freeBytes = bavail * bsize;
    if (blocks === 0 || freeBytes >= this.#minFreeBytes) return null;
    return `${freeBytes} bytes are free, ${this.#minFreeBytes} must stay`;
  }
}
