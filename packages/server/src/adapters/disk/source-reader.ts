import { Readable } from 'node:stream';

/** A source of chunks that can be given up at any moment, also while it owes a chunk. */
export interface SourceReader {
  /** Null at the end. Rejects with the signal's reason as soon as it is aborted, whatever the source does. */
  next(): Promise<Uint8Array | null>;
  /** Lets go of the source, read to its end or not. Idempotent; never throws. */
  close(): void;
}

/**
 * Reads a source chunk by chunk under an abort signal. A generator that hangs cannot be returned from (its `return` waits behind
 * the pending `next`), so an abort rejects by itself, and streams are destroyed instead of returned.
 */
export function readSource(source: AsyncIterable<Uint8Array>, signal?: AbortSignal): SourceReader {
  const iterator = source[Symbol.asyncIterator]();
  let rejectPending: ((reason: unknown) => void) | null = null;
  let closed = false;
  const onAbort = () => rejectPending?.(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  // A stream that breaks before its first chunk was asked for must not bring the process down; `next` rejects with its error.
  if (source instanceof Readable) source.on('error', () => undefined);

  return {
    next: () =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        rejectPending = reject;
        iterator.next().then((step) => resolve(step.done ? null : step.value), reject);
      }),
    close() {
      if (closed) return;
      closed = true;
      rejectPending = null;
      signal?.removeEventListener('abort', onAbort);
      if (source instanceof Readable) source.destroy();
      else Promise.resolve(iterator.return?.()).catch(() => undefined);
    },
  };
}
