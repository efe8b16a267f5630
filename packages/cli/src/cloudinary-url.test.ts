import { describe, expect, test } from 'vitest';
import { formatCloudinaryUrl, parseCloudinaryUrl } from './cloudinary-url.js';

describe('parseCloudinaryUrl', () => {
  test.each([
    ['cloudinary://key:secret@demo', 'key', 'secret', 'demo', 'https://api.cloudinary.com'],
    ['cloudinary://k:s@demo?upload_prefix=http://127.0.0.1:8420', 'k', 's', 'demo', 'http://127.0.0.1:8420'],
    ['cloudinary://k:s@demo?upload_prefix=http://127.0.0.1:8420/', 'k', 's', 'demo', 'http://127.0.0.1:8420'],
    ['cloudinary://k:p%40ss%3Aw%2Fo%25rd@Demo-1', 'k', 'p@ss:w/o%rd', 'Demo-1', 'https://api.cloudinary.com'],
    ['cloudinary://k:a+b@demo/media.example.com', 'k', 'a+b', 'demo', 'https://api.cloudinary.com'],
  ])('%s', (text, apiKey, apiSecret, cloud, uploadPrefix) => {
    expect(parseCloudinaryUrl(text)).toEqual({ apiKey, apiSecret, cloud, uploadPrefix });
  });

  test.each([
    ['absent', null, 'is not set'],
    ['another scheme', 'https://key:topsecret@demo', 'must look like'],
    ['no secret', 'cloudinary://key@demo', 'must look like'],
    ['no cloud', 'cloudinary://key:topsecret@', 'must look like'],
    ['not a URL', 'topsecret', 'must look like'],
    ['a stray percent sign', 'cloudinary://key:topsecret%zz@demo', 'percent'],
    ['a prefix of another scheme', 'cloudinary://k:topsecret@demo?upload_prefix=ftp://x', 'upload_prefix'],
  ])('%s is refused without repeating the secret', (_, text, message) => {
    expect(() => parseCloudinaryUrl(text)).toThrow(message);
    expect(() => parseCloudinaryUrl(text)).not.toThrow('topsecret');
  });

  test('reads what formatCloudinaryUrl prints', () => {
    const account = { cloud: 'demo', apiKey: 'k/1', apiSecret: 'a:b@c?d#e%f &', uploadPrefix: 'http://h:1' };
    expect(parseCloudinaryUrl(formatCloudinaryUrl(account))).toEqual(account);
  });
});
