import { describe, expect, it } from 'vitest';
import { readClientHints, variantOf } from './client-hints.js';

describe('client hints', () => {
  it.each([
    ['image/avif,image/webp,image/apng,*/*;q=0.8', 'image/avif,image/webp'],
    ['IMAGE/WebP;q=0.1', 'image/webp'],
    ['image/webp;q=0, image/avif;q=0.000', ''],
    ['*/*', ''],
    ['x'.repeat(100_000), ''],
  ])('of Accept %.40s keep %s', (accept, kept) => {
    expect(readClientHints({ accept }).accept).toBe(kept);
  });

  it.each([
    ['2', 2],
    ['1.25', 2],
    ['1000', 4],
    ['0.5', 1],
    ['0', null],
    ['-1', null],
    ['NaN', null],
    ['Infinity', null],
    ['2, 3', null],
  ])('read DPR %s as %s', (dpr, expected) => {
    expect(readClientHints({ dpr }).dpr).toBe(expected);
  });

  it('name few variants, whatever clients send (T31)', () => {
    const names = ['Accept', 'DPR', 'Sec-CH-DPR', 'Save-Data'];
    const one = variantOf({ accept: 'image/webp,x/1', dpr: '1.5', 'x-other': 'a' })(names);
    const two = variantOf({ accept: 'y/2, image/webp;q=0.3', dpr: '1.9', 'user-agent': 'b' })(names);
    expect(one).toBe(two);
    expect(variantOf({ accept: 'image/webp', dpr: '1.5', 'save-data': 'on' })(names)).not.toBe(one);
    expect(variantOf({ accept: 'image/webp' })(['X-Other'])).toBe('');
  });
});
