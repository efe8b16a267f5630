import { describe, expect, it } from 'vitest';
import { plain } from '../support/pictures.js';
import { nowSeconds } from '../support/sign.js';
import { errorOf, useSdk } from './use-sdk.js';

const fixture = useSdk();
const file = `data:image/png;base64,${(await plain(20, 20)).toString('base64')}`;
const upload = (options: Record<string, unknown>, source = file) =>
  errorOf(fixture.sdk.uploader.upload(source, options));

/* The SDK understands only some statuses; any other loses its message (observed behaviours, section 3). */
describe('an error reaches the SDK’s user with its code and its text', () => {
  it('for a wrong secret', async () => {
    const { http_code, message } = await upload({
      api_secret: 'not the secret',
      public_id: 'x',
      timestamp: nowSeconds(),
    });
    expect(http_code).toBe(401);
    expect(message).toMatch(
      /^Invalid Signature [0-9a-f]{40}\. String to sign - 'public_id=x&timestamp=\d+'\.$/,
    );
  });

  it('for an unknown key', async () => {
    expect(await upload({ api_key: 'nobody' })).toEqual({
      http_code: 401,
      message: 'Unknown API key nobody',
    });
  });

  it('for a stale timestamp', async () => {
    const { http_code, message } = await upload({ timestamp: 1_481_775_293 });
    expect(http_code).toBe(400);
    expect(message).toBe(
      'Stale request - reported time is 2016-12-15 04:14:53 +0000 which is more than 1 hour ago',
    );
  });

  it.each<[string, Record<string, unknown>, string | undefined, number, string | RegExp]>([
    ['an unknown preset', { upload_preset: 'nowhere' }, undefined, 400, 'Upload preset not found'],
    ['what is not an image', {}, 'data:text/plain;base64,aGVsbG8=', 400, 'Invalid image file'],
    [
      'a format that is not allowed',
      { allowed_formats: 'jpg' },
      undefined,
      400,
      'Image file format png not allowed',
    ],
    ['a forbidden public id', { public_id: 'a?b' }, undefined, 400, 'public_id (a?b) is invalid'],
    [
      'a bad transformation',
      { eager: 'w_abc,c_fill' },
      undefined,
      400,
      'Invalid width in transformation: abc',
    ],
    ['an unknown named transformation', { eager: 't_nowhere' }, undefined, 400, /^Unknown transformation/],
    ['a parameter that is not built', { moderation: 'manual' }, undefined, 400, /moderation/],
    [
      'a remote file that may not be fetched',
      {},
      'http://127.0.0.1:1/x.png',
      400,
      /^Error in loading http:\/\/127\.0\.0\.1:1\/x\.png - /,
    ],
  ])('for %s', async (_, options, source, http_code, message) => {
    const error = await upload(options, source);
    expect(error.http_code).toBe(http_code);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  it('for an empty file', async () => {
    const error = await errorOf(
      new Promise((resolve, reject) => {
        fixture.sdk.uploader
          .upload_stream((failure, result) => (result === undefined ? reject(failure) : resolve(result)))
          .end(Buffer.alloc(0));
      }),
    );
    expect(error.http_code).toBe(400);
    expect(error.message).toMatch(/empty/i);
  });

  it('for Admin calls', async () => {
    const { api } = fixture.sdk;
    expect(await errorOf(api.resource('nothing'))).toEqual({
      http_code: 404,
      message: 'Resource not found - nothing',
    });
    expect((await errorOf(api.ping({ api_secret: 'wrong' }))).http_code).toBe(401);
  });
});
