import { apiSignRequest, verifyMediaLibraryLogin } from '@counterseal/protocol';
import { describe, expect, test } from 'vitest';
import { createLoginSigner } from './create-login-signer.js';
import { createSigner, type SignerOptions } from './create-signer.js';
import { uploadPolicy } from './policy/upload-policy.js';

const credentials = 'cloudinary://key:the%2Fsecret@demo?upload_prefix=http://127.0.0.1:8420';
const apiSecret = 'the/secret';
const now = 1_700_000_000;
const address = 'https://app.example.com/api/sign';
const paramsToSign = { source: 'uw', timestamp: now };
type User = { id: string };

const signer = (more: Partial<SignerOptions<User>> = {}) =>
  createSigner<User>({
    credentials,
    authorize: (request) => (request.headers.get('cookie') === 'session=1' ? { id: '42' } : null),
    policy: uploadPolicy(),
    clock: () => now * 1000 + 999,
    ...more,
  });

const post = (body: unknown, headers: Record<string, string> = {}) =>
  new Request(address, {
    method: 'POST',
    headers: { cookie: 'session=1', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function answer(response: Response | Promise<Response>) {
  const { status, headers, ...rest } = await response;
  void rest;
  return { status, headers, body: JSON.parse((await (await response).text()) || 'null') };
}

describe('contracts', () => {
  test.each([
    ['paramsToSign', { paramsToSign }],
    ['params_to_sign', { params_to_sign: paramsToSign }],
  ])('%s answers signature, timestamp, api_key, cloud_name', async (_, body) => {
    const { status, body: got, headers } = await answer(signer()(post(body)));
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(got).toEqual({
      signature: apiSignRequest(paramsToSign, apiSecret, 'sha256'),
      timestamp: now,
      api_key: 'key',
      cloud_name: 'demo',
    });
  });

  test.each([[{ 'content-type': 'text/plain' }], [{ 'content-type': 'application/x-www-form-urlencoded' }]])(
    'reads JSON under %j',
    async (headers) => {
      expect((await signer()(post({ paramsToSign }, headers))).status).toBe(200);
    },
  );

  test.each([
    ['GET', new Request(address, { headers: { cookie: 'session=1' } })],
    ['POST without a body', post('')],
    ['POST {}', post({})],
  ])('%s answers a ready form', async (_, request) => {
    const policy = (user: User) => uploadPolicy({ force: { folder: `users/${user.id}` } });
    const fields = { folder: 'users/42', source: 'signer', timestamp: String(now) };
    const signature = apiSignRequest(fields, apiSecret, 'sha256');
    expect((await answer(signer({ policy })(request))).body).toEqual({
      url: 'http://127.0.0.1:8420/v1_1/demo/auto/upload',
      fields: { ...fields, api_key: 'key', signature },
      signature,
    });
  });

  test('a forced value: 403 names it for the widget, amend signs and returns it', async () => {
    const sign = signer({ policy: uploadPolicy({ force: { folder: 'users/42' } }) });
    expect(await answer(sign(post({ paramsToSign })))).toMatchObject({
      status: 403,
      body: {
        error: {
          code: 'forced-value',
          parameter: 'folder',
          rule: 'forced-value',
          required: 'users/42',
          message: "folder must be 'users/42'",
        },
      },
    });
    const amended = await answer(sign(post({ paramsToSign, amend: true })));
    const params = { source: 'uw', timestamp: String(now), folder: 'users/42' };
    expect(amended.body).toMatchObject({ params, signature: apiSignRequest(params, apiSecret, 'sha256') });
    expect((await sign(post({ paramsToSign, amend: 'true' }))).status).toBe(403);
  });
});

describe('refusals', () => {
  test.each<[string, Request, number, string]>([
    ['nobody', new Request(address, { method: 'POST', body: '{}' }), 401, 'unauthorised'],
    [
      'a parameter outside the policy',
      post({ paramsToSign: { ...paramsToSign, folder: 'x' } }),
      403,
      'parameter-not-allowed',
    ],
    ['broken JSON', post('{'), 400, 'malformed-body'],
    ['a list', post('[]'), 400, 'malformed-body'],
    ['a body without parameters to sign', post({ params: {} }), 400, 'malformed-body'],
    ['an object as a value', post({ paramsToSign: { context: {} } }), 400, 'invalid-value'],
    ['__proto__ in the body', post('{"__proto__":{"paramsToSign":{}}}'), 400, 'malformed-body'],
    [
      '__proto__ as a parameter',
      post(`{"paramsToSign":{"__proto__":"x","timestamp":${now}}}`),
      403,
      'illegal-parameter-name',
    ],
    ['a large body', post({ paramsToSign: { tags: 'x'.repeat(70_000) } }), 413, 'body-too-large'],
    [
      'bytes that are not UTF-8',
      new Request(address, {
        method: 'POST',
        headers: { cookie: 'session=1' },
        body: new Uint8Array([0xff]),
      }),
      400,
      'malformed-body',
    ],
    [
      'many parameters',
      post({ paramsToSign: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`p${i}`, 1])) }),
      400,
      'too-many-parameters',
    ],
    ['PUT', new Request(address, { method: 'PUT' }), 405, 'method-not-allowed'],
  ])('%s', async (_, request, status, code) => {
    expect(await answer(signer()(request))).toMatchObject({ status, body: { error: { code } } });
  });

  test('the rate limit asks for patience', async () => {
    const { status, headers } = await answer(
      signer({ rateLimit: ({ id }) => (id === '42' ? 7.2 : null) })(post({})),
    );
    expect([status, headers.get('retry-after')]).toEqual([429, '8']);
  });

  test('the rate limit sees what the framework knows, such as an address', async () => {
    const seen: unknown[] = [];
    const context = { ip: '192.0.2.1' };
    const rateLimit = (...[user, { method }, given]: [User, { method: string }, unknown]) => {
      seen.push(user.id, method, given);
      return null;
    };
    expect((await signer({ rateLimit })(post({}), context)).status).toBe(200);
    expect(seen).toEqual(['42', 'POST', context]);
  });

  test('an error of the application is 500 without detail, and handed on', async () => {
    const seen: unknown[] = [];
    const error = new Error(`database at ${apiSecret}`);
    const sign = signer({ authorize: () => Promise.reject(error), onError: (each) => seen.push(each) });
    const { status, body } = await answer(sign(post({ paramsToSign })));
    expect([status, JSON.stringify(body)]).toEqual([500, expect.not.stringContaining('database')]);
    expect(seen).toEqual([error]);
  });

  test.each<[string, object]>([
    ['authorize', { authorize: undefined }],
    ['policy', { policy: undefined }],
    ['credentials', { credentials: undefined }],
    ['a secret', { credentials: { cloudName: 'demo', apiKey: 'k', apiSecret: '' } }],
    ['exact origins', { origins: ['*'] }],
  ])('without %s there is no signer', (_, options) => {
    expect(() => signer(options)).toThrow(TypeError);
  });

  test('a malformed secret is not repeated', () => {
    expect(() => signer({ credentials: 'cloudinary:/key:topsecret@demo' })).toThrow(/^(?!.*topsecret)/);
  });
});

describe('browsers', () => {
  const origin = 'https://www.example.org';
  const own = 'https://app.example.com';
  test.each<[string, Record<string, string>, number]>([
    ['no browser', {}, 200],
    ['our own page', { origin: own }, 200],
    ['our own page behind a proxy that speaks TLS', { origin: own.replace('https', 'http') }, 200],
    [
      'our own page, as the browser says',
      { origin: 'http://other-name', 'sec-fetch-site': 'same-origin' },
      200,
    ],
    ['a page on the list', { origin, 'sec-fetch-site': 'cross-site' }, 200],
    ['another page', { origin: 'https://evil.example' }, 403],
    ['another page without Origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sister site', { 'sec-fetch-site': 'same-site', origin: 'https://blog.example.com' }, 403],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }, 403],
    [
      'another page with a token of its own',
      { origin: 'https://evil.example', authorization: 'Bearer x' },
      200,
    ],
    [
      'another page with credentials the browser adds',
      { origin: 'https://evil.example', authorization: 'Basic x' },
      403,
    ],
    ['the shared token', { origin: 'https://evil.example', 'x-counterseal-sign-token': 'x' }, 200],
  ])('%s', async (_, headers, status) => {
    const response = await signer({ origins: [origin] })(post({ paramsToSign }, headers));
    expect(response.status).toBe(status);
    const allowed = headers.origin === origin ? origin : null;
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
    expect(response.headers.get('vary')).toBe('Origin');
  });

  test('preflight allows the list and nobody else', async () => {
    const ask = (from: string) =>
      signer({ origins: [origin] })(new Request(address, { method: 'OPTIONS', headers: { origin: from } }));
    expect((await ask(origin)).headers.get('access-control-allow-headers')).toContain('Authorization');
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('the log-in of the media library is signed for the user the application names', async () => {
  const login = createLoginSigner<User>({
    credentials,
    authorize: () => ({ id: '42' }),
    username: ({ id }) => `${id}@example.com`,
    clock: () => now * 1000,
  });
  const { body } = await answer(login(post({ username: 'admin@example.com' })));
  expect(body).toMatchObject({
    cloud_name: 'demo',
    api_key: 'key',
    username: '42@example.com',
    timestamp: now,
  });
  const signed = { cloudName: 'demo', timestamp: now, username: '42@example.com', secret: apiSecret };
  expect(verifyMediaLibraryLogin({ ...signed, signature: body.signature })).toBe(true);
});
