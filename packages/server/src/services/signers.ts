import { createHash } from 'node:crypto';
import type { AccountStore, ApiKey } from '../ports/account-store.js';

/** How long a used signature must be remembered: its whole window, and the clock skew on top. */
const signatureLifetimeMs = (3600 + 300) * 1000;

export interface ResponseSigner {
  readonly secret: string;
  readonly algorithm: 'sha1' | 'sha256';
}

/** Which secret signs what a request did not sign itself: answers to unsigned uploads, addresses of restricted assets. */
export function createSigners(
  accounts: Pick<AccountStore, 'listKeys' | 'findKey'>,
  secretsOf: (cloud: string) => Promise<readonly string[]>,
) {
  return {
    /** The oldest enabled key of the cloud; null when it has none. */
    async cloudSigner(cloud: string): Promise<ResponseSigner | null> {
      const oldest = (await accounts.listKeys(cloud)).find(({ disabled }) => !disabled);
      const key = oldest === undefined ? null : await accounts.findKey(oldest.apiKey);
      return key === null ? null : responseSigner(key);
    },
    /** The oldest enabled key of all: it signs what is uploaded from the start page. */
    async consoleKey(): Promise<ApiKey | null> {
      const oldest = (await accounts.listKeys(null)).find(({ disabled }) => !disabled);
      return oldest === undefined ? null : accounts.findKey(oldest.apiKey);
    },
    async urlSecret(cloud: string): Promise<string | null> {
      return (await secretsOf(cloud))[0] ?? null;
    },
    /** For keys whose signatures complete one upload only. */
    signatureUse(principal: {
      kind: string;
      via?: string;
      key?: ApiKey;
      signature?: string;
      timestampSeconds?: number;
    }): { hash: string; expiresAtMs: number } | null {
      const { key, signature, timestampSeconds } = principal;
      if (key?.policy.singleUse !== true || signature === undefined || timestampSeconds === undefined)
        return null;
      const hash = createHash('sha256').update(`${key.apiKey}:${signature.toLowerCase()}`).digest('hex');
      return { hash, expiresAtMs: timestampSeconds * 1000 + signatureLifetimeMs };
    },
  };
}

/** SHA-1 as the SDKs expect, unless the key accepts only SHA-256 (rulings, docs/decisions/0002). */
export function responseSigner({ secret, policy }: ApiKey): ResponseSigner {
  return { secret, algorithm: policy.algorithms.includes('sha1') ? 'sha1' : 'sha256' };
}
