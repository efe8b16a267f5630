import { describe, expect, test } from 'vitest';
import { componentOptions, mergeComponentConfigs } from './component-options.js';

const config = { cloud: { cloudName: 'demo', apiKey: 'key' } };

describe('options of a component', () => {
  test('props win over options, which win over the configuration', () => {
    const given = {
      config: { ...config, uploadPreset: 'configured', apiUrl: 'https://configured.example' },
      options: { upload_preset: 'optional', cloud_name: 'other', maxFiles: 2 },
      apiUrl: 'https://media.example',
    };
    expect(componentOptions(given)).toEqual({
      ...{ cloudName: 'other', apiKey: 'key', uploadPreset: 'optional' },
      ...{ apiUrl: 'https://media.example', maxFiles: 2 },
    });
    expect(componentOptions({ ...given, uploadPreset: 'own' })).toMatchObject({ uploadPreset: 'own' });
  });

  test('an absent prop takes nothing away', () => {
    const given = { config, options: { uploadPreset: 'kept' }, uploadPreset: undefined, apiUrl: '' };
    expect(componentOptions(given)).toEqual({ cloudName: 'demo', apiKey: 'key', uploadPreset: 'kept' });
  });

  test.each([
    ['no cloud name', { uploadPreset: 'p' }, 'a cloud name is missing'],
    ['neither preset nor signature', { config }, 'an upload preset is missing'],
    [
      'a signature of the page without a key',
      { config: { cloudName: 'demo' }, options: { uploadSignature: () => {} } },
      'an API key is missing',
    ],
  ])('refused: %s', (_, props, text) => {
    expect(() => componentOptions(props)).toThrow(text);
  });

  test.each([
    ['an endpoint may answer the key', { config: { cloudName: 'demo' }, signatureEndpoint: '/sign' }],
    ['so may sign', { config: { cloudName: 'demo' }, sign: async () => ({ signature: 's', apiKey: 'k' }) }],
    ['the page signs', { config, options: { uploadSignature: () => {} } }],
    ['a hook brings everything', { config, options: { prepareUploadParams: () => {} } }],
    ['unsigned', { config, uploadPreset: 'p' }],
  ])('taken: %s', (_, props) => {
    expect(componentOptions(props)).toMatchObject({ cloudName: 'demo' });
  });
});

describe('configurations', () => {
  test('the first that says something wins, name by name', () => {
    expect(
      mergeComponentConfigs(
        { cloudName: '', url: { secure: false } },
        null,
        { cloud: { cloudName: 'second' }, apiKey: 'second-key', url: { secure: true, cname: 'second' } },
        { cloudName: 'third', uploadPreset: 'third' },
      ),
    ).toEqual({
      ...{ cloudName: 'second', apiKey: 'second-key', uploadPreset: 'third', apiUrl: undefined },
      url: { secure: false, cname: 'second' },
    });
  });

  test('in one configuration the outer name wins, as in the original', () => {
    expect(mergeComponentConfigs({ cloudName: 'outer', cloud: { cloudName: 'inner' } }).cloudName).toBe(
      'outer',
    );
  });
});
