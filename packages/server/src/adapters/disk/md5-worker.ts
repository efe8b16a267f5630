import { Worker } from 'node:worker_threads';

/**
 * Hashes files in one worker thread while they are still being written. The worker reads them back from the page cache through
 * the descriptor of this thread, so no bytes are handed over, held or copied here and memory stays flat however far it lags.
 */
export class Md5Worker {
  /** Started by the first large file; keeps the process alive only while somebody waits for a digest. */
  #worker: Worker | null = null;
  #nextId = 0;
  readonly #waiting = new Map<number, { resolve(md5: string): void; reject(error: unknown): void }>();

  begin(fd: number): FileHash {
    const id = this.#nextId++;
    return {
      advance: (endBytes) => this.#post({ id, fd, endBytes, last: false }),
      digest: (endBytes) =>
        new Promise((resolve, reject) => {
          this.#waiting.set(id, { resolve, reject });
          this.#post({ id, fd, endBytes, last: true });
          this.#worker?.ref();
        }),
      abandon: () => {
        this.#waiting.delete(id);
        this.#worker?.postMessage({ id, drop: true } satisfies Message);
      },
    };
  }

  /** Ends the thread; digests still waited for reject. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #post(message: Message): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(workerSource, { eval: true, resourceLimits: WORKER_LIMITS });
    worker.unref();
    worker.on('message', (answer: { id: number; md5?: string; error?: string }) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) worker.unref();
      if (answer.md5 !== undefined) waiting?.resolve(answer.md5);
      else waiting?.reject(new Error(`hashing failed: ${answer.error}`));
    });
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, new Error('the hash worker ended')));
    return worker;
  }

  #lose(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

/** The hash of one file. Keep the descriptor open until `digest` settled or `abandon` was called. */
export interface FileHash {
  /** The first `endBytes` bytes are in the file now. */
  advance(endBytes: number): void;
  /** MD5 of the first `endBytes` bytes, 32 hex digits. */
  digest(endBytes: number): Promise<string>;
  /** The result is not wanted any more. */
  abandon(): void;
}

type Message = { id: number; fd: number; endBytes: number; last: boolean } | { id: number; drop: true };

/** The worker holds one block and a few hash states. */
const WORKER_LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

/**
 * Plain CommonJS text, so that it runs the same from sources and from the build. After an error the job stays in the map as
 * failed until its last message; a descriptor closed too early can only spoil a result that nobody waits for.
 */
const workerSource = `
const { parentPort } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const { readSync } = require('node:fs');
const block = Buffer.allocUnsafeSlow(${256 * 1024});
const jobs = new Map();
parentPort.on('message', ({ id, fd, endBytes, last, drop }) => {
  const job = jobs.get(id) ?? { hash: createHash('md5'), at: 0, error: null };
  if (drop || last) jobs.delete(id); else jobs.set(id, job);
  if (drop) return;
  try {
    while (job.error === null && job.at < endBytes) {
      const count = readSync(fd, block, 0, Math.min(block.length, endBytes - job.at), job.at);
      if (count === 0) throw new Error('the file is shorter than it was');
      job.hash.update(block.subarray(0, count));
      job.at += count;
    }
  } catch (error) {
    job.error = error.message;
  }
  if (!last) return;
  parentPort.postMessage(job.error === null ? { id, md5: job.hash.digest('hex') } : { id, error: job.error });
});
`;
