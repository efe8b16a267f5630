import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.js';
import { utf8Bytes, utf8Text } from './utf8.js';

test('base64 is what Node makes of any bytes, both ways, in both alphabets', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const standard = Buffer.from(bytes).toString('base64');
      const urlSafe = Buffer.from(bytes).toString('base64url');
      expect(encodeBase64(bytes)).toBe(standard);
      expect(encodeBase64(bytes, { urlSafe: true, padded: false })).toBe(urlSafe);
      expect(decodeBase64(standard)).toEqual(bytes);
      expect(decodeBase64(urlSafe)).toEqual(bytes);
    }),
  );
});

test.each(['a', 'aaaaa', 'a===', 'aa=', 'a b=', 'aa*a', 'aaaa=', '=', 'é'])('not base64: %j', (text) => {
  expect(decodeBase64(text)).toBeNull();
});

test('UTF-8 is what TextEncoder makes of any text, lone surrogates too', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\ud800x\udfff')), (text) => {
      const bytes = utf8Bytes(text);
      expect(bytes).toEqual(new TextEncoder().encode(text));
      expect(utf8Text(bytes)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    }),
  );
});

test.each([[[0xff]], [[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xf5, 0x80, 0x80, 0x80]], [[0xe2, 0x82]]])(
  'not UTF-8: %j',
  (bytes) => {
    expect(utf8Text(Uint8Array.from(bytes))).toBeNull();
  },
);
