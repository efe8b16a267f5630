import { equalMac, hashHex } from '#digest';
import {
  algorithmOfHexLength,
  assertSecret,
  defaultSignatureVersion,
  isHexSignature,
  type SignatureAlgorithm,
  type SignatureVersion,
  signatureAlgorithms,
} from './algorithms.js';
import { type SignableParams, wireStringToSign } from './string-to-sign.js';

export interface RequestToVerify {
  /** What the operation knows of the request, query and body merged. Names that are never signed may be among them. */
  readonly params: SignableParams;
  readonly signature: string;
  readonly secret: string;
  /** What the key accepts; the length of the signature says which one was used (threat model S10). */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** What the key accepts, the usual one first; a second string is tried only where it differs. */
  readonly versions?: readonly SignatureVersion[];
}

export type RequestVerification =
  | {
      readonly outcome: 'valid';
      readonly algorithm: SignatureAlgorithm;
      readonly version: SignatureVersion;
    }
  | { readonly outcome: 'invalid'; readonly stringToSign: string }
  | {
      readonly outcome: 'algorithm-not-allowed';
      readonly algorithm: SignatureAlgorithm;
      readonly allowed: readonly SignatureAlgorithm[];
    };

const defaultVersions: readonly SignatureVersion[] = [defaultSignatureVersion];

/**
 * Verifies the signature of a request (upload-api reference, sections 2.1 and 2.4), in constant time.
 *
 * Refuse what `findUnsignableParameter` finds before this, and act on the same object after it (threat model S2 to S4).
 * `stringToSign` is for the error text; it never holds the secret.
 */
export function verifyRequestSignature(request: RequestToVerify): RequestVerification {
  const { params, signature, secret, algorithms = signatureAlgorithms, versions = defaultVersions } = request;
  const algorithm = algorithmOfHexLength(signature.length);
  if (algorithm !== null && !algorithms.includes(algorithm) && isHexSignature(signature)) {
    return { outcome: 'algorithm-not-allowed', algorithm, allowed: algorithms };
  }
  let first: string | null = null;
  for (const version of versions) {
    const text = wireStringToSign(params, version);
    if (text === first) continue;
    first ??= text;
    // Text of the right length that is not hex gets here too: it equals no hash.
    if (algorithm !== null && verifyHexSignature({ text, signature, secret, algorithm })) {
      return { outcome: 'valid', algorithm, version };
    }
  }
  return { outcome: 'invalid', stringToSign: first ?? wireStringToSign(params) };
}

export interface HexSignatureToVerify {
  /** What was signed, without the secret. */
  readonly text: string;
  readonly signature: string;
  readonly secret: string;
  readonly algorithm: SignatureAlgorithm;
}

/**
 * Whether `signature` is the lowercase hex hash of text and secret: the one comparison behind the hex signatures of the wire.
 *
 * @throws TypeError when the secret is missing or empty: anybody could sign with that.
 */
export function verifyHexSignature({ text, signature, secret, algorithm }: HexSignatureToVerify): boolean {
  assertSecret(secret);
  if (algorithmOfHexLength(signature.length) !== algorithm) return false;
  return equalMac(hashHex(algorithm, text + secret), signature);
}
