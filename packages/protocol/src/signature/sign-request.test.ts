import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SignatureAlgorithm } from './algorithms.js';
import { sdk } from './official-sdk.test-support.js';
import { apiSignRequest } from './sign-request.js';
import { stringToSign } from './string-to-sign.js';

describe('apiSignRequest', () => {
  test('agrees with the official helper over any lower-case names and any values', () => {
    const name = fc.stringMatching(/^[a-z_]{1,12}$/);
    const scalar = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.double(), fc.boolean());
    const value = fc.oneof(scalar, fc.constantFrom(null, undefined, ''), fc.array(scalar, { maxLength: 3 }));
    const algorithm = fc.constantFrom<SignatureAlgorithm>('sha1', 'sha256');
    const version = fc.constantFrom<1 | 2>(1, 2);
    fc.assert(
      fc.property(
        fc.dictionary(name, value, { maxKeys: 40 }),
        fc.string(),
        algorithm,
        version,
        (params, secret, hash, signatureVersion) => {
          const expected = sdk.api_sign_request(params, secret, hash, signatureVersion);
          expect(apiSignRequest(params, secret, hash, signatureVersion)).toBe(expected);
        },
      ),
    );
  });

  test('an ampersand in a name is escaped as in a value', () => {
    const params = { 'public_id=x&tags': 'evil', timestamp: 1 };
    expect(stringToSign(params)).toBe('public_id=x%26tags=evil&timestamp=1');
    expect(apiSignRequest(params, 'abcd')).toBe(sdk.api_sign_request(params, 'abcd'));
  });

  test('no algorithm and no version, given as null, are the defaults', () => {
    const params = { public_id: 'a&b', timestamp: 1 };
    expect(apiSignRequest(params, 'abcd', null, null)).toBe(apiSignRequest(params, 'abcd', 'sha1', 2));
  });

  test('no names are excluded, zero and false are values', () => {
    const params = { file: 'f', cloud_name: 'c', api_key: 'k', count: 0, overwrite: false, tags: [] };
    expect(stringToSign(params)).toBe('api_key=k&cloud_name=c&count=0&file=f&overwrite=false');
  });

  test('any names stand in the order of their code units', () => {
    const someNames = fc.uniqueArray(fc.string({ unit: fc.constantFrom('', 'a', 'b', '_', '1', 'é', '猫') }));
    fc.assert(
      fc.property(someNames, (names) => {
        const params = Object.fromEntries(names.map((name) => [name, 'x']));
        const sorted = names.sort().map((name) => `${name}=x`);
        expect(stringToSign(params)).toBe(sorted.join('&'));
      }),
    );
  });

  test('names beyond the insertion sort come in the same order', () => {
    const names = Array.from({ length: 100 }, (_, at) => `p${(at * 37) % 100}`);
    const params = Object.fromEntries(names.map((name) => [name, 'x']));
    const sorted = names.sort().map((name) => `${name}=x`);
    expect(stringToSign(params).split('&')).toEqual(sorted);
  });

  test.each([[undefined], [null], [42]])('a secret that is %s is an error', (secret) => {
    expect(() => apiSignRequest({ a: 'b' }, secret as unknown as string)).toThrow(TypeError);
  });

  test('an unknown algorithm is an error', () => {
    expect(() => apiSignRequest({ a: 'b' }, 'abcd', 'md5' as 'sha1')).toThrow('md5 is not supported');
  });
});
