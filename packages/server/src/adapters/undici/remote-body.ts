import type { Readable } from 'node:stream';
import { RemoteFetchError } from '../../ports/remote-fetcher.js';

/** The answer of a fetch that was given more than its cap. `bytes` is what was declared, or what had come when the cap broke. */
export function tooLarge(bytes: number): RemoteFetchError {
  return new RemoteFetchError('ERR_FILE_TOO_LARGE 0', { tooLargeBytes: bytes });
}

/**
 * The body under its byte cap, for one reader. `fail` translates errors; `done` is called once, when the body ended, broke or was
 * given up. Returning before the first read closes it too (a generator would not).
 */
export function cappedBody(
  body: Readable,
  options: { maxBytes: number; fail: (error: unknown) => unknown; done: () => void },
): AsyncIterable<Uint8Array> {
  const { maxBytes, fail, done } = options;
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  let bytes = 0;
  const end = () => {
    body.destroy();
    done();
  };

  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      try {
        const step = await chunks.next();
        if (step.done) {
          done();
          return { done: true, value: undefined };
        }
        bytes += step.value.byteLength;
        if (bytes > maxBytes) throw tooLarge(bytes);
        return step;
      } catch (error) {
        const failure = fail(error);
        end();
        throw failure;
      }
    },
    async return() {
      end();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
