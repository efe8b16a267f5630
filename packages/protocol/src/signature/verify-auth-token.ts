import { equalMac } from '#digest';
import { authTokenMac } from './auth-token.js';

export interface AuthTokenToVerify {
  /** What stands after `<name>=`, still escaped: `exp=..~acl=%2fimage%2f*~hmac=..`. */
  readonly token: string;
  /** Hexadecimal. */
  readonly key: string;
  /** The texts under which the requested file may be named in a token (raw path, with or without prefixes); any may fit. */
  readonly urls: readonly string[];
  readonly nowSeconds: number;
  /** Address of the viewer; a token that names an address fits no request without one. */
  readonly ip?: string;
}

export type AuthTokenVerification =
  | 'valid'
  | 'malformed'
  | 'invalid'
  | 'expired'
  | 'not-yet-valid'
  | 'acl-mismatch'
  | 'ip-mismatch';

/** "Fields, in order, joined by `~`" (upload-api reference, section 2.8). */
const tokenFields =
  /^(?<fields>(?:ip=(?<ip>[^~]+)~)?(?:st=(?<start>\d{1,12})~)?exp=(?<expiration>\d{1,12})(?:~acl=(?<acl>[^~]+))?)~hmac=(?<mac>[0-9a-f]{64})$/;

/**
 * Verifies a delivery token: the MAC in constant time before anything it says is believed, then time, address and acl. `expiration`
 * itself still passes.
 */
export function verifyAuthToken({
  token,
  key,
  urls,
  nowSeconds,
  ip,
}: AuthTokenToVerify): AuthTokenVerification {
  const found = tokenFields.exec(token)?.groups;
  if (found === undefined) return 'malformed';
  const { fields = '', mac = '', start, expiration, acl } = found;
  const covered = acl === undefined ? urls : [null];
  const fits = covered.filter((url) => equalMac(authTokenMac(key, fields, url), mac));
  if (fits.length === 0) return 'invalid';
  if (!(nowSeconds <= Number(expiration))) return 'expired';
  if (start !== undefined && !(nowSeconds >= Number(start))) return 'not-yet-valid';
  if (found.ip !== undefined && found.ip !== ip) return 'ip-mismatch';
  if (acl === undefined) return 'valid';
  const patterns = unescapeTokenText(acl).split('!');
  return patterns.some((pattern) => urls.some((url) => matchesPattern(pattern, url)))
    ? 'valid'
    : 'acl-mismatch';
}

/** Undoes `escapeTokenText`, which escapes ASCII only and each character once. */
function unescapeTokenText(text: string): string {
  return text.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** `*` stands for any run of characters, slashes too. Each literal is looked for once, left to right: no backtracking. */
export function matchesPattern(pattern: string, text: string): boolean {
  const literals = pattern.split('*');
  const [head = ''] = literals;
  if (literals.length === 1) return pattern === text;
  const tail = literals.at(-1) ?? '';
  if (!text.startsWith(head) || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const literal of literals.slice(1, -1)) {
    const found = text.indexOf(literal, at);
    if (found === -1) return false;
    at = found + literal.length;
  }
  return at <= text.length - tail.length;
}
