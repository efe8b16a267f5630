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

/** What tells a data URI, an address and bytes apart. */
const headBytes = 512;
const dataUri = /^data:/i;
const address = /^[a-z][a-z0-9+.-]*:\/\//i;
/** No text of one line has them. */
const binary = /[\u0000-\u001f\u007f]/;

export interface FileTextOptions {
  /** The dialect has a place for bytes that are not called a file. */
  readonly mayBeBytes?: boolean;
}

/**
 * A `file` sent as text. Null when it is empty, which is the same as not sent. PHP sends a stream from memory as a part without file
 * name and type (observed behaviours, section 1): what has control characters and is no address are bytes.
 * @throws ApiError `field-too-large`, `illegal-characters`, `malformed-body`
 */
export async function readFileText(
  source: AsyncIterable<Uint8Array>,
  { mayBeBytes = false }: FileTextOptions = {},
): Promise<FileSource | null> {
  const chunks = source[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  for (let bytes = 0; bytes < headBytes; ) {
    const next = await chunks.next();
    if (next.done) break;
    pieces.push(next.value);
    bytes += next.value.length;
  }
  const start = Buffer.concat(pieces);
  const head = start.toString('latin1', 0, headBytes);
  const whole = startingWith(start, chunks);
  if (dataUri.test(head)) return { kind: 'data-uri', ...(await decodeDataUri(whole)) };
  if (mayBeBytes && binary.test(head) && !address.test(head))
    return { kind: 'part', filename: null, mimeType: null, body: whole };
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
