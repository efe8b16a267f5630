import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signNotification, verifyNotification } from './notification-signature.js';
import { cloudinary, sdk } from './official-sdk.test-support.js';
import { signResponse, verifyResponseSignature } from './response-signature.js';

const secret = 's3cr3t';
const body = '{"notification_type":"upload","public_id":"фото/猫"}';
const now = 1_700_000_000;
const signature = signNotification(body, now, secret);
const message = { body, timestamp: now, signature, secret, nowSeconds: now };

describe('verifyNotification', () => {
  test.each([
    [7200, 'valid'],
    [7201, 'stale'],
    [-300, 'valid'],
    [-301, 'future'],
  ])('%i seconds after it was signed: %s', (age, outcome) => {
    expect(verifyNotification({ ...message, nowSeconds: now + age }).outcome).toBe(outcome);
  });

  test('the window can be chosen', () => {
    expect(verifyNotification({ ...message, nowSeconds: now + 11, maxAgeSeconds: 10 }).outcome).toBe('stale');
    expect(verifyNotification({ ...message, nowSeconds: now - 11, maxAheadSeconds: 10 }).outcome).toBe(
      'future',
    );
  });

  test('bytes are hashed as they are, and must be UTF-8', () => {
    const bytes = new TextEncoder().encode(body);
    expect(signNotification(bytes, now, secret)).toBe(signature);
    const broken = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d);
    const signed = { ...message, body: broken, signature: signNotification(broken, now, secret) };
    expect(verifyNotification(signed)).toEqual({ outcome: 'invalid' });
  });

  test.each([['1700000000 '], ['+1700000000'], ['1.7e9'], ['']])(
    'a timestamp that is not digits: %j',
    (timestamp) => {
      const signed = { ...message, timestamp, signature: signNotification(body, timestamp, secret) };
      expect(verifyNotification(signed)).toEqual({ outcome: 'invalid' });
    },
  );

  test('one changed character is refused', () => {
    fc.assert(
      fc.property(fc.nat(), (where) => {
        const change = (text: string) => {
          const at = where % text.length;
          return text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);
        };
        for (const forged of [
          { ...message, body: change(body) },
          { ...message, timestamp: change(String(now)), nowSeconds: Number(change(String(now))) },
          { ...message, signature: change(signature) },
          { ...message, secret: change(secret) },
        ]) {
          expect(verifyNotification(forged)).toEqual({ outcome: 'invalid' });
        }
      }),
    );
  });

  test('a receiver may refuse SHA-1', () => {
    expect(verifyNotification({ ...message, algorithms: ['sha256'] })).toEqual({ outcome: 'invalid' });
  });
});

describe('beside the official SDK', () => {
  const previous = { ...cloudinary.config() };
  beforeAll(() => void cloudinary.config({ api_secret: secret }));
  afterAll(
    () => void cloudinary.config({ ...previous, api_secret: undefined, signature_algorithm: undefined }),
  );

  test.each(['sha1', 'sha256'] as const)(
    'its verifiers accept what we sign with %s, ours what it signs',
    (algorithm) => {
      cloudinary.config({ signature_algorithm: algorithm });
      const timestamp = Math.floor(Date.now() / 1000);
      const ours = signNotification(body, timestamp, secret, algorithm);
      expect(sdk.verifyNotificationSignature(body, timestamp, ours)).toBe(true);
      expect(
        sdk.webhook_signature(body, timestamp, {
          api_secret: secret,
          signature_algorithm: algorithm,
        }),
      ).toBe(ours);

      const asset = { publicId: 'a&b=c/фото', version: 42 };
      const response = signResponse(asset, secret, algorithm);
      expect(sdk.verify_api_response_signature(asset.publicId, asset.version, response)).toBe(true);
      const theirs = sdk.api_sign_request({ public_id: asset.publicId, version: 42 }, secret, algorithm, 1);
      expect(verifyResponseSignature({ ...asset, signature: theirs, secret })).toBe(true);
      expect(verifyResponseSignature({ ...asset, version: 43, signature: theirs, secret })).toBe(false);
      expect(verifyResponseSignature({ ...asset, signature: theirs, secret, algorithms: [] })).toBe(false);
    },
  );
});
