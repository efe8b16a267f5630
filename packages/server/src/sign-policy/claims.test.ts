import { expect, test } from 'vitest';
import { ClaimError, fillText } from './claims.js';
import { policyFor } from './policy-for.js';

test('a number that JSON rounded names no user', () => {
  expect(fillText('users/{sub}', { sub: 42 })).toBe('users/42');
  expect(() => fillText('users/{sub}', JSON.parse('{"sub":9007199254740993}'))).toThrow(ClaimError);
});

test('claims fill patterns', () => {
  const policy = policyFor({ patterns: { public_id: ['users/{sub}/*'] } }, { sub: '42' });
  const ask = (public_id: string) =>
    policy.evaluate({ source: 'uw', timestamp: '1000', public_id }, { nowSeconds: 1000, amend: false })
      .outcome;
  expect(ask('users/42/cat')).toBe('allow');
  expect(ask('users/43/cat')).toBe('refuse');
});
