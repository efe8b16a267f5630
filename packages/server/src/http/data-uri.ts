import { ApiError } from '@counterseal/protocol';
import { isUtf8, parseHeaderParams } from './header-params.js';
import { maxDataUriHeadBytes } from './limits.js';
import { decodeEscapes } from './percent-decode.js';

export interface DataUri {
  /** Lower case, without parameters; null when the URI has none. A claim, like any other Content-Type. */
  readonly mimeType: string | null;
  /** Decoded while read. Errors with `malformed-body` where the text stops being valid. */
  readonly body: AsyncIterable<Buffer>;
}

const comma = 0x2c;

/**
 * `data:[<mime>][;k=v...][;base64],<data>` (RFC 2397; upload-api reference, section 3.2: the type may be missing, the payload
 * may contain newlines). Streams: an 84 MB text never exists as a whole.
 *
 * @param source starts with `data:`
 * @throws ApiError `malformed-body` when there is no comma in reach
 */
export async function decodeDataUri(source: AsyncIterable<Uint8Array>): Promise<DataUri> {
  const chunks = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let end = -1;
  while (end === -1) {
    const next = await chunks.next();
    if (next.done || head.length > maxDataUriHeadBytes) throw malformed('it has no comma');
    head = Buffer.concat([head, next.value]);
    end = head.indexOf(comma);
  }
  const [, media = '', base64] = /^data:(.*?)(;\s*base64\s*)?$/is.exec(head.toString('latin1', 0, end)) ?? [];
  const type = parseHeaderParams(media);
  if (type === null || end > maxDataUriHeadBytes) throw malformed('its head is broken');
  const payload = joined(head.subarray(end + 1), chunks);
  if (base64 === undefined && !isUtf8(type)) throw malformed('its charset is not UTF-8');
  return {
    mimeType: type.value === '' ? null : type.value,
    body: base64 === undefined ? decodePercent(payload) : decodeBase64(payload),
  };
}

async function* joined(first: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer, void> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    const { buffer, byteOffset, length } = next.value;
    yield Buffer.from(buffer, byteOffset, length);
  }
}

const wrapping = /[\r\n\t]+/g;
const alphabet = /^[A-Za-z0-9+/]*$/;
const lastQuantum = /^[A-Za-z0-9+/]{2}(?:==)?$|^[A-Za-z0-9+/]{3}=?$/;
/** Four characters are three bytes. */
const quantum = 4;

/** RFC 4648, section 4, but with line breaks anywhere, and the padding may be missing. */
async function* decodeBase64(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let carried = '';
  for await (const chunk of source) {
    const text = carried + chunk.toString('latin1').replace(wrapping, '');
    const padding = text.indexOf('=');
    const end = padding === -1 ? text.length : padding;
    const ready = text.slice(0, end - (end % quantum));
    carried = text.slice(ready.length);
    // Padding belongs to the last quantum, so nothing more than that may wait.
    if (carried.length > quantum || !alphabet.test(ready)) throw notBase64();
    if (ready.length > 0) yield Buffer.from(ready, 'base64');
  }
  if (carried === '') return;
  if (!lastQuantum.test(carried)) throw notBase64();
  yield Buffer.from(carried, 'base64');
}

function notBase64(): ApiError {
  return malformed("it is cut short or contains what is not base64 (is '+' percent-encoded?)");
}

async function* decodePercent(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let carried: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    const { decoded, rest } = decodeEscapes(Buffer.concat([carried, chunk]), false);
    carried = rest;
    if (decoded.length > 0) yield decoded;
  }
  if (carried.length > 0) throw malformed('an escape is cut short');
}

function malformed(detail: string): ApiError {
  return new ApiError('malformed-body', { reason: `the data URI in file is not valid: ${detail}` });
}
