import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../ports/clock.js';
import type { RemoteFetcher } from '../../ports/remote-fetcher.js';

const maxJwksBytes = 256 * 1024;
/** How long fetched keys are used without asking again. */
const freshMs = 10 * 60 * 1000;
/** A token with an unknown key id asks again, but no more often than this: anybody can make up key ids. */
const cooldownMs = 30 * 1000;

/**
 * Keys of a JWKS address, fetched through the guarded fetcher, kept, and fetched again when they are old or a token names an
 * unknown one. While the address does not answer, the keys that are there stay in use, and it is asked no more often than otherwise.
 */
export function createJwks(
  url: string,
  { fetcher, clock }: { fetcher: RemoteFetcher; clock: Clock },
): JWTVerifyGetKey {
  let keys: { find: JWTVerifyGetKey; fetchedAtMs: number } | null = null;
  let pending: Promise<void> | null = null;
  let triedAtMs = Number.NEGATIVE_INFINITY;

  const load = async () => {
    const { body } = await fetcher.open(url, {
      maxBytes: maxJwksBytes,
      headers: { Accept: 'application/json' },
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const set = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JSONWebKeySet;
    keys = { find: createLocalJWKSet(set), fetchedAtMs: clock.now() };
  };
  /** Asks again unless that was done a moment ago; joins whoever is asking already. */
  const refresh = async (): Promise<void> => {
    if (pending === null && clock.now() - triedAtMs < cooldownMs) return;
    if (pending === null) {
      triedAtMs = clock.now();
      pending = load().finally(() => {
        pending = null;
      });
    }
    await pending;
  };
  const find: JWTVerifyGetKey = async (header, token) => {
    if (keys === null) throw new Error('the keys of the JWKS address are not there');
    return keys.find(header, token);
  };

  return async (header, token) => {
    if (keys === null) await refresh();
    else if (clock.now() - keys.fetchedAtMs > freshMs) await refresh().catch(() => {});
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      return find(header, token);
    }
  };
}
