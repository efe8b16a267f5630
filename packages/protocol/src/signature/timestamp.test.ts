import { expect, test } from 'vitest';
import { checkTimestamp, formatStaleTime } from './timestamp.js';

const now = 1_700_000_000;

test.each([
  ['now', '1700000000', { outcome: 'ok', seconds: now }],
  ['an hour ago', '1699996400', { outcome: 'ok', seconds: now - 3600 }],
  ['an hour and a second ago', '1699996399', { outcome: 'stale', seconds: now - 3601 }],
  ['five minutes ahead', '1700000300', { outcome: 'ok', seconds: now + 300 }],
  ['a second more than five minutes ahead', '1700000301', { outcome: 'future', seconds: now + 301 }],
  ['13 digits are milliseconds', '1700000000999', { outcome: 'ok', seconds: now }],
  ['12 digits are seconds', '170000000000', { outcome: 'future', seconds: 170_000_000_000 }],
  ['zero', '0', { outcome: 'stale', seconds: 0 }],
  ['14 digits', '17000000000000', { outcome: 'malformed' }],
  ['nothing', '', { outcome: 'malformed' }],
  ['a sign', '-1700000000', { outcome: 'malformed' }],
  ['a fraction', '1700000000.5', { outcome: 'malformed' }],
  ['an exponent', '17e8', { outcome: 'malformed' }],
  ['spaces', ' 1700000000', { outcome: 'malformed' }],
  ['a line feed', '1700000000\n', { outcome: 'malformed' }],
  ['digits of another script', '١٧٠٠٠٠٠٠٠٠', { outcome: 'malformed' }],
])('%s: %j', (_, text, expected) => {
  expect(checkTimestamp(text, now)).toEqual(expected);
});

test('a clock that is no number lets nothing pass', () => {
  expect(checkTimestamp('1700000000', Number.NaN).outcome).toBe('stale');
});

test.each([
  [1_481_775_293, '2016-12-15 04:14:53 +0000'],
  [0, '1970-01-01 00:00:00 +0000'],
  [999_999_999_999, '33658-09-27 01:46:39 +0000'],
])('%i reads %s', (seconds, text) => {
  expect(formatStaleTime(seconds)).toBe(text);
});
