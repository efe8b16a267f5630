import { decodeBase64, encodeBase64 } from './base64.js';
import { utf8Bytes, utf8Text } from './utf8.js';

export interface BasicCredentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** "control characters ... MUST NOT" stand in user-id and password (RFC 7617, section 2). */
const controlCharacters = /\p{Control}/u;

/**
 * The value of an `Authorization` header, credentials as UTF-8 (RFC 7617; upload-api reference, section 2.11).
 *
 * @throws TypeError for a key with a colon: "user-id ... MUST NOT include a colon".
 */
export function encodeBasicHeader(
  { apiKey, apiSecret }: BasicCredentials,
  options: { readonly urlSafe?: boolean } = {},
): string {
  if (apiKey.includes(':')) throw new TypeError('An API key cannot contain a colon');
  return `Basic ${encodeBase64(utf8Bytes(`${apiKey}:${apiSecret}`), options)}`;
}

/**
 * Credentials of an `Authorization` header, or null when it is not Basic or not well formed. "the decoder must accept both
 * alphabets" (upload-api reference, section 2.11); the secret may hold colons.
 */
export function decodeBasicHeader(header: string): BasicCredentials | null {
  const encoded = /^Basic +([\w+/-]+={0,2}) *$/i.exec(header)?.[1];
  const bytes = encoded === undefined ? null : decodeBase64(encoded);
  const text = bytes === null ? null : utf8Text(bytes);
  if (text === null || controlCharacters.test(text)) return null;
  const colon = text.indexOf(':');
  return colon === -1 ? null : { apiKey: text.slice(0, colon), apiSecret: text.slice(colon + 1) };
}
