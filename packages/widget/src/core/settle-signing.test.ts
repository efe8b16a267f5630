import { describe, expect, test } from 'vitest';
import { findMisconfiguration, settleSigning } from './settle-signing.js';

const never = () => Promise.reject(new Error('not asked'));
const url = 'https://media.example';
const limits = { hookTimeoutMs: 1000 };
const hex = 'a'.repeat(40);

test.each([
  [{}, 'unsigned'],
  [{ uploadSignature: null }, 'unsigned'],
  [{ uploadSignature: hex, uploadSignatureTimestamp: 1 }, 'string'],
  [{ uploadSignature: () => {} }, 'function'],
  [{ signatureEndpoint: '/sign' }, 'function'],
  [{ sign: async () => hex }, 'function'],
])('%j is %s', (options, mode) => {
  expect(settleSigning({ ...limits, ...options }, never).mode).toBe(mode);
});

describe('answers of the page', () => {
  const answers: readonly (readonly [
    string,
    (callback: (signature: unknown, error?: unknown) => void) => unknown,
  ])[] = [
    ['a callback', (callback) => callback(hex)],
    ['a promise', async () => hex],
    ['an object', (callback) => callback({ signature: hex, api_key: 'key' })],
  ];
  test.each(answers)('%s', async (_name, uploadSignature) => {
    const signing = settleSigning({ ...limits, uploadSignature }, never);
    if (signing.mode !== 'function') throw new Error(signing.mode);
    expect(await signing.sign({}, new AbortController().signal)).toMatchObject({ signature: hex });
  });

  test('an error beside no signature is the reason', async () => {
    const uploadSignature = (callback: (signature: unknown, error?: unknown) => void) =>
      callback(null, new Error('signed out'));
    const signing = settleSigning({ ...limits, uploadSignature }, never);
    if (signing.mode !== 'function') throw new Error(signing.mode);
    await expect(signing.sign({}, new AbortController().signal)).rejects.toThrow('signed out');
  });
});

test.each([
  [{}, url, 'missing_cloud_name'],
  [{ cloudName: 'demo' }, null, 'missing_api_url'],
  [{ cloudName: 'demo' }, url, 'missing_preset'],
  [{ cloudName: 'demo', uploadSignature: () => {} }, url, 'missing_api_key'],
  [{ cloudName: 'demo', uploadPreset: 'open' }, url, null],
  [{ cloudName: 'demo', signatureEndpoint: '/sign' }, url, null],
  [{ cloudName: 'demo', prepareUploadParams: () => {} }, url, null],
])('%j on %s: %s', (options, apiUrl, mistake) => {
  expect(findMisconfiguration({ ...limits, ...options }, apiUrl)).toBe(
    mistake === null ? null : `notifications.${mistake}`,
  );
});
