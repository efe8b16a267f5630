import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hs256, jwkPair, makeJwt } from '../support/jwt.js';
import { plain } from '../support/pictures.js';
import { nowSeconds, signParams } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { tmpDir } from '../support/tmp-dir.js';
import { useServer } from '../support/use-server.js';

/** The signing endpoint of the server, under a policy file (threat model S1-S11, T1-T3). */

const jwtSecret = 'a-secret-for-json-web-tokens-in-this-test';
const token = 'a-shared-token-for-this-test';
const folder = await tmpDir();
afterAll(() => folder.remove());

async function policyFile(name: string, authorize: object, more: object = {}): Promise<string> {
  const path = join(folder.path, name);
  const policy = {
    force: { folder: 'users/{sub}', overwrite: 'false' },
    prefixes: { public_id: ['pets'] },
    includeTags: ['app'],
  };
  await writeFile(path, JSON.stringify({ authorize, policy, ...more }));
  return path;
}

const server = useServer(async () => ({
  args: [
    '--sign-policy',
    await policyFile(
      'hs256.json',
      {
        jwt: { algorithms: ['HS256'], secret: jwtSecret, issuer: 'the-app', audience: 'uploads' },
        token: { secret: token, claims: { sub: 'backend' } },
      },
      { origins: ['https://app.example.com'], mediaLibrary: { username: '{email}' } },
    ),
  ],
}));

const claims = () => ({
  sub: '42',
  iss: 'the-app',
  aud: 'uploads',
  exp: nowSeconds() + 60,
  email: 'a@example.com',
});
const jwt = (changes: object = {}, header: object = { alg: 'HS256' }, secret = jwtSecret) =>
  makeJwt(header, { ...claims(), ...changes }, hs256(secret));
const bearer = (value = jwt()) => ({ Authorization: `Bearer ${value}` });

interface Answer {
  readonly status: number;
  readonly body: Record<string, never> & { fields: Record<string, string>; error: Record<string, string> };
  readonly headers: Headers;
}

async function ask(
  body: unknown,
  headers: Record<string, string> = bearer(),
  path = '/sign',
): Promise<Answer> {
  const init = body === null ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(server.url + path, init);
  return {
    status: response.status,
    body: (await response.json()) as Answer['body'],
    headers: response.headers,
  };
}

async function upload(fields: Record<string, unknown>, path = 'image/upload') {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  if (path.endsWith('upload')) form.append('file', new Blob([new Uint8Array(await plain(8, 8))]), 'a.png');
  const response = await fetch(`${server.url}/v1_1/demo/${path}`, { method: 'POST', body: form });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const params = (more: object = {}) => ({
  folder: 'users/42',
  overwrite: 'false',
  source: 'uw',
  tags: 'cat,app',
  timestamp: nowSeconds(),
  ...more,
});

describe('an upload with a signature of /sign', () => {
  it('passes: the ready form as it is', async () => {
    const { body } = await ask(null);
    const { status, body: asset } = await upload(body.fields);
    expect([status, asset.tags, asset.public_id]).toEqual([
      200,
      ['app'],
      expect.stringMatching(/^users\/42\//),
    ]);
    expect(body).toMatchObject({
      url: `${server.url}/v1_1/demo/auto/upload`,
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('passes: parameters of the widget', async () => {
    const paramsToSign = params({ public_id: 'pets/cat' });
    const { status, body } = await ask({ paramsToSign });
    expect(status).toBe(200);
    expect(body).toEqual({
      signature: signParams(paramsToSign, testAccount.apiSecret, { algorithm: 'sha256' }),
      timestamp: paramsToSign.timestamp,
      api_key: testAccount.apiKey,
      cloud_name: 'demo',
    });
    const sent = { ...paramsToSign, api_key: testAccount.apiKey, signature: body.signature };
    expect((await upload(sent)).body).toMatchObject({ public_id: 'users/42/pets/cat' });
  });

  it('fits nothing but that upload', async () => {
    const paramsToSign = params({ public_id: 'pets/dog' });
    const { body } = await ask({ paramsToSign });
    const signed = { ...paramsToSign, api_key: testAccount.apiKey, signature: body.signature };
    expect((await upload(signed)).status).toBe(200);
    for (const changed of [
      { folder: 'users/7' },
      { tags: 'cat' },
      { overwrite: 'true' },
      { public_id: 'pets/cow' },
      { source: '' },
    ]) {
      expect((await upload({ ...signed, ...changed })).status, JSON.stringify(changed)).toBe(401);
    }
    for (const path of ['image/destroy', 'image/rename', 'image/explicit', 'image/tags']) {
      const { status } = await upload({ ...signed, public_id: 'users/42/pets/dog' }, path);
      expect([400, 401], path).toContain(status);
    }
    expect((await upload(signed)).body).toMatchObject({ existing: true });
  });
});

describe('what must not be signed', () => {
  it.each<[string, object, string, string]>([
    ['another folder', { folder: 'users/7' }, 'folder', 'forced-value'],
    ['no folder', { folder: '' }, 'folder', 'forced-value'],
    ['overwriting', { overwrite: 'true' }, 'overwrite', 'forced-value'],
    ['a public id elsewhere', { public_id: 'cats/1' }, 'public_id', 'prefix'],
    ['a public id that climbs', { public_id: 'pets/../../7' }, 'public_id', 'safe-path'],
    ['the response oracle', { public_id: `pets/x&timestamp=${nowSeconds()}` }, 'public_id', 'ampersand'],
    ['smuggling by &', { tags: 'app&type=private' }, 'tags', 'ampersand'],
    ['smuggling by %26', { tags: 'app%26type=private' }, 'tags', 'signable-text'],
    ['smuggling by the name', { 'tags=app&type': 'private' }, 'tags=app&type', 'signable-text'],
    ['smuggling by a repeated name', { tags: ['app', 'x&type=private'] }, 'tags', 'ampersand'],
    ['a destroy request', { source: '' }, 'source', 'upload-only'],
    ['the far future', { timestamp: 99_999_999_999 }, 'timestamp', 'timestamp'],
    [
      'a webhook of the client',
      { notification_url: 'http://evil.example' },
      'notification_url',
      'never-signable',
    ],
  ])('%s', async (_, changes, parameter, rule) => {
    expect(await ask({ paramsToSign: params(changes) })).toMatchObject({
      status: 403,
      body: { error: { parameter, rule } },
    });
  });
});

describe('who may ask', () => {
  it('nobody without a token', async () => {
    const answer = await ask(null, {});
    expect([answer.status, answer.body.error.code]).toEqual([401, 'unauthorised']);
  });

  it.each<[string, () => string]>([
    ['an expired one', () => jwt({ exp: nowSeconds() - 1 })],
    ['one that never expires', () => jwt({ exp: undefined })],
    ['one for another audience', () => jwt({ aud: 'mail' })],
    ['one of another issuer', () => jwt({ iss: 'x' })],
    [
      'one signed with another secret',
      () => jwt({}, { alg: 'HS256' }, 'another-secret-another-secret-another'),
    ],
    ['one without a signature', () => makeJwt({ alg: 'none' }, claims(), () => Buffer.alloc(0))],
    ['one that says RS256', () => jwt({}, { alg: 'RS256' })],
    ['no token at all', () => 'x.y.z'],
  ])('a JWT is refused: %s', async (_, make) => {
    expect((await ask(null, bearer(make()))).status).toBe(401);
  });

  it('the shared token with its own claims', async () => {
    const shared = { 'X-Counterseal-Sign-Token': token };
    expect((await ask(null, shared)).body.fields).toMatchObject({ folder: 'users/backend' });
    expect((await ask(null, { 'X-Counterseal-Sign-Token': `${token}x` })).status).toBe(401);
    expect((await ask(null, { ...shared, ...bearer('x.y.z') })).status).toBe(401);
  });

  it.each([['../7'], ['a/b'], ['..'], ['a&b'], ['a%26b'], ['a b'], [''], [['a']], [undefined]])(
    'a claim cannot leave its folder: %j',
    async (sub) => {
      expect(await ask(null, bearer(jwt({ sub })))).toMatchObject({
        status: 403,
        body: { error: { rule: 'claims' } },
      });
    },
  );

  it('claims of common providers fit', async () => {
    for (const sub of ['auth0|65f0c1', 'a@b.example', '8f14e45f-ceea', 'g:123']) {
      expect((await ask(null, bearer(jwt({ sub })))).body.fields).toMatchObject({ folder: `users/${sub}` });
    }
  });

  it('pages of other origins only from the list', async () => {
    const from = (Origin: string) => ask({ paramsToSign: params() }, { Origin });
    expect((await from('https://evil.example')).body.error.code).toBe('cross-site');
    expect((await from('https://app.example.com')).body.error.code).toBe('unauthorised');
    const preflight = await fetch(`${server.url}/sign`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://app.example.com' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });

  it('the media library, under the name the token says', async () => {
    const { body } = await ask({}, bearer(), '/sign/media-library');
    expect(body).toMatchObject({
      cloud_name: 'demo',
      username: 'a@example.com',
      timestamp: expect.any(Number),
    });
    expect((await ask({}, bearer(jwt({ email: 'a|b' })), '/sign/media-library')).status).toBe(403);
  });
});

it('the log holds no secret', () => {
  const lines = server
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  expect(lines.length).toBeGreaterThan(5);
  for (const secret of [jwtSecret, token, testAccount.apiSecret])
    expect(lines.join('\n')).not.toContain(secret);
});

describe('keys from a JWKS address', () => {
  const pairs = { RS256: jwkPair('RS256', 'one'), ES256: jwkPair('ES256', 'two') } as const;
  const late = jwkPair('ES256', 'late');
  const published = [pairs.RS256.jwk, pairs.ES256.jwk];
  let asked = 0;
  const jwks: Server = createServer((_request, response) => {
    asked += 1;
    response.end(JSON.stringify({ keys: published }));
  });
  const withJwks = useServer(async () => {
    await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
    const jwksUrl = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/jwks.json`;
    const path = await policyFile('jwks.json', { jwt: { algorithms: ['RS256', 'ES256'], jwksUrl } });
    return { args: ['--sign-policy', path, '--fetch-allow', '127.0.0.0/8'] };
  });
  afterAll(() => jwks.close());
  const get = (value: string) =>
    fetch(`${withJwks.url}/sign`, { headers: bearer(value) }).then(({ status }) => status);

  it.each(['RS256', 'ES256'] as const)('%s is verified', async (alg) => {
    const { signs, jwk } = pairs[alg];
    expect(await get(makeJwt({ alg, kid: jwk.kid }, claims(), signs))).toBe(200);
    expect(
      await get(makeJwt({ alg, kid: jwk.kid }, claims(), pairs[alg === 'RS256' ? 'ES256' : 'RS256'].signs)),
    ).toBe(401);
  });

  it('a public key is no HS256 secret', async () => {
    const signs = hs256(JSON.stringify(pairs.RS256.jwk));
    expect(await get(makeJwt({ alg: 'HS256', kid: 'one' }, claims(), signs))).toBe(401);
  });

  it('made-up key ids do not make the server ask again and again', async () => {
    const before = asked;
    const value = makeJwt({ alg: 'ES256', kid: 'late' }, claims(), late.signs);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(value)));
    expect([new Set(answers), asked - before]).toEqual([new Set([401]), expect.any(Number)]);
    expect(asked - before).toBeLessThanOrEqual(1);
  });
});
