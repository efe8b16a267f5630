import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentDisposition } from './content-disposition.js';

describe('contentDisposition', () => {
  test.each([
    ['photo.jpg', 'attachment; filename="photo.jpg"'],
    ['a b!-_.jpg', 'attachment; filename="a b!-_.jpg"'],
    [null, 'attachment'],
    ['', 'attachment'],
    [' ', 'attachment'],
    ['\u20ac rates.jpg', `attachment; filename="_ rates.jpg"; filename*=UTF-8''%E2%82%AC%20rates.jpg`],
    ['\u{1f600}.jpg', `attachment; filename="_.jpg"; filename*=UTF-8''%F0%9F%98%80.jpg`],
    ['50%.jpg', `attachment; filename="50_.jpg"; filename*=UTF-8''50%25.jpg`],
    ['a"b.jpg', `attachment; filename="a_b.jpg"; filename*=UTF-8''a%22b.jpg`],
    [`\u00e9'()*.jpg`, `attachment; filename="_'()*.jpg"; filename*=UTF-8''%C3%A9%27%28%29%2A.jpg`],
    ['a\r\nSet-Cookie: x', 'attachment; filename="a__Set-Cookie: x"'],
    ['../../etc/passwd', 'attachment; filename=".._.._etc_passwd"'],
    ['C:\\a', 'attachment; filename="C:_a"'],
    ['gpj.\u202eexe', 'attachment; filename="gpj._exe"'],
  ])('%j', (name, expected) => expect(contentDisposition('attachment', name)).toBe(expected));

  test('any name gives one legal header value, with one of each parameter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const value = contentDisposition('inline', name);
        validateHeaderValue('Content-Disposition', value);
        expect(value).toMatch(
          /^inline(?:; filename="[ !#$&-[\]-~]*"(?:; filename\*=UTF-8''(?:[\w!.~-]|%[0-9A-F]{2})+)?)?$/,
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('the extended name is the name', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\u00e9', '\u{1f600}', '%', "'", '"', '*'), minLength: 1 }),
        (name) => {
          const encoded = /filename\*=UTF-8''(.*)$/.exec(contentDisposition('attachment', name))?.[1];
          const plain = /filename="(.*?)"/.exec(contentDisposition('attachment', name))?.[1];
          expect(encoded === undefined ? plain : decodeURIComponent(encoded)).toBe(name);
        },
      ),
    );
  });
});
