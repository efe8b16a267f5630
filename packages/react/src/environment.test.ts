import { afterEach, expect, test, vi } from 'vitest';
import { environmentConfig } from './environment.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test('the names of the original, and ours for the origin', () => {
  for (const [name, value] of Object.entries({
    NEXT_PUBLIC_CLOUDINARY_CLOUD_NAME: 'demo',
    NEXT_PUBLIC_CLOUDINARY_API_KEY: 'key',
    NEXT_PUBLIC_CLOUDINARY_UPLOAD_PRESET: 'open',
    NEXT_PUBLIC_COUNTERSEAL_API_URL: 'https://media.example.org',
  }))
    vi.stubEnv(name, value);
  expect(environmentConfig()).toEqual({
    cloudName: 'demo',
    apiKey: 'key',
    uploadPreset: 'open',
    apiUrl: 'https://media.example.org',
  });
});

test.each([
  ['no process', undefined],
  ['a process without an environment', {}],
])('%s is an empty environment', (_, value) => {
  vi.stubGlobal('process', value);
  expect(environmentConfig()).toEqual({});
});
