import { describe, expect, test } from 'vitest';
import { signAuthToken } from './auth-token.js';
import { cloudinary, sdk } from './official-sdk.test-support.js';
import { matchesPattern, verifyAuthToken } from './verify-auth-token.js';

const key = '00112233FF99';
const start = 1_700_000_000;
const tokenText = (token: string) => token.slice(token.indexOf('=') + 1);

describe('signAuthToken', () => {
  test.each([
    [
      { start_time: start, duration: 300, acl: '/image/*' },
      { startSeconds: start, durationSeconds: 300, acl: '/image/*' },
    ],
    [
      { expiration: 9, url: '/a b/%D1?x' },
      { expirationSeconds: 9, url: '/a b/%D1?x' },
    ],
    [
      { expiration: 9, acl: '/фото/*', url: '/x' },
      { expirationSeconds: 9, acl: '/фото/*', url: '/x' },
    ],
    [
      { expiration: 9, ip: '10.0.0.1', acl: ['/a/*', '/b~/*'], token_name: 't' },
      { expirationSeconds: 9, ip: '10.0.0.1', acl: ['/a/*', '/b~/*'], tokenName: 't' },
    ],
  ])('is the official one: %j', (theirs, ours) => {
    const expected = sdk.generate_auth_token({ ...theirs, key });
    expect(signAuthToken({ ...ours, key })).toBe(expected);
  });

  test('a duration is counted from now when there is no start', () => {
    const token = signAuthToken({ key, durationSeconds: 10, nowSeconds: 5, acl: '/*' });
    expect(token).toMatch(/^__cld_token__=exp=15~acl=%2f\*~hmac=/);
  });

  test.each([
    ['neither acl nor url', { expirationSeconds: 9 }],
    ['no expiry', { acl: '/*' }],
    ['a duration from nowhere', { acl: '/*', durationSeconds: 5 }],
    ['a key that is not hexadecimal', { acl: '/*', expirationSeconds: 9, key: 'xyz0' }],
    ['half a byte of key', { acl: '/*', expirationSeconds: 9, key: 'abc' }],
    ['an empty key', { acl: '/*', expirationSeconds: 9, key: '' }],
    ['a field smuggled into the address', { acl: '/*', expirationSeconds: 9, ip: '1~exp=99' }],
  ])('refused: %s', (_, options) => {
    expect(() => signAuthToken({ key, ...options })).toThrow(TypeError);
  });
});

describe('verifyAuthToken', () => {
  const path = '/demo/image/authenticated/v1/folder/a%20b.jpg';
  const times = { startSeconds: start, durationSeconds: 300 };
  const forAcl = tokenText(
    signAuthToken({ key, ...times, acl: ['/other/*', '/demo/image/*'], ip: '10.0.0.1' }),
  );
  const forUrl = tokenText(signAuthToken({ key, ...times, url: path }));
  const asked = { token: forAcl, key, urls: [path], nowSeconds: start, ip: '10.0.0.1' };

  test.each([
    ['at its start', {}, 'valid'],
    ['before its start', { nowSeconds: start - 1 }, 'not-yet-valid'],
    ['at its end', { nowSeconds: start + 300 }, 'valid'],
    ['after its end', { nowSeconds: start + 301 }, 'expired'],
    ['by a clock that is no number', { nowSeconds: Number.NaN }, 'expired'],
    ['from another address', { ip: '10.0.0.2' }, 'ip-mismatch'],
    ['for a path outside', { urls: ['/demo/video/x'] }, 'acl-mismatch'],
    ['for no path', { urls: [] }, 'acl-mismatch'],
    ['with another key', { key: '00112233FF98' }, 'invalid'],
    ['for its url', { token: forUrl }, 'valid'],
    ['for its url under another spelling', { token: forUrl, urls: ['/x', path] }, 'valid'],
    ['for another url', { token: forUrl, urls: [`${path}x`] }, 'invalid'],
    ['with a changed end', { token: forAcl.replace('exp=17', 'exp=18') }, 'invalid'],
    ['with a changed acl', { token: forAcl.replace('%2fother', '%2fdemo') }, 'invalid'],
    ['without its acl', { token: forAcl.replace(/~acl=[^~]*/, '') }, 'invalid'],
    ['with a changed mac', { token: forAcl.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }, 'invalid'],
    ['with fields in another order', { token: forAcl.replace(/^(ip=[^~]+)~(st=\d+)/, '$2~$1') }, 'malformed'],
    ['with a field twice', { token: `st=1~${forUrl}` }, 'malformed'],
    ['with its name', { token: `__cld_token__=${forAcl}` }, 'malformed'],
    ['empty', { token: '' }, 'malformed'],
  ])('%s', (_, other, outcome) => {
    expect(verifyAuthToken({ ...asked, ...other })).toBe(outcome);
  });

  test('a token with an address fits no request without one', () => {
    const { ip: _, ...withoutAddress } = asked;
    expect(verifyAuthToken(withoutAddress)).toBe('ip-mismatch');
  });

  test('the tokens in URLs of the official SDK are accepted', () => {
    const url = cloudinary.url('folder/фото.jpg', {
      cloud_name: 'demo',
      type: 'authenticated',
      sign_url: true,
      analytics: false,
      auth_token: { key, start_time: start, duration: 300 },
    });
    const [address = '', query = ''] = url.split('?');
    const urls = [new URL(address).pathname];
    expect(verifyAuthToken({ token: tokenText(query), key, urls, nowSeconds: start })).toBe('valid');
  });
});

test.each([
  ['/a/*', '/a/b/c', true],
  ['/a/*', '/b/a/', false],
  ['*', '', true],
  ['/*/t_x', '/image/t_x', true],
  ['/*/t_x', '/t_x', false],
  ['/a*a', '/a', false],
  ['/*b*c', '/abcbc', true],
  ['/*b*c', '/acb', false],
  ['/exact', '/exact', true],
  ['/exact', '/exact/', false],
  ['/a.c', '/abc', false],
  [`${'*a'.repeat(50)}b`, 'a'.repeat(5000), false],
])('pattern %s over %s: %s', (pattern, text, expected) => {
  expect(matchesPattern(pattern, text)).toBe(expected);
});
