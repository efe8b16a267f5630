import { ApiError, verifyDeliverySignature } from '@counterseal/protocol';
import type { FailureLimiter } from '../../http/failure-limiter.js';
import type { DeliveryType } from '../../ports/asset-store.js';

export interface AccessRequest {
  readonly cloud: string;
  readonly type: DeliveryType;
  /** Nothing but the stored picture, maybe in another format: no transformation that changes it. */
  readonly wantsOriginal: boolean;
  readonly signature: string | null;
  /** Raw text the signature covers (transformations reference, section 1.5). */
  readonly signedText: string;
  /** Where the public id begins in it. */
  readonly publicIdOffset: number;
  readonly clientAddress: string;
}

export interface AccessDeps {
  /** Secrets of the cloud's enabled keys. */
  readonly secretsOf: (cloud: string) => Promise<readonly string[]>;
  /** Counts wrong URL signatures: eight characters are 48 bits, too few to be guessed at leisure (threat model S14). */
  readonly failures: FailureLimiter;
}

/** Who needs a signature (transformations reference, sections 1.11 and 1.13). */
const needsSignature: Readonly<Record<DeliveryType, (wantsOriginal: boolean) => boolean>> = {
  upload: () => false,
  private: (wantsOriginal) => wantsOriginal,
  authenticated: () => true,
};

/** Stands in for the secrets of a cloud that has none, so that it costs what a wrong signature costs. */
const noSecrets = ['no-such-key'];

/**
 * Decides on the URL alone, before any asset is looked up, so that a refusal says nothing about what exists. A signature that is
 * there is verified whatever the type (observed behaviours, section 9).
 * @throws ApiError `delivery-refused`, `busy`
 */
export async function requireAccess(request: AccessRequest, deps: AccessDeps): Promise<{ signed: boolean }> {
  const { cloud, type, wantsOriginal, signature, clientAddress } = request;
  const { secretsOf, failures } = deps;
  if (signature === null) {
    if (needsSignature[type](wantsOriginal)) throw new ApiError('delivery-refused');
    return { signed: false };
  }
  const client = { apiKey: null, address: clientAddress };
  const seconds = failures.tooMany(client);
  if (seconds > 0) throw new ApiError('busy', { seconds }, { retryAfterSeconds: seconds });
  if (!matchesAny(signature, request, await secretsOf(cloud))) {
    failures.recordFailure(client);
    throw new ApiError('delivery-refused');
  }
  return { signed: true };
}

/** The URL does not name its key: all are tried, always all, so that time tells nothing about which one matched. */
function matchesAny(
  signature: string,
  { signedText: rawText, publicIdOffset }: AccessRequest,
  secrets: readonly string[],
): boolean {
  let matches = false;
  for (const secret of secrets.length === 0 ? noSecrets : secrets) {
    const valid = verifyDeliverySignature({ signature, rawText, publicIdOffset, secret });
    matches = valid || matches;
  }
  return matches && secrets.length > 0;
}

/** Whether an answer may be kept by shared caches: only what everybody may fetch without a signature. */
export function isPublic(type: DeliveryType, wantsOriginal: boolean): boolean {
  return !needsSignature[type](wantsOriginal);
}
