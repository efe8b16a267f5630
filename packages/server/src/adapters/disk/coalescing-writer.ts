import type { FileHandle } from 'node:fs/promises';

/** 256 KiB halve the CPU of a plain pipe and keep many parallel uploads small in memory. */
export const BLOCK_BYTES = 256 * 1024;
/** The system writes at most this many pieces in one call; also bounds the objects a drip of tiny chunks can pile up. */
const MAX_CHUNKS = 1024;

/**
 * Gathers small chunks and writes them as blocks, with one write under way while the next block fills. `push` waits when the disk
 * is slower than the source, so at most two blocks are held. Chunks must not be changed after they were pushed.
 */
export class CoalescingWriter {
  readonly #file: FileHandle;
  readonly #onWritten: (chunks: readonly Uint8Array[], bytes: number) => void;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #underWay: Promise<void> = Promise.resolve();

  /** `onWritten` is called with each block once it is in the file. */
  constructor(file: FileHandle, onWritten: (chunks: readonly Uint8Array[], bytes: number) => void) {
    this.#file = file;
    this.#onWritten = onWritten;
  }

  /** Null when more can be pushed at once; otherwise wait for the promise first. */
  push(chunk: Uint8Array): Promise<void> | null {
    if (chunk.byteLength === 0) return null;
    this.#gathered.push(chunk);
    this.#gatheredBytes += chunk.byteLength;
    if (this.#gatheredBytes < BLOCK_BYTES && this.#gathered.length < MAX_CHUNKS) return null;
    return this.#startWrite();
  }

  /** Writes what is left and waits for it. */
  async finish(): Promise<void> {
    await this.#startWrite();
    await this.#underWay;
  }

  async #startWrite(): Promise<void> {
    await this.#underWay;
    const chunks = this.#gathered;
    const bytes = this.#gatheredBytes;
    if (bytes === 0) return;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#underWay = this.#write(chunks, bytes);
    this.#underWay.catch(() => undefined);
  }

  async #write(chunks: readonly Uint8Array[], bytes: number): Promise<void> {
    const { bytesWritten } = await this.#file.writev(chunks);
    if (bytesWritten < bytes) await this.#writeRest(chunks, bytesWritten);
    this.#onWritten(chunks, bytes);
  }

  /** A short write is legal (and what a disk does just before it is full): the next call writes on or says why not. */
  async #writeRest(chunks: readonly Uint8Array[], written: number): Promise<void> {
    const rest = Buffer.concat(chunks).subarray(written);
    for (let at = 0; at < rest.byteLength; ) {
      const { bytesWritten } = await this.#file.write(rest, at);
      at += bytesWritten;
    }
  }
}
