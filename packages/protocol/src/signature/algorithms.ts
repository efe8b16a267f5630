/** Hashes the wire knows, and the length of their hexadecimal form (upload-api reference, section 2.1: "length tells which"). */
const hexLengths = { sha1: 40, sha256: 64 } as const;

export type SignatureAlgorithm = keyof typeof hexLengths;

/** Version 2 escapes `&` inside a pair, version 1 does not (upload-api reference, section 2.1, step 6). */
export type SignatureVersion = 1 | 2;

export const signatureAlgorithms: readonly SignatureAlgorithm[] = ['sha1', 'sha256'];

/** What the helpers sign with when nothing is said, as the official SDKs do (upload-api reference, section 2.1). */
export const defaultSignatureAlgorithm: SignatureAlgorithm = 'sha1';
export const defaultSignatureVersion: SignatureVersion = 2;

/** The algorithm a hexadecimal signature of this length was made with, or null. It decides nothing about being accepted. */
export function algorithmOfHexLength(length: number): SignatureAlgorithm | null {
  if (length === hexLengths.sha1) return 'sha1';
  return length === hexLengths.sha256 ? 'sha256' : null;
}

/** Lower case only: a signature has one spelling, so that no changed byte is ever accepted. */
export function isHexSignature(text: string): boolean {
  return algorithmOfHexLength(text.length) !== null && /^[0-9a-f]+$/.test(text);
}

/** @throws TypeError for an algorithm other than those of {@link signatureAlgorithms}; JavaScript callers can send anything. */
export function assertAlgorithm(algorithm: SignatureAlgorithm): void {
  if (algorithm !== 'sha1' && algorithm !== 'sha256') {
    throw new TypeError(
      `Signature algorithm ${String(algorithm)} is not supported. Supported algorithms: sha1, sha256`,
    );
  }
}

/** @throws TypeError when there is no secret: a signature made with "undefined" would look like any other. */
export function assertSecret(secret: string): void {
  if (typeof secret !== 'string' || secret === '') throw new TypeError('Must supply api_secret');
}
