import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { env } from '$env/dynamic/private';

/* Sessions without a store: the cookie is a name and an end, with a seal over both. For a demonstration with one user. */

/** A name of its own: all ports of a host share their cookies. */
export const sessionCookie = 'sveltekit_example';
export const sessionSeconds = 8 * 3600;

const fallbackSecret = randomBytes(32);
const seal = (text: string) =>
  createHmac('sha256', env.SESSION_SECRET || fallbackSecret)
    .update(text)
    .digest('base64url');

/** In the same time whatever the difference is. */
const isEqual = (given: string, wanted: string) =>
  timingSafeEqual(Buffer.from(seal(given)), Buffer.from(seal(wanted)));

/** The value of a new session's cookie; null when name or password is wrong. */
export function beginSession(name: string, password: string): string | null {
  const user = env.DEMO_USER || 'ada';
  const isUser = isEqual(name, user);
  const isPassword = isEqual(password, env.DEMO_PASSWORD || 'lovelace');
  if (!isUser || !isPassword) return null;
  const text = `${Buffer.from(user).toString('base64url')}.${Math.floor(Date.now() / 1000) + sessionSeconds}`;
  return `${text}.${seal(text)}`;
}

/** Whose cookie it is; null when it was not made here or is over. */
export function findUser(cookie: string | undefined): { readonly name: string } | null {
  const [name = '', end = '', given = ''] = (cookie ?? '').split('.');
  if (!isEqual(given, seal(`${name}.${end}`)) || Number(end) < Date.now() / 1000) return null;
  return { name: Buffer.from(name, 'base64url').toString() };
}
