import { describe, expect, test } from 'vitest';
import { type ConditionalHeaders, evaluateConditional } from './conditional.js';
import { parseHttpDate, printHttpDate } from './http-date.js';
import { parseRange } from './range.js';

const modifiedAtMs = Date.UTC(1994, 10, 6, 8, 49, 37) + 123;
const date = 'Sun, 06 Nov 1994 08:49:37 GMT';
const earlier = 'Sun, 06 Nov 1994 08:49:36 GMT';
const later = 'Sun, 06 Nov 1994 08:49:38 GMT';
const thing = { etag: '"abc"', modifiedAtMs, bytes: 1000 };
const part = (start: number, end: number) => ({
  status: 206,
  range: { start, end },
  contentRange: `bytes ${start}-${end}/1000`,
});

describe('evaluateConditional', () => {
  const cases: [ConditionalHeaders, unknown][] = [
    [{}, { status: 200 }],
    [{ 'if-none-match': '"abc"' }, { status: 304 }],
    [{ 'if-none-match': 'W/"abc"' }, { status: 304 }],
    [{ 'if-none-match': '"x", W/"abc" ,"y"' }, { status: 304 }],
    [{ 'if-none-match': '"a,b","abc"' }, { status: 304 }],
    [{ 'if-none-match': '*' }, { status: 304 }],
    [{ 'if-none-match': '"ab"' }, { status: 200 }],
    [{ 'if-none-match': 'abc' }, { status: 200 }],
    [{ 'if-none-match': '' }, { status: 200 }],
    [{ 'if-modified-since': date }, { status: 304 }],
    [{ 'if-modified-since': later }, { status: 304 }],
    [{ 'if-modified-since': earlier }, { status: 200 }],
    [{ 'if-modified-since': '1994-11-06' }, { status: 200 }],
    [{ 'if-none-match': '"x"', 'if-modified-since': later }, { status: 200 }],
    [{ range: 'bytes=0-0' }, part(0, 0)],
    [{ range: 'bytes=500-' }, part(500, 999)],
    [{ range: 'bytes=-1' }, part(999, 999)],
    [{ range: 'bytes=1000-' }, { status: 416, contentRange: 'bytes */1000' }],
    [{ range: 'bytes=0-1,5-6' }, { status: 200 }],
    [{ range: 'bytes=0-1', 'if-range': '"abc"' }, part(0, 1)],
    [{ range: 'bytes=0-1', 'if-range': 'W/"abc"' }, { status: 200 }],
    [{ range: 'bytes=0-1', 'if-range': '"x"' }, { status: 200 }],
    [{ range: 'bytes=0-1', 'if-range': date }, part(0, 1)],
    [{ range: 'bytes=0-1', 'if-range': later }, { status: 200 }],
    [{ range: 'bytes=0-1', 'if-none-match': '"abc"' }, { status: 304 }],
  ];
  test.each(cases)('%j', (headers, expected) =>
    expect(evaluateConditional('GET', headers, thing)).toEqual(expected),
  );

  test('HEAD has no ranges', () => {
    expect(evaluateConditional('HEAD', { range: 'bytes=0-1' }, thing)).toEqual({ status: 200 });
    expect(evaluateConditional('HEAD', { 'if-none-match': '"abc"' }, thing)).toEqual({ status: 304 });
  });
});

test.each([
  ['bytes=0-9', 10, { start: 0, end: 9 }],
  ['bytes=0-99', 10, { start: 0, end: 9 }],
  ['BYTES= 3-4 ', 10, { start: 3, end: 4 }],
  ['bytes=-99', 10, { start: 0, end: 9 }],
  [`bytes=0-${'9'.repeat(400)}`, 10, { start: 0, end: 9 }],
  [`bytes=${'9'.repeat(400)}-`, 10, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=0-', 0, 'unsatisfiable'],
  ['bytes=-1', 0, 'unsatisfiable'],
  ['bytes=4-3', 10, 'ignored'],
  ['bytes=-', 10, 'ignored'],
  ['bytes=', 10, 'ignored'],
  ['bytes=a-b', 10, 'ignored'],
  ['bytes=+1-2', 10, 'ignored'],
  ['items=0-1', 10, 'ignored'],
  ['bytes=0-1,', 10, 'ignored'],
])('parseRange %s of %i', (header, bytes, expected) => expect(parseRange(header, bytes)).toEqual(expected));

/** The examples of RFC 9110, section 5.6.7. */
test.each([date, 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])('HTTP date %s', (text) => {
  expect(parseHttpDate(text)).toBe(Math.floor(modifiedAtMs / 1000));
});

test('dates that are none, and printing', () => {
  for (const text of ['', '0', '06 Nov 1994', `${date}Z`, 'Sun, 99 Nov 1994 08:49:37 GMT']) {
    expect(parseHttpDate(text)).toBeNull();
  }
  expect(printHttpDate(modifiedAtMs)).toBe(date);
});
