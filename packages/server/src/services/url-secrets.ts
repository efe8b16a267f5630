import { LRUCache } from 'lru-cache';
import type { AccountStore } from '../ports/account-store.js';
import type { Clock } from '../ports/clock.js';

/** How long a disabled key may still open signed URLs, at most. */
const keepMs = 1_000;
/** Clouds remembered; names are free for anybody to invent. */
const maxClouds = 1_000;

interface Kept {
  readonly secrets: Promise<readonly string[]>;
  readonly readAtMs: number;
}

/**
 * Secrets of the enabled keys of a cloud, oldest first, for checking URLs that do not name their key. Kept for a second. A key's
 * algorithm policy is about requests; URLs may be signed with either algorithm (upload-api reference, section 2.7).
 */
export function createUrlSecrets(deps: {
  accounts: Pick<AccountStore, 'listKeys' | 'findKey'>;
  clock: Clock;
}): (cloud: string) => Promise<readonly string[]> {
  const { accounts, clock } = deps;
  const kept = new LRUCache<string, Kept>({ max: maxClouds });

  return (cloud) => {
    const nowMs = clock.now();
    const known = kept.get(cloud);
    if (known !== undefined && Math.abs(nowMs - known.readAtMs) < keepMs) return known.secrets;
    const secrets = readSecrets(accounts, cloud);
    kept.set(cloud, { secrets, readAtMs: nowMs });
    secrets.catch(() => kept.delete(cloud));
    return secrets;
  };
}

async function readSecrets(
  accounts: Pick<AccountStore, 'listKeys' | 'findKey'>,
  cloud: string,
): Promise<readonly string[]> {
  const secrets: string[] = [];
  for (const { apiKey, disabled } of await accounts.listKeys(cloud)) {
    const key = disabled ? null : await accounts.findKey(apiKey);
    if (key !== null && !key.disabled && key.cloud === cloud) secrets.push(key.secret);
  }
  return secrets;
}
