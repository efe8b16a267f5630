import { hashHex } from '#digest';
import {
  algorithmOfHexLength,
  assertAlgorithm,
  assertSecret,
  defaultSignatureAlgorithm,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.js';
import { stringToSign } from './string-to-sign.js';
import { verifyHexSignature } from './verify-request.js';

export interface SignedAsset {
  readonly publicId: string;
  readonly version: number | string;
}

/** "hash of `public_id=<id>&version=<version>` + secret", "always v1" (upload-api reference, section 2.5). Lowercase hex. */
export function signResponse(
  asset: SignedAsset,
  secret: string,
  algorithm: SignatureAlgorithm = defaultSignatureAlgorithm,
): string {
  assertAlgorithm(algorithm);
  assertSecret(secret);
  return hashHex(algorithm, responseText(asset) + secret);
}

export interface ResponseToVerify extends SignedAsset {
  readonly signature: string;
  readonly secret: string;
  /** What the reader accepts; defaults to both. */
  readonly algorithms?: readonly SignatureAlgorithm[];
}

/** Whether an upload response was signed with the secret, in constant time. */
export function verifyResponseSignature(response: ResponseToVerify): boolean {
  const { signature, secret, algorithms = signatureAlgorithms } = response;
  const algorithm = algorithmOfHexLength(signature.length);
  if (algorithm === null || !algorithms.includes(algorithm)) return false;
  return verifyHexSignature({ text: responseText(response), signature, secret, algorithm });
}

function responseText({ publicId, version }: SignedAsset): string {
  return stringToSign({ public_id: publicId, version }, 1);
}
