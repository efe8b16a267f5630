import type { Readable } from 'node:stream';
import { ApiError } from '@counterseal/protocol';
import { maxFieldBytes } from './limits.js';

export interface ReadChunksOptions {
  /** Silence after which reading fails with `request-timeout`; time between our reads does not count. None by default. */
  readonly stallTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * The chunks of a byte stream, pulled one by one. Unlike the stream's own iterator it never destroys the stream (which for a
 * request would cut the socket before the answer), leaves no listener behind when abandoned, and may be started again where
 * another one stopped.
 *
 * @throws ApiError `malformed-body` when the stream breaks off, `request-timeout` when it stalls
 */
export async function* readChunks(
  stream: Readable,
  options: ReadChunksOptions = {},
): AsyncGenerator<Buffer, void> {
  for (;;) {
    options.signal?.throwIfAborted();
    const chunk: Buffer | null = stream.errored ? null : stream.read();
    if (chunk !== null) {
      yield chunk;
      continue;
    }
    if (stream.readableEnded) return;
    if (stream.destroyed) throw cutOff(stream.errored);
    await somethingHappens(stream, options);
  }
}

function somethingHappens(stream: Readable, { stallTimeoutMs, signal }: ReadChunksOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      for (const event of ['readable', 'end', 'close']) stream.off(event, onEvent);
      stream.off('error', onError);
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const onEvent = () => settle(resolve);
    const onError = (error: Error) => settle(() => reject(cutOff(stream.errored ?? error)));
    const onAbort = () => settle(() => reject(signal?.reason));
    const onStall = () => settle(() => reject(new ApiError('request-timeout')));
    const timer = stallTimeoutMs === undefined ? undefined : setTimeout(onStall, stallTimeoutMs);
    for (const event of ['readable', 'end', 'close']) stream.on(event, onEvent);
    stream.on('error', onError);
    signal?.addEventListener('abort', onAbort);
  });
}

function cutOff(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  return new ApiError('malformed-body', { reason: 'the request was cut off' }, { cause });
}

/** @throws ApiError `field-too-large` */
export async function collectBytes(
  source: AsyncIterable<Uint8Array>,
  { name, maxBytes = maxFieldBytes }: { name: string; maxBytes?: number },
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let count = 0;
  for await (const chunk of source) {
    count += chunk.length;
    if (count > maxBytes) throw new ApiError('field-too-large', { name, max: maxBytes });
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] instanceof Buffer ? chunks[0] : Buffer.concat(chunks);
}
