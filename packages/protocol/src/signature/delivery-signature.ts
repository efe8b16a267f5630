import { equalMac, hashBase64Url } from '#digest';
import {
  assertAlgorithm,
  assertSecret,
  defaultSignatureAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.js';

/** "truncated: 8 chars normal, 32 chars for `long_url_signature`", which is SHA-256 (upload-api reference, section 2.7). */
const shortLength = 8;
const longLength = 32;

export interface DeliverySigning {
  /** Of the short form; the long one is always SHA-256. Defaults to SHA-1. */
  readonly algorithm?: SignatureAlgorithm;
  /** 32 characters instead of 8. */
  readonly long?: boolean;
}

/**
 * The text between `s--` and `--` of a signed delivery URL (upload-api reference, section 2.7; transformations reference,
 * section 1.5). `toSign` is components and public id with its extension, joined by `/`: no version, type or suffix.
 */
export function signDeliveryUrl(toSign: string, secret: string, options: DeliverySigning = {}): string {
  const { algorithm = defaultSignatureAlgorithm, long = false } = options;
  assertAlgorithm(algorithm);
  assertSecret(secret);
  return long ? macOf(toSign, secret, 'sha256', longLength) : macOf(toSign, secret, algorithm, shortLength);
}

export interface DeliveryToVerify {
  /** Without `s--` and `--`. */
  readonly signature: string;
  /** Components and public id as received, still percent-encoded, without the version: `c_pad,w_9/folder/a%20b.jpg`. */
  readonly rawText: string;
  /** Where the public id begins in `rawText`; SDKs encode the two parts by different rules. Without it both are one text. */
  readonly publicIdOffset?: number;
  readonly secret: string;
  /** What the key accepts; defaults to both. */
  readonly algorithms?: readonly SignatureAlgorithm[];
}

/** Whether the signature of a delivery URL fits any spelling SDKs sign, in constant time. 8 or 32 characters decide what is tried. */
export function verifyDeliverySignature(delivery: DeliveryToVerify): boolean {
  const { signature, rawText, publicIdOffset, secret, algorithms = signatureAlgorithms } = delivery;
  assertSecret(secret);
  const { length } = signature;
  if (length !== shortLength && length !== longLength) return false;
  const tried = length === longLength ? algorithms.filter((algorithm) => algorithm === 'sha256') : algorithms;
  let matches = false;
  for (const text of deliveryTextVariants(rawText, publicIdOffset)) {
    for (const algorithm of tried) {
      if (equalMac(macOf(text, secret, algorithm, length), signature)) matches = true;
    }
  }
  return matches;
}

/**
 * The texts a signature may cover, each once: as received; `%20` as a space (components that were not encoded before signing);
 * percent-decoded (what .NET does to a public id); decoded twice. With an offset also components and public id each by its own rule.
 */
export function deliveryTextVariants(rawText: string, publicIdOffset = 0): readonly string[] {
  const texts = new Set(spellings(rawText));
  if (publicIdOffset > 0) {
    const components = rawText.slice(0, publicIdOffset);
    for (const publicId of spellings(rawText.slice(publicIdOffset))) {
      texts.add(components + publicId);
      texts.add(withSpaces(components) + publicId);
    }
  }
  return [...texts];
}

function spellings(text: string): string[] {
  if (!text.includes('%')) return [text];
  const once = decoded(text);
  return [text, withSpaces(text), once, decoded(once)];
}

function withSpaces(text: string): string {
  return text.replaceAll('%20', ' ');
}

/** The text itself when it is not percent-encoded UTF-8. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function macOf(text: string, secret: string, algorithm: SignatureAlgorithm, length: number): string {
  return hashBase64Url(algorithm, text + secret).slice(0, length);
}
