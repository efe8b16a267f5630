import type { ApiError } from '@counterseal/protocol';
import { deliveryCors } from './cors.js';

export interface RenderedError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Longest `X-Cld-Error`; strings to sign can be megabytes, and clients cap the whole header block near 16 KB. */
export const maxErrorHeaderCharacters = 2048;

/** `{"error":{"message"}}` and the same text in `X-Cld-Error` (upload-api reference, section 1). */
export function renderError(error: ApiError): RenderedError {
  return {
    status: error.status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...errorHeaders(error) },
    body: JSON.stringify({ error: { message: error.message } }),
  };
}

/** Delivery: the reason stands in the header alone, readable across origins (transformations reference, section 1.14). */
export function renderDeliveryError(error: ApiError): RenderedError {
  return {
    status: error.status,
    headers: { 'Cache-Control': deliveryErrorCaching, ...deliveryCors(), ...errorHeaders(error) },
    body: '',
  };
}

/** As observed on missing images: what is missing now may be uploaded in a second. */
const deliveryErrorCaching = 'private, no-cache, max-age=0';

function errorHeaders(error: ApiError): Record<string, string> {
  const headers: Record<string, string> = { 'X-Cld-Error': encodeErrorHeader(error.message) };
  if (error.retryAfterSeconds !== undefined) {
    headers['Retry-After'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds)));
  }
  return headers;
}

/**
 * Percent-encodes what a header cannot carry: everything but printable ASCII (threat model T11, T33). `%` stays, so that the
 * usual texts read the same in both places.
 */
export function encodeErrorHeader(message: string): string {
  let encoded = '';
  for (const character of message) {
    const safe = character >= ' ' && character <= '~' ? character : percentEncode(character);
    if (encoded.length + safe.length > maxErrorHeaderCharacters - ellipsis.length) return encoded + ellipsis;
    encoded += safe;
  }
  return encoded;
}

const ellipsis = '...';

function percentEncode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
