import { hashHex } from '#digest';
import {
  assertAlgorithm,
  defaultSignatureAlgorithm,
  defaultSignatureVersion,
  type SignatureAlgorithm,
  type SignatureVersion,
} from './algorithms.js';
import { type SignableParams, stringToSign } from './string-to-sign.js';

/**
 * Signs request parameters: a drop-in for the official SDKs' `api_sign_request` (upload-api reference, section 2.1).
 *
 * Hashes exactly the given parameters but for empty ones; it excludes no names and refuses no values, so leave `file`, `api_key`,
 * `cloud_name` and `resource_type` out yourself. Answers lowercase hex.
 *
 * @throws TypeError for a secret that is not a string and for an unknown algorithm.
 */
export function apiSignRequest(
  params: SignableParams,
  secret: string,
  algorithm: SignatureAlgorithm | null = defaultSignatureAlgorithm,
  version: SignatureVersion | null = defaultSignatureVersion,
): string {
  const chosen = algorithm ?? defaultSignatureAlgorithm;
  assertAlgorithm(chosen);
  if (typeof secret !== 'string') throw new TypeError('Must supply api_secret');
  return hashHex(chosen, stringToSign(params, version ?? defaultSignatureVersion) + secret);
}
