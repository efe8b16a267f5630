import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as portable from './digest.js';
import * as node from './digest.node.js';

const text = fc.string({ unit: 'binary' });
const algorithm = fc.constantFrom<'sha1' | 'sha256'>('sha1', 'sha256');

test('both digests have the same functions', () => {
  expect(Object.keys(portable).sort()).toEqual(Object.keys(node).sort());
});

test('both digests agree over any text, lone surrogates too', () => {
  fc.assert(
    fc.property(
      fc.oneof(text, fc.constant('\ud800a\udc00')),
      fc.uint8Array({ minLength: 1 }),
      algorithm,
      (a, key, hash) => {
        expect(portable.hashHex(hash, a)).toBe(node.hashHex(hash, a));
        expect(portable.hashHex(hash, key)).toBe(node.hashHex(hash, key));
        expect(portable.hashBase64Url(hash, a)).toBe(node.hashBase64Url(hash, a));
        expect(portable.hmacSha256Hex(key, a)).toBe(node.hmacSha256Hex(key, a));
      },
    ),
  );
});

describe.each([
  ['node:crypto', node.equalMac],
  ['portable', portable.equalMac],
])('equalMac of %s', (_, equalMac) => {
  test('is equality, whatever was compared before', () => {
    const mac = fc.stringMatching(/^[a-c]{8}$|^[a-c]{32}$|^[a-c]{40}$|^[a-c]{64}$|^[a-c]{0,9}$/);
    fc.assert(
      fc.property(mac, fc.oneof(mac, text), (expected, received) => {
        expect(equalMac(expected, expected)).toBe(true);
        expect(equalMac(expected, received)).toBe(expected === received);
      }),
    );
  });

  test.each([8, 32, 40, 64, 65])('sees a difference at every place of %i characters', (length) => {
    const expected = 'a'.repeat(length);
    for (let at = 0; at < length; at += 1) {
      for (const other of ['b', 'A', 'š', '\0', '']) {
        expect(equalMac(expected, expected.slice(0, at) + other + expected.slice(at + 1))).toBe(false);
      }
    }
  });

  test('a character that is "0" in Latin-1 is not "0"', () => {
    expect(equalMac('0'.repeat(40), '\u0130'.repeat(40))).toBe(false);
    expect(equalMac('0'.repeat(8), '\u0130'.repeat(8))).toBe(false);
  });
});
