import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sdk } from './official-sdk.test-support.js';
import { apiSignRequest } from './sign-request.js';
import { findUnsignableParameter } from './unsignable.js';
import { verifyHexSignature, verifyRequestSignature } from './verify-request.js';

const secret = 'abcd';
const params = { public_id: 'sample_image', timestamp: '1315060510' };

/** What an operation accepts: legal names, scalar text without `%26` and control characters, nothing empty. */
const acceptedParams = fc
  .dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/), fc.string({ minLength: 1, unit: 'grapheme' }), {
    minKeys: 1,
    maxKeys: 8,
  })
  .filter((candidate) => findUnsignableParameter(candidate) === null);
const algorithms = fc.constantFrom<'sha1' | 'sha256'>('sha1', 'sha256');

describe('verifyRequestSignature', () => {
  test('accepts what was signed, by us and by the official SDK', () => {
    fc.assert(
      fc.property(acceptedParams, fc.string({ minLength: 1 }), algorithms, (given, key, algorithm) => {
        const ours = apiSignRequest(given, key, algorithm);
        const theirs = sdk.api_sign_request(given, key, algorithm, 2);
        for (const signature of [ours, theirs]) {
          const verified = verifyRequestSignature({ params: given, signature, secret: key });
          // The SDK orders by locale; names with digits may stand otherwise (threat model S15).
          if (signature === ours) expect(verified).toEqual({ outcome: 'valid', algorithm, version: 2 });
          else expect(verified.outcome === 'valid').toBe(theirs === ours);
        }
      }),
    );
  });

  test('refuses one changed character anywhere: value, name, signature, secret', () => {
    fc.assert(
      fc.property(
        acceptedParams,
        fc.string({ minLength: 1 }),
        algorithms,
        fc.nat(),
        fc.nat(),
        fc.stringMatching(/^[a-z0-9]$/),
        (given, key, algorithm, which, where, letter) => {
          const signature = apiSignRequest(given, key, algorithm);
          const names = Object.keys(given);
          const name = names[which % names.length] ?? '';
          const { [name]: value = '', ...others } = given;
          const otherName = changed(name, where, letter);
          const attempts = [
            { params: { ...others, [name]: changed(value, where, letter) }, signature, secret: key },
            ...(otherName in given
              ? []
              : [{ params: { ...others, [otherName]: value }, signature, secret: key }]),
            { params: given, signature: changed(signature, where, letter), secret: key },
            { params: given, signature, secret: changed(key, where, letter) },
          ];
          for (const attempt of attempts) expect(verifyRequestSignature(attempt).outcome).toBe('invalid');
        },
      ),
    );
  });

  test.each([
    ['empty', ''],
    ['short', 'bfd09f95'],
    ['not hex', 'z'.repeat(40)],
    ['upper case', apiSignRequest(params, secret).toUpperCase()],
    ['right but longer', `${apiSignRequest(params, secret)}0`],
  ])('a malformed signature is invalid: %s', (_, signature) => {
    const stringToSign = 'public_id=sample_image&timestamp=1315060510';
    const expected = { outcome: 'invalid', stringToSign };
    expect(verifyRequestSignature({ params, signature, secret })).toEqual(expected);
    expect(verifyRequestSignature({ params, signature, secret, algorithms: ['sha256'] })).toEqual(expected);
  });

  test('every character that Latin-1 folds into the right one is refused', () => {
    const signature = apiSignRequest(params, secret);
    for (let at = 0; at < signature.length; at += 1) {
      const folded = String.fromCharCode(signature.charCodeAt(at) + 0x100);
      const forged = signature.slice(0, at) + folded + signature.slice(at + 1);
      expect(verifyRequestSignature({ params, signature: forged, secret }).outcome).toBe('invalid');
    }
  });

  test('S10: the key decides which algorithm is accepted', () => {
    const signature = apiSignRequest(params, secret, 'sha1');
    const verified = verifyRequestSignature({ params, signature, secret, algorithms: ['sha256'] });
    expect(verified).toEqual({ outcome: 'algorithm-not-allowed', algorithm: 'sha1', allowed: ['sha256'] });
  });

  test('v1 only where the key allows it', () => {
    const smuggling = { public_id: 'cat&tags=evil' };
    const signature = apiSignRequest(smuggling, secret, 'sha1', 1);
    const refused = verifyRequestSignature({ params: smuggling, signature, secret });
    expect(refused).toEqual({ outcome: 'invalid', stringToSign: 'public_id=cat%26tags=evil' });
    const allowed = verifyRequestSignature({ params: smuggling, signature, secret, versions: [2, 1] });
    expect(allowed).toEqual({ outcome: 'valid', algorithm: 'sha1', version: 1 });
  });

  test('names that are never signed do not matter', () => {
    const signature = apiSignRequest(params, secret);
    const wire = { ...params, file: 'x', cloud_name: 'c', resource_type: 'image', api_key: 'k', signature };
    expect(verifyRequestSignature({ params: wire, signature, secret }).outcome).toBe('valid');
  });

  test('an empty or missing secret is an error, not a secret', () => {
    const signature = apiSignRequest(params, '');
    expect(() => verifyRequestSignature({ params, signature, secret: '' })).toThrow(TypeError);
    expect(() =>
      verifyHexSignature({
        text: 'a=b',
        signature,
        secret: undefined as unknown as string,
        algorithm: 'sha1',
      }),
    ).toThrow(TypeError);
  });

  test('the answer never holds the secret or the expected signature', () => {
    const answer = JSON.stringify(
      verifyRequestSignature({ params, signature: '0'.repeat(40), secret: 'S3CRET' }),
    );
    expect(answer).not.toContain('S3CRET');
    expect(answer).not.toContain(apiSignRequest(params, 'S3CRET'));
  });
});

/** The text with one character replaced by a different one. */
function changed(text: string, where: number, letter: string): string {
  const at = where % text.length;
  const replacement = text[at] === letter ? (letter === 'a' ? 'b' : 'a') : letter;
  return text.slice(0, at) + replacement + text.slice(at + 1);
}
