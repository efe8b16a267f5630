import { describe, expect, test } from 'vitest';
import { runCommandLine } from '../test-context.test-support.js';

/** Upload-api reference, section 2.10, the first golden vector. */
const worked = [
  'public_id=sample_image',
  'timestamp=1315060510',
  'eager=w_400,h_300,c_pad|w_260,h_200,c_crop',
] as const;
const signature = 'bfd09f95f331f558cbd1320e67aa8d488770583e';
const json =
  '{"public_id":"sample_image","timestamp":1315060510,"eager":["w_400,h_300,c_pad","w_260,h_200,c_crop"]}';

describe('counterseal sign', () => {
  test.each([
    ['KEY=VALUE and the secret', [...worked, 'abcd'], {}],
    ['JSON and the secret', [json, 'abcd'], {}],
    ['the secret of CLOUDINARY_URL', [...worked], { cloudinaryUrl: 'cloudinary://1234:abcd@demo' }],
    ['a percent-encoded secret', [json], { cloudinaryUrl: 'cloudinary://1234:%61bcd@demo' }],
    [
      'a secret argument before CLOUDINARY_URL',
      [...worked, 'abcd'],
      { cloudinaryUrl: 'cloudinary://1:x@demo' },
    ],
  ])('signs the worked example from %s', async (_, args, environment) => {
    expect(await runCommandLine(['sign', ...args], environment)).toEqual({
      code: 0,
      out: `${signature}\n`,
      err: '',
    });
  });

  test('takes algorithm and version', async () => {
    const { out } = await runCommandLine([
      'sign',
      'public_id=a&b',
      'abcd',
      '--algorithm',
      'sha256',
      '--json',
    ]);
    const answer = JSON.parse(out) as Record<string, unknown>;
    expect(answer).toMatchObject({ algorithm: 'sha256', signature_version: 2 });
    expect(answer.signature).toMatch(/^[0-9a-f]{64}$/);
    const v1 = await runCommandLine(['sign', 'public_id=a&b', 'abcd', '--signature-version', '1']);
    const v2 = await runCommandLine(['sign', 'public_id=a&b', 'abcd']);
    expect(v1.out).not.toBe(v2.out);
  });

  test.each([
    ['no parameters', []],
    ['no secret anywhere', ['a=b']],
    ['a second argument without a value', ['a=b', 'c', 'secret']],
    ['an unknown algorithm', ['a=b', 'secret', '--algorithm', 'md5']],
    ['broken JSON', ['{"a":', 'secret']],
  ])('%s is exit code 2', async (_, args) => {
    const { code, out } = await runCommandLine(['sign', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('tells problems in JSON when asked', async () => {
    const { err } = await runCommandLine(['sign', '{"a":', 'topsecret', '--json']);
    expect(JSON.parse(err)).toEqual({ error: { message: expect.stringContaining('not valid JSON') } });
    expect(err).not.toContain('topsecret');
  });
});
