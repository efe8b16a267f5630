import type { Readable } from 'node:stream';
import { ApiError } from '@counterseal/protocol';
import type { Holding } from './held-bytes.js';
import { maxFieldBytes } from './limits.js';

export interface ReadChunksOptions {
  /** Silence after which reading fails with `request-timeout`; time between our reads does not count. None by default. */
  readonly stallTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * The chunks of a byte stream, pulled one by one. Unlike the stream's own iterator it never destroys the stream (which for a
 * request would cut the socket before the answer), leaves no listener behind once it is returned from or its signal has aborted,
 * and may be started again where another one stopped.
 *
 * @throws ApiError `malformed-body` when the stream breaks off, `request-timeout` when it stalls
 */
export async function* readChunks(
  stream: Readable,
  options: ReadChunksOptions = {},
): AsyncGenerator<Buffer, void> {
  const watch = watchStream(stream, options);
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      const chunk: Buffer | null = stream.errored ? null : stream.read();
      if (chunk !== null) {
        yield chunk;
        continue;
      }
      if (stream.readableEnded) return;
      if (stream.destroyed) throw cutOff(stream.errored);
      await watch.untilSomethingHappens();
    }
  } finally {
    watch.end();
  }
}

interface Waiting {
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Listens from the first wait to the end, with one timer: adding and removing the listeners for each chunk would cost more than
 * reading it. What happens while nobody waits is found in the stream's own state.
 */
function watchStream(stream: Readable, { stallTimeoutMs, signal }: ReadChunksOptions) {
  let waiting: Waiting | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isListening = false;

  const take = (): Waiting | null => {
    const taken = waiting;
    waiting = null;
    return taken;
  };
  const onEvent = () => take()?.resolve();
  const onError = (error: Error) => take()?.reject(cutOff(stream.errored ?? error));
  const onStall = () => take()?.reject(new ApiError('request-timeout'));
  const onAbort = () => {
    end();
    take()?.reject(signal?.reason);
  };
  const listen = () => {
    isListening = true;
    for (const event of ['readable', 'end', 'close']) stream.on(event, onEvent);
    stream.on('error', onError);
    signal?.addEventListener('abort', onAbort);
  };
  const end = () => {
    if (timer !== null) clearTimeout(timer);
    if (!isListening) return;
    isListening = false;
    for (const event of ['readable', 'end', 'close']) stream.off(event, onEvent);
    stream.off('error', onError);
    signal?.removeEventListener('abort', onAbort);
  };

  return {
    untilSomethingHappens(): Promise<void> {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        if (!isListening) listen();
        if (timer !== null) timer.refresh();
        else if (stallTimeoutMs !== undefined) timer = setTimeout(onStall, stallTimeoutMs);
      });
    },
    end,
  };
}

function cutOff(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  return new ApiError('malformed-body', { reason: 'the request was cut off' }, { cause });
}

export interface CollectOptions {
  /** For the error's text. */
  readonly name: string;
  readonly maxBytes?: number;
  /** Told of every chunk before it is kept. */
  readonly holding?: Pick<Holding, 'add'>;
}

/** @throws ApiError `field-too-large`, `busy` */
export async function collectBytes(
  source: AsyncIterable<Uint8Array>,
  { name, maxBytes = maxFieldBytes, holding }: CollectOptions,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let count = 0;
  for await (const chunk of source) {
    count += chunk.length;
    if (count > maxBytes) throw new ApiError('field-too-large', { name, max: maxBytes });
    holding?.add(chunk.length);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] instanceof Buffer ? chunks[0] : Buffer.concat(chunks);
}
