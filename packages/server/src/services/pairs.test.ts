import { describe, expect, it } from 'vitest';
import { parsePairs } from './pairs.js';

describe('parsePairs', () => {
  it.each([
    ['a=b', { a: 'b' }],
    ['a=b|c=d', { a: 'b', c: 'd' }],
    [String.raw`k=a\|b|l=c\=d`, { k: 'a|b', l: 'c=d' }],
    // A backslash before anything else is itself (observed behaviours, section 4).
    [String.raw`k=valu\e2`, { k: String.raw`valu\e2` }],
    [String.raw`k=val\\=ue`, { k: String.raw`val\=ue` }],
    ['alt=one=two', { alt: 'one=two' }],
    ['caption=line one\nline two', { caption: 'line one\nline two' }],
    ['{"a":"b|c","n":1}', { a: 'b|c', n: '1' }],
  ])('%s', (text, pairs) => {
    expect({ ...parsePairs('context', text) }).toEqual(pairs);
  });

  it('keeps hostile keys as data', () => {
    const pairs = parsePairs('context', '__proto__=x|constructor=y');
    expect(Object.keys(pairs)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it.each(['a', '=b', 'a=', 'a=b|', `${'k'.repeat(1025)}=v`, `k=${'v'.repeat(1025)}`, '{"a":', '{"a":""}'])(
    'refuses %.20s by name',
    (text) => {
      expect(() => parsePairs('context', text)).toThrow(/context/);
    },
  );

  it.each([
    '{"a":{"toString":1,"valueOf":1}}',
    '{"a":[]}',
    '{"a":"\\u0000"}',
    '{"a":"\\ud800"}',
    '{"\\r":"b"}',
  ])('refuses %s, which is no text', (text) => expect(() => parsePairs('context', text)).toThrow(/context/));

  it('refuses more than 1000 pairs', () => {
    const text = Array.from({ length: 1001 }, (_, index) => `k${index}=v`).join('|');
    expect(() => parsePairs('context', text)).toThrow(/context/);
  });
});
