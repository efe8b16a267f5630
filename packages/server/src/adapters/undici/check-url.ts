import { isIP } from 'node:net';
import { RemoteFetchError } from '../../ports/remote-fetcher.js';
import type { AddressPolicy } from './address-policy.js';

/**
 * The URL to fetch, checked as far as that is possible before connecting; used for the first and every redirected URL alike.
 * Parsing turns all spellings of an IPv4 address (octal, hexadecimal, one number, full-width digits) into the plain one.
 */
export function checkUrl(text: string, policy: AddressPolicy, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null;
  if (url === null) throw new RemoteFetchError('ERR_INVALID_URL 0');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RemoteFetchError('ERR_SCHEME_NOT_ALLOWED 0');
  }
  if (url.username !== '' || url.password !== '') throw new RemoteFetchError('ERR_USER_INFO_NOT_ALLOWED 0');

  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 0) return url;
  const refusal = policy(host, Number(url.port) || (url.protocol === 'https:' ? 443 : 80));
  if (refusal !== null) throw new RemoteFetchError(`${refusal} 0`);
  return url;
}
