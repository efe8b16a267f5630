import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../ports/clock.js';
import type { RemoteFetcher } from '../../ports/remote-fetcher.js';

const maxJwksBytes = 256 * 1024;
/** How long fetched keys are used without asking again. */
const freshMs = 10 * 60 * 1000;
/** A token with an unknown key id asks again, but no more often than this: anybody can make up key ids. */
const cooldownMs = 30 * 1000;

/** Keys of a JWKS address, fetched through the guarded fetcher, kept, and fetched again when a token names an unknown key. */
export function createJwks(
  url: string,
  { fetcher, clock }: { fetcher: RemoteFetcher; clock: Clock },
): JWTVerifyGetKey {
  let keys: { find: JWTVerifyGetKey; fetchedAtMs: number } | null = null;
  let pending: Promise<{ find: JWTVerifyGetKey; fetchedAtMs: number }> | null = null;
  let triedAtMs = Number.NEGATIVE_INFINITY;

  const load = async () => {
    const { body } = await fetcher.open(url, {
      maxBytes: maxJwksBytes,
      headers: { Accept: 'application/json' },
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const set = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JSONWebKeySet;
    return { find: createLocalJWKSet(set) as JWTVerifyGetKey, fetchedAtMs: clock.now() };
  };
  const refresh = () => {
    triedAtMs = clock.now();
    pending ??= load().finally(() => {
      pending = null;
    });
    return pending;
  };

  return async (header, token) => {
    const mayAsk = () => clock.now() - triedAtMs >= cooldownMs;
    if (keys === null || (clock.now() - keys.fetchedAtMs > freshMs && mayAsk())) keys = await refresh();
    try {
      return await keys.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayAsk()) throw error;
      keys = await refresh();
      return keys.find(header, token);
    }
  };
}
