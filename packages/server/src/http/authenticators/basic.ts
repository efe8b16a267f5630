import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError, decodeBasicHeader } from '@counterseal/protocol';
import { type Authenticator, rejected } from '../authenticator.js';

/** Compared against when the key is unknown, so that both cases do the same work. */
const noSecret = 'no-such-key';

/** HTTP Basic key:secret, both base64 alphabets (upload-api reference, section 2.11). Needs no timestamp and no signature. */
export const authenticateBasic: Authenticator = async ({ cloud, authorization }, { accounts }) => {
  if (authorization === null || !/^basic(\s|$)/i.test(authorization)) return { outcome: 'not-applicable' };
  const credentials = decodeBasicHeader(authorization);
  if (credentials === null) return rejected(new ApiError('invalid-credentials'));
  const key = await accounts.findKey(credentials.apiKey);
  const secretMatches = sameSecret(credentials.apiSecret, key?.secret ?? noSecret);
  if (key === null || key.disabled) {
    return rejected(new ApiError('unknown-api-key', { apiKey: credentials.apiKey }));
  }
  if (!secretMatches) return rejected(new ApiError('secret-mismatch'));
  if (key.cloud !== cloud) return rejected(new ApiError('cloud-mismatch'));
  return { outcome: 'authenticated', principal: { kind: 'key', key, via: 'basic' } };
};

/** In constant time: both sides hashed to one length first (threat model S13). */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
