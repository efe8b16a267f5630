import type { SignRequest } from './exchange.js';

/** Credentials that browsers attach by themselves; the others a page must have been given. */
const ambientScheme = /^(?:basic|digest|negotiate|ntlm)\b/i;

/** Header of a shared token (rulings, docs/decisions/0002). */
export const sharedTokenHeader = 'X-Counterseal-Sign-Token';

/**
 * Checks a list of origins that may call from other sites.
 * @throws TypeError for anything but `https://host[:port]`; there is no wildcard
 */
export function exactOrigins(origins: readonly string[]): ReadonlySet<string> {
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new TypeError(
        `'${origin}' is not an origin: write scheme, host and port, for example https://www.example.com`,
      );
    }
  }
  return new Set(origins);
}

/**
 * Why a request may be another site's use of a signed-in visitor's browser, or null when it is not (threat model T2). A request
 * with a token that no browser attaches by itself is fine, and so is one that no browser sent.
 */
export function crossSiteReason({ headers, url }: SignRequest, origins: ReadonlySet<string>): string | null {
  const authorization = headers.get('authorization');
  if (authorization !== null && !ambientScheme.test(authorization)) return null;
  if (headers.get(sharedTokenHeader) !== null) return null;
  const origin = headers.get('origin');
  if (origin !== null && origins.has(origin)) return null;
  const site = headers.get('sec-fetch-site');
  if (site !== null) {
    return site === 'same-origin' || site === 'none' ? null : `a page of another origin (${site}) asked`;
  }
  if (origin === null) return null;
  return isOwnOrigin(origin, url) ? null : 'a page of another origin asked';
}

/** By host and port alone: behind a proxy the scheme we see is not the one the browser used. */
function isOwnOrigin(origin: string, url: string): boolean {
  // A Host header may hold anything, and then `url` is none.
  return URL.canParse(origin) && URL.canParse(url) && new URL(origin).host === new URL(url).host;
}

/** Answer headers for a page that may read the answer. Cookies are allowed: the list is exact. */
export function corsHeaders(
  { headers }: SignRequest,
  origins: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  if (origins.size === 0) return {};
  const origin = headers.get('origin');
  if (origin === null || !origins.has(origin)) return { Vary: 'Origin' };
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': 'Retry-After',
  };
}

/** What the answer to OPTIONS has on top, for the origins of the list. */
export const preflightHeaders = {
  'Access-Control-Allow-Methods': 'GET, POST',
  'Access-Control-Allow-Headers': `Content-Type, Authorization, ${sharedTokenHeader}`,
  'Access-Control-Max-Age': '600',
} as const;
