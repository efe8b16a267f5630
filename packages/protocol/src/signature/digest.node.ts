/**
 * The digest on Node's own crypto; the twin of `digest.ts`, with the same functions. Only these two touch a hash or compare a MAC.
 *
 * The package is compiled without Node's types, so that nothing else in it can lean on a Node global. Here alone the two
 * built-ins come in untyped and are given their types by hand; `tsconfig.test.json`, which has Node's types, checks those.
 */
// biome-ignore-start lint/suspicious/noTsIgnore: an error without Node's types, none with them
// @ts-ignore
import { Buffer as NodeBuffer } from 'node:buffer';
// @ts-ignore
import * as nodeCrypto from 'node:crypto';
// biome-ignore-end lint/suspicious/noTsIgnore: see above
import type { SignatureAlgorithm } from './algorithms.js';

interface KeptBuffer extends Uint8Array {
  write(text: string, encoding: 'latin1'): number;
}

interface KeyedHash {
  update(text: string, encoding: 'utf8'): KeyedHash;
  digest(encoding: 'hex'): string;
}

const allocate: (length: number) => KeptBuffer = NodeBuffer.alloc;

/** One call, no Hash object: three times as fast as `createHash` on short texts. Since Node 20.12. */
const hash: (
  algorithm: SignatureAlgorithm,
  data: string | Uint8Array,
  encoding: 'hex' | 'base64url',
) => string = nodeCrypto.hash;
const createHmac: (algorithm: 'sha256', key: Uint8Array) => KeyedHash = nodeCrypto.createHmac;
const timingSafeEqual: (left: Uint8Array, right: Uint8Array) => boolean = nodeCrypto.timingSafeEqual;

/** Lowercase hex of the hash; text is hashed as UTF-8. */
export function hashHex(algorithm: SignatureAlgorithm, data: string | Uint8Array): string {
  return hash(algorithm, data, 'hex');
}

/** Unpadded URL-safe base64 (RFC 4648 section 5) of the hash; text is hashed as UTF-8. */
export function hashBase64Url(algorithm: SignatureAlgorithm, text: string): string {
  return hash(algorithm, text, 'base64url');
}

/** Lowercase hex of HMAC-SHA256 (RFC 2104) over UTF-8 text. */
export function hmacSha256Hex(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

/** Two MACs of one length, side by side in one buffer, so that one call writes both. */
interface Pair {
  readonly both: KeptBuffer;
  readonly expected: Uint8Array;
  readonly received: Uint8Array;
}

function pairOf(length: number): Pair {
  const both = allocate(2 * length);
  return { both, expected: both.subarray(0, length), received: both.subarray(length) };
}

/** Kept between calls, one pair per length a MAC of the wire has (delivery 8 and 32, hex 40 and 64). Safe: nothing here awaits. */
const keptPairs = new Map<number, Pair>([8, 32, 40, 64].map((length) => [length, pairOf(length)]));

/**
 * Whether a received MAC is the expected one, in time that depends on the lengths alone (threat model S13). `expected` is hex or
 * URL-safe base64.
 */
export function equalMac(expected: string, received: string): boolean {
  const length = expected.length;
  if (received.length !== length) return false;
  const pair = keptPairs.get(length) ?? pairOf(length);
  pair.both.write(expected + received, 'latin1');
  // Latin-1 keeps the low byte of a character, so U+0130 looks like "0". The second comparison sees that; it is reached
  // only by one who has the MAC already, so its timing tells nothing.
  return timingSafeEqual(pair.expected, pair.received) && received === expected;
}
