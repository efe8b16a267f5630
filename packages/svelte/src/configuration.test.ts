import { afterEach, describe, expect, test, vi } from 'vitest';
import { resolveConfig } from './configuration.js';

/** What the table of widgets reference, section 3.3, says about `config` in version 2. */
describe('sources of the configuration', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('prop, then context, then environment, name by name', () => {
    vi.stubEnv('VITE_CLOUDINARY_CLOUD_NAME', 'env');
    vi.stubEnv('VITE_CLOUDINARY_API_KEY', 'env-key');
    vi.stubEnv('VITE_CLOUDINARY_UPLOAD_PRESET', 'env-preset');
    vi.stubEnv('VITE_CLOUDINARY_API_URL', 'https://env.example');
    const resolved = resolveConfig(
      { cloud: { cloudName: 'prop' } },
      { cloudName: 'context', apiKey: 'context-key' },
    );
    expect(resolved).toMatchObject({
      ...{ cloudName: 'prop', apiKey: 'context-key' },
      ...{ uploadPreset: 'env-preset', apiUrl: 'https://env.example' },
    });
  });

  test.each([
    ['VITE_CLOUDINARY_CLOUD_NAME', 'VITE_CLOUDINARY_API_KEY'],
    ['VITE_PUBLIC_CLOUDINARY_CLOUD_NAME', 'VITE_PUBLIC_CLOUDINARY_API_KEY'],
    ['PUBLIC_CLOUDINARY_CLOUD_NAME', 'PUBLIC_CLOUDINARY_API_KEY'],
  ])('%s', (cloudName, apiKey) => {
    vi.stubEnv(cloudName, 'demo');
    vi.stubEnv(apiKey, 'key');
    expect(resolveConfig(undefined, null)).toMatchObject({ cloudName: 'demo', apiKey: 'key' });
  });

  test.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['', undefined],
  ])('a private host: %j', (text, privateCdn) => {
    vi.stubEnv('VITE_CLOUDINARY_PRIVATE_CDN', text);
    vi.stubEnv('VITE_CLOUDINARY_SECURE_DISTRIBUTION', 'media.example');
    const { url } = resolveConfig(undefined, null);
    expect(url).toMatchObject({ secureDistribution: 'media.example' });
    expect(url?.privateCdn).toBe(privateCdn);
  });
});
