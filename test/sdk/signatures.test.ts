import { describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { filePart, jsonForm, multipart, partsOf, urlencoded } from '../support/forms.js';
import { plain, readPixels } from '../support/pictures.js';
import { nowSeconds, type Params, signParams } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';
import { type UploadResult, useSdk } from './use-sdk.js';

const fixture = useSdk();
const picture = await plain(60, 40);
const file = `data:image/png;base64,${picture.toString('base64')}`;
const upload = (options: Record<string, unknown> = {}): Promise<UploadResult> =>
  fixture.sdk.uploader.upload(file, options);

describe('answers', () => {
  it.each([
    ['a plain id', {}],
    ['an id with folders', { public_id: 'tests/logo.png' }],
  ])('carry a signature that the SDK verifies: %s', async (_, options) => {
    const { public_id, version, signature } = await upload(options);
    const { utils } = fixture.sdk;
    expect(utils.verify_api_response_signature(public_id, version, signature)).toBe(true);
    expect(utils.verify_api_response_signature(public_id, version + 1, signature)).toBe(false);
  });
});

describe('requests signed with SHA-256', () => {
  it('are accepted', async () => {
    fixture.sdk.config({ signature_algorithm: 'sha256' });
    try {
      expect((await upload({ public_id: 'sha256', tags: 'a&b' })).tags).toEqual(['a&b']);
    } finally {
      fixture.sdk.config({ signature_algorithm: 'sha1' });
    }
  });
});

describe('delivery addresses', () => {
  it.each([
    ['authenticated', { sign_url: true }],
    ['authenticated', { sign_url: true, long_url_signature: true }],
    ['private', { sign_url: true }],
    ['upload', { sign_url: true }],
  ] as const)('of type %s deliver when signed by %o', async (type, options) => {
    const { public_id, version } = await upload({ type });
    const derivative = { width: 30, crop: 'scale', format: 'png', version };
    const address = fixture.url(public_id, { type, ...options, ...derivative });
    expect(/s--([^/]+)--/.exec(address)?.[1]).toHaveLength('long_url_signature' in options ? 32 : 8);
    const { status, bytes } = await fixture.get(address);
    expect(status).toBe(200);
    expect((await readPixels(bytes)).width).toBe(30);
    const forged = address.replace(/s--.(.)/, (_all, second: string) => `s--${second === 'A' ? 'BA' : 'AA'}`);
    const refused = await fixture.get(forged);
    expect([401, 404]).toContain(refused.status);
    expect(refused.error).not.toBeNull();
  });

  it('of SHA-256 deliver, too', async () => {
    const { public_id } = await upload({ type: 'authenticated' });
    const address = fixture.url(public_id, {
      type: 'authenticated',
      sign_url: true,
      signature_algorithm: 'sha256',
      format: 'png',
    });
    expect((await fixture.get(address)).bytes).toEqual(picture);
  });

  it('without a signature do not deliver what is authenticated', async () => {
    const { public_id, secure_url } = await upload({ type: 'authenticated' });
    expect(secure_url).toContain('/s--');
    expect((await fixture.get(secure_url)).bytes).toEqual(picture);
    expect(
      (await fixture.get(fixture.url(public_id, { type: 'authenticated', format: 'png' }))).status,
    ).not.toBe(200);
  });

  it('in an answer are those the SDK builds, also for eager authenticated ones', async () => {
    const result = await upload({
      type: 'authenticated',
      public_id: 'a/signed',
      eager: [{ width: 20, crop: 'scale' }],
    });
    const { version } = result;
    const built = { type: 'authenticated', sign_url: true, version, format: 'png' };
    expect(result.secure_url).toBe(fixture.url('a/signed', built));
    expect(result.eager[0].secure_url).toBe(fixture.url('a/signed', { ...built, width: 20, crop: 'scale' }));
    expect((await fixture.get(result.eager[0].secure_url)).status).toBe(200);
  });
});

describe('private download addresses', () => {
  it('deliver the bytes as a file, until they expire', async () => {
    const { public_id } = await upload({ type: 'private' });
    const { utils } = fixture.sdk;
    const address = utils.private_download_url(public_id, 'png', { type: 'private', attachment: true });
    expect((await fixture.get(address)).bytes).toEqual(picture);
    const expired = utils.private_download_url(public_id, 'png', {
      type: 'private',
      expires_at: nowSeconds() - 5,
    });
    expect((await fixture.get(expired)).status).not.toBe(200);
    const forged = address.replace(/signature=./, (text) =>
      text.endsWith('0') ? 'signature=1' : 'signature=0',
    );
    expect((await fixture.get(forged)).status).toBe(401);
  });
});

describe('delete tokens', () => {
  it('delete once, without credentials', async () => {
    const { delete_token, secure_url } = await upload({ return_delete_token: true });
    const client = createClient(fixture.server);
    const spend = () => client.call('delete_by_token', { token: delete_token }, { auth: 'none' });
    expect((await spend()).json()).toEqual({ result: 'ok' });
    expect((await fixture.get(secure_url)).status).toBe(404);
    expect((await spend()).status).toBe(400);
  });
});

describe('asynchronous uploads', () => {
  it('are answered as pending, and arrive', async () => {
    const pending = await upload({ async: true, public_id: 'later' });
    expect(pending).toMatchObject({
      status: 'pending',
      resource_type: 'image',
      type: 'upload',
      public_id: 'later',
      batch_id: expect.stringMatching(/^[0-9a-f]+$/),
    });
    await expect
      .poll(() => fixture.sdk.api.resource('later').catch(() => null), { timeout: 20_000 })
      .toMatchObject({ public_id: 'later', bytes: picture.byteLength });
  });
});

/* The asset-management client: JSON bodies, or a form with the credentials in the query, always SHA-256 (observed behaviours, section 1). */
describe('a client that signs with SHA-256 beside the form', () => {
  const signed = (params: Params) => ({
    ...params,
    api_key: testAccount.apiKey,
    signature: signParams(params, testAccount.apiSecret, { algorithm: 'sha256' }),
  });
  const query = (params: Params) => urlencoded(params).body.toString();

  it('uploads with a JSON body, booleans included', async () => {
    const client = createClient(fixture.server);
    const params = { timestamp: nowSeconds(), public_id: 'json', colors: false, tags: 'a,b' };
    const answer = await client.post('image/upload', jsonForm({ ...signed(params), file }));
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json<UploadAnswer>()).toMatchObject({ public_id: 'json', tags: ['a', 'b'] });
  });

  it('uploads with its credentials in the query and the rest in the form', async () => {
    const client = createClient(fixture.server);
    const timestamp = nowSeconds();
    const all = signed({ timestamp, public_id: 'query' });
    const inQuery = { timestamp, api_key: all.api_key, signature: all.signature };
    const form = multipart([
      ...partsOf({ public_id: 'query' }),
      filePart({ bytes: picture, filename: 'p.png' }),
    ]);
    const answer = await client.post(`image/upload?${query(inQuery)}`, form);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json<UploadAnswer>().public_id).toBe('query');
  });

  it('destroys with everything in the query and an empty body', async () => {
    const client = createClient(fixture.server);
    await upload({ public_id: 'in-query' });
    const params = signed({ timestamp: nowSeconds(), public_id: 'in-query' });
    const answer = await client.raw({
      method: 'POST',
      path: client.api(`image/destroy?${query(params)}`),
      body: '',
    });
    expect(answer.json()).toEqual({ result: 'ok' });
  });

  it('signs Admin calls, too', async () => {
    const client = createClient(fixture.server);
    await upload({ public_id: 'signed-admin' });
    const params = signed({ timestamp: nowSeconds() });
    const answer = await client.raw({
      path: client.api(`resources/image/upload/signed-admin?${query(params)}`),
    });
    expect(answer.json<UploadAnswer>().public_id).toBe('signed-admin');
  });
});
