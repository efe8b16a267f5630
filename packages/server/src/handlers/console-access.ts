import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ApiError } from '@counterseal/protocol';

const tokenBytes = 24;

/** Who may use the tools of the start page: whoever opened the address that was printed at start, with the token in it. */
export interface ConsoleAccess {
  /** Part of the printed address. Opens one session; a second use opens none. */
  readonly token: string;
  /** The value of a Set-Cookie header when `token` is right and unused, else null. */
  open(token: string, req: IncomingMessage): string | null;
  isOpen(req: IncomingMessage): boolean;
}

export function createConsoleAccess(): ConsoleAccess {
  const token = randomBytes(tokenBytes).toString('base64url');
  const session = randomBytes(tokenBytes).toString('base64url');
  let isUsed = false;
  return {
    token,
    open(given, req) {
      if (isUsed || !isSame(given, token)) return null;
      isUsed = true;
      return `${cookieNameOf(req)}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
    isOpen: (req) => isSame(readCookie(req), session),
  };
}

/**
 * Refuses names that are not ours, so that no foreign name that points here can be used by a page (DNS rebinding). Addresses and
 * `localhost` cannot be rebound.
 * @throws ApiError `host-not-allowed`
 */
export function requireOwnHost(req: IncomingMessage, publicUrl: string): void {
  const host = req.headers.host ?? '';
  const url = /^[\w.:[\]-]+$/.test(host) && URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
  const name = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const isOwn = isIP(name) !== 0 || name === 'localhost' || name === new URL(publicUrl).hostname;
  if (!isOwn) throw new ApiError('host-not-allowed', { host: host.slice(0, 100) });
}

/** Whether another page made the browser send this. Strict cookies say so too; this holds for old browsers. */
export function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== headers.host);
}

/**
 * "Cookies do not provide isolation by port" (RFC 6265, section 8.5): under one name, two servers on one machine would close each
 * other's page.
 */
function cookieNameOf({ headers }: IncomingMessage): string {
  const port = /:(\d+)$/.exec(headers.host ?? '')?.[1];
  return port === undefined ? 'counterseal_console' : `counterseal_console_${port}`;
}

function readCookie(req: IncomingMessage): string {
  const name = cookieNameOf(req);
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([each]) => each === name)?.[1] ?? '';
}

/** In constant time: both sides hashed to one length first. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
