import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixEnd } from './prefix-range.js';

const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const text = fc.string({ unit: 'binary' });

describe('prefixEnd', () => {
  it.each([
    ['a', 'b'],
    ['shop/', 'shop0'],
    ['100%', '100&'],
    ['a\u{10ffff}', 'b'],
    ['\ud7ff', '\ue000'],
    ['\u{1f600}', '\u{1f601}'],
    ['', null],
    ['\u{10ffff}', null],
  ])('%j -> %j', (prefix, end) => {
    expect(prefixEnd(prefix)).toBe(end);
  });

  it('bounds exactly the texts with the prefix, in byte order', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const end = prefixEnd(prefix);
        const inRange = (x: string) => bytewise(prefix, x) <= 0 && (end === null || bytewise(x, end) < 0);
        expect(inRange(prefix + other)).toBe(true);
        expect(inRange(other)).toBe(other.startsWith(prefix));
      }),
    );
  });
});
