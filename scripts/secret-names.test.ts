import { expect, test } from 'vitest';
import { secretNameIn } from './lib/secret-names.mjs';

test.each([
  '{api_secret:1}',
  'apiSecret',
  'CLIENT_SECRET',
  'privateKey',
  'cloudinary://k:s@c',
  'process.env.CLOUDINARY_URL',
])('%s is a secret in a bundle', (code) => {
  expect(secretNameIn(code)).not.toBeNull();
});

test('what the widget does need is none', () => {
  expect(
    secretNameIn('apiKey, api_key, signature, uploadSignature, cloudinary.openUploadWidget, isSecureContext'),
  ).toBeNull();
});
