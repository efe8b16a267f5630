/**
 * The portable digest: browsers, workers and plain-http pages, where `crypto.subtle` is missing or asynchronous.
 * `digest.node.ts` is its twin for Node; `imports` of package.json chooses. Only these two touch a hash or compare a MAC.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { SignatureAlgorithm } from './algorithms.js';
import { encodeBase64 } from './base64.js';

const hashes = { sha1, sha256 } as const satisfies Record<SignatureAlgorithm, unknown>;

function hashBytes(algorithm: SignatureAlgorithm, data: string | Uint8Array): Uint8Array {
  return hashes[algorithm](typeof data === 'string' ? utf8ToBytes(data) : data);
}

/** Lowercase hex of the hash; text is hashed as UTF-8. */
export function hashHex(algorithm: SignatureAlgorithm, data: string | Uint8Array): string {
  return bytesToHex(hashBytes(algorithm, data));
}

/** Unpadded URL-safe base64 (RFC 4648 section 5) of the hash; text is hashed as UTF-8. */
export function hashBase64Url(algorithm: SignatureAlgorithm, text: string): string {
  return encodeBase64(hashBytes(algorithm, text), { urlSafe: true, padded: false });
}

/** Lowercase hex of HMAC-SHA256 (RFC 2104) over UTF-8 text. */
export function hmacSha256Hex(key: Uint8Array, text: string): string {
  return bytesToHex(hmac(sha256, key, utf8ToBytes(text)));
}

/**
 * Whether a received MAC is the expected one, in time that depends on the lengths alone (threat model S13). `expected` is hex or
 * URL-safe base64.
 */
export function equalMac(expected: string, received: string): boolean {
  const length = expected.length;
  if (received.length !== length) return false;
  let difference = 0;
  for (let at = 0; at < length; at += 1) difference |= expected.charCodeAt(at) ^ received.charCodeAt(at);
  return difference === 0;
}
