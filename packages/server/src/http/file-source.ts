import { decodeDataUri } from './data-uri.js';
import { maxFileTextBytes } from './limits.js';
import { checkText, decodeText } from './pairs.js';
import { collectBytes } from './read-chunks.js';

/**
 * What the `file` parameter holds (upload-api reference, section 3.2). Bodies are pulled from the socket while they are read:
 * nothing is buffered ahead, and they throw an ApiError when the request breaks off, stalls or turns out malformed.
 */
export type FileSource =
  | {
      readonly kind: 'part';
      /** Last part of the path the client sent; null when it sent none. */
      readonly filename: string | null;
      /** Lower case; a claim of the client. Null when absent. */
      readonly mimeType: string | null;
      readonly body: AsyncIterable<Uint8Array>;
    }
  | {
      readonly kind: 'data-uri';
      readonly mimeType: string | null;
      readonly body: AsyncIterable<Uint8Array>;
    }
  /** A URL, or anything else that is neither: for the remote fetcher to accept or refuse. */
  | { readonly kind: 'text'; readonly value: string };

const scheme = 'data:';

/**
 * A `file` sent as text. Null when it is empty, which is the same as not sent.
 * @throws ApiError `field-too-large`, `illegal-characters`, `malformed-body`
 */
export async function readFileText(source: AsyncIterable<Uint8Array>): Promise<FileSource | null> {
  const chunks = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let headBytes = 0;
  while (headBytes < scheme.length) {
    const next = await chunks.next();
    if (next.done) break;
    head.push(next.value);
    headBytes += next.value.length;
  }
  const whole = startingWith(Buffer.concat(head), chunks);
  if (Buffer.concat(head).toString('latin1', 0, scheme.length).toLowerCase() === scheme) {
    return { kind: 'data-uri', ...(await decodeDataUri(whole)) };
  }
  const value = decodeText('file', await collectBytes(whole, { name: 'file', maxBytes: maxFileTextBytes }));
  checkText('file', value);
  return value === '' ? null : { kind: 'text', value };
}

async function* startingWith(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
