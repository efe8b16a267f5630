import { ApiError, type OperationName } from '@counterseal/protocol';

/** The Upload API and download links, which signatures are made for, and the call that says no more than that a key works. */
const takesAny: ReadonlySet<OperationName> = new Set([
  'upload',
  'destroy',
  'asset-destroy',
  'download',
  'ping',
]);

/**
 * Admin calls that an official client signs, with SHA-256 always (observed behaviours, section 1). A signature names no operation:
 * one that an application gave out for an upload with nothing but a timestamp would list every asset, private ones with their signed
 * addresses. The SDK helpers that such applications call sign with SHA-1 (threat model S6).
 */
const takesSha256: ReadonlySet<OperationName> = new Set([
  'list-resources',
  'list-resources-by-tag',
  'show-resource',
  'delete-resources',
]);

const sha1HexDigits = 40;

/** Everything else is Basic's alone, so that no upload signature changes presets or transformations. Null: the signature may be tried. */
export function refuseSignature(operation: OperationName, signature: string): ApiError | null {
  if (takesAny.has(operation)) return null;
  if (!takesSha256.has(operation)) {
    return new ApiError('signature-not-taken', { signature, taken: 'HTTP Basic credentials' });
  }
  return signature.length === sha1HexDigits
    ? new ApiError('signature-not-taken', {
        signature,
        taken: 'HTTP Basic credentials or a SHA-256 signature',
      })
    : null;
}
