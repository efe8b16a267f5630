import { hashHex } from '#digest';
import { assertSecret } from './algorithms.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import { utf8Bytes, utf8Text } from './utf8.js';
import { verifyHexSignature } from './verify-request.js';

/** "ttl default 300 s" (upload-api reference, section 2.9). */
export const searchUrlTtlSeconds = 300;

export type SearchQuery = Readonly<Record<string, unknown>>;

export interface SearchUrl {
  /** Up to and with the cloud: `https://res.cloudinary.com/demo`. */
  readonly deliveryBase: string;
  readonly query: SearchQuery;
  readonly secret: string;
  /** Defaults to {@link searchUrlTtlSeconds}. */
  readonly ttlSeconds?: number;
  /** Not signed. Defaults to `next_cursor` of the query. */
  readonly nextCursor?: string;
}

/**
 * A signed search link: `<base>/search/<sha256hex(ttl + b64 + secret)>/<ttl>/<b64>[/<next_cursor>]` (upload-api reference,
 * section 2.9).
 */
export function signSearchUrl({ deliveryBase, query, secret, ttlSeconds, nextCursor }: SearchUrl): string {
  const ttl = ttlSeconds ?? searchUrlTtlSeconds;
  const encodedQuery = encodeSearchQuery(query);
  const cursor = nextCursor ?? query.next_cursor;
  const url = `${deliveryBase}/search/${signSearchQuery(ttl, encodedQuery, secret)}/${ttl}/${encodedQuery}`;
  return typeof cursor === 'string' && cursor !== '' ? `${url}/${cursor}` : url;
}

/** "standard base64 (padded) of the query JSON with keys sorted"; empty values and the cursor are left out. */
export function encodeSearchQuery(query: SearchQuery): string {
  const names = Object.keys(query).filter((name) => name !== 'next_cursor' && isGiven(query[name]));
  const sorted = Object.fromEntries(names.sort().map((name) => [name, query[name]]));
  return encodeBase64(utf8Bytes(JSON.stringify(sorted)));
}

/** Lowercase hex; always SHA-256. */
export function signSearchQuery(ttlSeconds: number, encodedQuery: string, secret: string): string {
  assertSecret(secret);
  return hashHex('sha256', `${ttlSeconds}${encodedQuery}${secret}`);
}

export interface SearchUrlToVerify {
  readonly signature: string;
  /** As it stands in the path. */
  readonly ttl: string;
  readonly encodedQuery: string;
  readonly secret: string;
}

export type SearchVerification =
  | { readonly outcome: 'valid'; readonly query: SearchQuery; readonly ttlSeconds: number }
  | { readonly outcome: 'invalid' };

/**
 * Verifies the signed parts of a search link, in constant time.
 *
 * Nothing separates ttl from query in what is signed, and digits are base64 letters: a ttl of `300` could be cut to `30`. The JSON of
 * an object begins with `{`, whose base64 never begins with a digit, so requiring an object leaves a single reading.
 */
export function verifySearchUrl({
  signature,
  ttl,
  encodedQuery,
  secret,
}: SearchUrlToVerify): SearchVerification {
  const isIntact = verifyHexSignature({ text: ttl + encodedQuery, signature, secret, algorithm: 'sha256' });
  const query = isIntact && /^\d{1,9}$/.test(ttl) ? parseQuery(encodedQuery) : null;
  return query === null ? { outcome: 'invalid' } : { outcome: 'valid', query, ttlSeconds: Number(ttl) };
}

function parseQuery(encodedQuery: string): SearchQuery | null {
  const bytes = decodeBase64(encodedQuery);
  const text = bytes === null ? null : utf8Text(bytes);
  if (text === null || !text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as SearchQuery;
  } catch {
    return null;
  }
}

function isGiven(value: unknown): boolean {
  return (
    value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
  );
}
