import { hmacSha256Hex } from '#digest';

/** "name configurable" (upload-api reference, section 2.8). */
export const defaultTokenName = '__cld_token__';

export interface AuthTokenOptions {
  /** Hexadecimal. */
  readonly key: string;
  /** One of expiration and duration is needed; expiration wins. */
  readonly expirationSeconds?: number;
  /** Counted from the start, else from `nowSeconds`. */
  readonly durationSeconds?: number;
  readonly startSeconds?: number;
  readonly nowSeconds?: number;
  readonly ip?: string;
  /** Patterns with `*`. Without one the token fits `url` alone. */
  readonly acl?: string | readonly string[];
  readonly url?: string;
  readonly tokenName?: string;
}

/**
 * A delivery token, `<name>=[ip=..~][st=..~]exp=..[~acl=..]~hmac=..`, for a query string or a cookie (upload-api reference,
 * section 2.8). What the MAC covers has the escaped url last "only if no acl".
 *
 * @throws TypeError without expiry, without acl and url, for a key that is not hexadecimal, for a `~` in the address.
 */
export function signAuthToken(options: AuthTokenOptions): string {
  const { key, startSeconds, ip, url = '', tokenName = defaultTokenName } = options;
  const acl = typeof options.acl === 'object' ? options.acl.join('!') : (options.acl ?? '');
  if (acl === '' && url === '') throw new TypeError('authToken must contain either an acl or a url property');
  if (ip?.includes('~')) throw new TypeError('The ip of an authToken cannot contain ~');
  const fields = [
    ...(ip === undefined ? [] : [`ip=${ip}`]),
    ...(startSeconds === undefined ? [] : [`st=${startSeconds}`]),
    `exp=${expirationOf(options)}`,
    ...(acl === '' ? [] : [`acl=${escapeTokenText(acl)}`]),
  ].join('~');
  const mac = authTokenMac(key, fields, acl === '' ? url : null);
  return `${tokenName}=${fields}~hmac=${mac}`;
}

/**
 * Escapes the text of an acl or url: these characters as `%xx` in lower case, "Already-encoded text is escaped again" (upload-api
 * reference, section 2.8).
 */
export function escapeTokenText(text: string): string {
  return text.replace(
    /[ "#%&'/:;<=>?@[\\\]^`{|}~]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}

/** HMAC of the fields before `~hmac=`, as lowercase hex; `url` is null when the fields hold an acl. */
export function authTokenMac(key: string, fields: string, url: string | null): string {
  if (!/^(?:[0-9a-f]{2})+$/i.test(key)) throw new TypeError('The key of an authToken must be hexadecimal');
  const bytes = Uint8Array.from({ length: key.length / 2 }, (_, at) =>
    Number.parseInt(key.slice(2 * at, 2 * at + 2), 16),
  );
  return hmacSha256Hex(bytes, url === null ? fields : `${fields}~url=${escapeTokenText(url)}`);
}

function expirationOf({
  expirationSeconds,
  durationSeconds,
  startSeconds,
  nowSeconds,
}: AuthTokenOptions): number {
  const begins = startSeconds ?? nowSeconds;
  if (expirationSeconds !== undefined) return expirationSeconds;
  if (durationSeconds === undefined) throw new TypeError('Must provide either expiration or duration');
  if (begins === undefined) throw new TypeError('A duration needs a start or the time now');
  return begins + durationSeconds;
}
