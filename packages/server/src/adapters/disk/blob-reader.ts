import type { FileHandle } from 'node:fs/promises';

const READ_BYTES = 128 * 1024;

/** Inclusive, as in RFC 9110 section 14.1.2. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Streams a file, or a range of it, block by block on demand. Owns the handle: closes it at the end, on error and on cancel. */
export function streamFile(
  file: FileHandle,
  options: { range?: ByteRange; signal?: AbortSignal },
): ReadableStream<Uint8Array> {
  const { range, signal } = options;
  const end = range === undefined ? Number.POSITIVE_INFINITY : range.end + 1;
  let at = range?.start ?? 0;
  let onAbort = () => {};
  let closing: Promise<void> | null = null;
  const close = () => {
    signal?.removeEventListener('abort', onAbort);
    closing ??= file.close();
    return closing;
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        onAbort = () => {
          controller.error(signal?.reason);
          close().catch(() => undefined);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        if (signal?.aborted) onAbort();
      },
      async pull(controller) {
        try {
          const block = new Uint8Array(Math.min(READ_BYTES, end - at));
          const { bytesRead } = await file.read(block, 0, block.byteLength, at);
          if (closing !== null) return;
          if (bytesRead === 0 && range !== undefined) throw new RangeError('the range ends behind the blob');
          at += bytesRead;
          if (bytesRead > 0) controller.enqueue(block.subarray(0, bytesRead));
          if (bytesRead > 0 && at < end) return;
          await close();
          controller.close();
        } catch (error) {
          // Does nothing to a stream that was aborted or cancelled meanwhile.
          controller.error(error);
          await close().catch(() => undefined);
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
}

/** Throws a RangeError for what cannot be a range of any blob. */
export function checkRange(range: ByteRange): void {
  const { start, end } = range;
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start) return;
  throw new RangeError(`not a byte range: ${start}-${end}`);
}
