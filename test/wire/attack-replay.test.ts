import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { urlencoded } from '../support/forms.js';
import { plain } from '../support/pictures.js';
import { nowSeconds, type Params, signParams } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import type { ResourceAnswer, UploadAnswer } from '../support/wire-shapes.js';

/** A signature names no operation: what one that was given out for an upload must not do elsewhere (threat model S4, S6). */

const { apiKey, apiSecret } = testAccount;
const server = useServer();
const client = createClient(server);
let picture: Buffer;
beforeAll(async () => {
  picture = await plain(12, 8);
  await client.upload({ bytes: picture }, { public_id: 'hidden', type: 'private', tags: 'seen' });
  await client.admin('POST', 'upload_presets', { name: 'victim', folder: 'mine' });
  await client.admin('POST', 'transformations', { name: 'victim', transformation: 'w_5' });
});

const signed = (params: Params, algorithm: 'sha1' | 'sha256') => {
  const all = { timestamp: nowSeconds(), ...params };
  return { ...all, api_key: apiKey, signature: signParams(all, apiSecret, { algorithm }) };
};
const send = (method: string, path: string, params: Params) => {
  const { body, contentType } = urlencoded(params);
  return method === 'GET'
    ? client.raw({ path: `${client.api(path)}?${body}` })
    : client.raw({ method, path: client.api(path), headers: { 'Content-Type': contentType }, body });
};

describe.each(['sha1', 'sha256'] as const)(
  'an upload signature (%s) on calls that take none',
  (algorithm) => {
    it.each<[string, string, Params]>([
      ['GET', 'config', {}],
      ['GET', 'resources', {}],
      ['GET', 'upload_presets', {}],
      ['GET', 'upload_presets/victim', {}],
      ['POST', 'upload_presets', { folder: 'theirs', tags: 'a' }],
      ['PUT', 'upload_presets/victim', { public_id: 'theirs' }],
      ['DELETE', 'upload_presets/victim', {}],
      ['GET', 'transformations', {}],
      ['PUT', 'transformations/victim', {}],
      ['DELETE', 'transformations/victim', {}],
    ])('%s %s', async (method, path, params) => {
      const answer = await send(method, path, signed(params, algorithm));
      expect([answer.status, answer.message]).toEqual([
        401,
        expect.stringMatching(/^Invalid Signature \w+\. This call takes HTTP Basic credentials\.$/),
      ]);
    });

    it('changes nothing', async () => {
      const preset = (await client.admin('GET', 'upload_presets/victim')).json();
      expect(preset).toMatchObject({ settings: { folder: 'mine' } });
      expect((await client.admin('GET', 'transformations/victim')).status).toBe(200);
    });
  },
);

describe('calls about resources, which an official client signs with SHA-256', () => {
  it.each([
    ['GET', 'resources/image/private', {}],
    ['GET', 'resources/image/private/hidden', {}],
    ['GET', 'resources/image/tags/seen', {}],
    ['DELETE', 'resources/image/private', { public_ids: ['nobody'] }],
  ])('%s %s', async (method, path, params) => {
    const weak = await send(method, path, signed(params, 'sha1'));
    expect([weak.status, weak.message]).toEqual([
      401,
      expect.stringMatching(/This call takes HTTP Basic credentials or a SHA-256 signature\.$/),
    ]);
    expect((await send(method, path, signed(params, 'sha256'))).status).toBe(200);
  });
});

describe('a list in the place of a text', () => {
  it.each([
    ['eager', 'w_1,h_1', ['w_1', 'h_1']],
    ['context', 'a=b,c=d', ['a=b', 'c=d']],
  ])('%s: signs alike, means something else, and is refused', async (name, text, items) => {
    const params = { timestamp: nowSeconds(), public_id: `list-${name}` };
    const signature = signParams({ ...params, [name]: text }, apiSecret);
    const attempt = (value: string | readonly string[]) => {
      const list = typeof value === 'string' ? { [name]: value } : { [`${name}[0]`]: value[0] ?? '' };
      const more = typeof value === 'string' ? {} : { [`${name}[1]`]: value[1] ?? '' };
      const all = { ...params, ...list, ...more, api_key: apiKey, signature };
      return client.upload({ bytes: picture }, all, { auth: 'none' });
    };
    const refused = await attempt(items);
    expect([refused.status, refused.message]).toEqual([400, `Parameter ${name} was given more than once`]);
    const missing = await client.admin('GET', `resources/image/upload/list-${name}`);
    expect(missing.status).toBe(404);
    expect((await attempt(text)).json<UploadAnswer>().public_id).toBe(`list-${name}`);
    const stored = await client.admin('GET', `resources/image/upload/list-${name}`);
    expect(stored.json<ResourceAnswer>().public_id).toBe(`list-${name}`);
  });
});
