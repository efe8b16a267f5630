import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { createConsoleAccess } from './console-access.js';

/** A request as a browser sends it that keeps `cookies`. */
const at = (host: string, cookies: readonly string[] = []) =>
  ({ headers: { host, cookie: cookies.join('; ') } }) as IncomingMessage;

it.each([
  ['127.0.0.1:8420', '127.0.0.1:8421'],
  ['[::1]:8420', '[::1]:8421'],
  ['localhost', 'localhost:8421'],
])('the pages of two servers stay open side by side, at %s and %s', (...hosts) => {
  const servers = hosts.map((host) => ({ host, access: createConsoleAccess() }));
  const kept = new Map<string, string>();
  for (const { host, access } of servers) {
    const [pair = ''] = access.open(access.token, at(host))?.split(';') ?? [];
    kept.set(pair.split('=')[0] ?? '', pair);
  }
  for (const { host, access } of servers) {
    expect(access.isOpen(at(host, [...kept.values()]))).toBe(true);
    expect(access.isOpen(at(host))).toBe(false);
  }
});

it('a token opens one session', () => {
  const { token, open } = createConsoleAccess();
  expect(open('wrong', at('localhost'))).toBeNull();
  expect(open(token, at('localhost'))).toMatch(/; HttpOnly; SameSite=Strict$/);
  expect(open(token, at('localhost'))).toBeNull();
});
