import { operations, unsupportedActions } from '@counterseal/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { plain } from '../support/pictures.js';
import { useServer } from '../support/use-server.js';

/** Addresses as clients write them (upload-api reference, section 7.3; observed behaviours, section 1). */

const server = useServer();
const client = createClient(server);
beforeAll(async () => {
  const file = { bytes: await plain(12, 8) };
  for (const public_id of ['folder/sub/photo', 'plain', 'spaced name', '日本/写真', 'a:b'])
    await client.upload(file, { public_id });
  await client.upload(file, { public_id: 'tagged', tags: 'two words,a/b' });
});

describe('an encoded address is the same address', () => {
  it.each([
    ['resources/image/upload/folder%2Fsub%2Fphoto', 'folder/sub/photo'],
    ['resources/image/upload/folder%2fsub/photo', 'folder/sub/photo'],
    ['resources/image/upload/folder/sub/photo', 'folder/sub/photo'],
    ['resources%2Fimage%2Fupload%2Fplain', 'plain'],
    ['resources/image/upload/spaced%20name', 'spaced name'],
    ['resources/image/upload/%E6%97%A5%E6%9C%AC%2F%E5%86%99%E7%9C%9F', '日本/写真'],
    ['resources/image/upload/a%3Ab', 'a:b'],
    ['resources/image/upload/a:b', 'a:b'],
  ])('%s', async (path, public_id) => {
    expect((await client.admin('GET', path)).json()).toMatchObject({ public_id });
  });

  it('of a tag', async () => {
    const found = await client.admin('GET', 'resources/image/tags/two%20words');
    expect(found.json()).toMatchObject({ resources: [{ public_id: 'tagged' }] });
  });

  it('with a closing slash', async () => {
    expect((await client.admin('GET', 'ping/')).json()).toEqual({ status: 'ok' });
  });

  it('of a named transformation', async () => {
    await client.admin('POST', 'transformations', { name: 'n', transformation: 'w_5' });
    expect((await client.admin('GET', 'transformations%2Ft_n')).json()).toMatchObject({ name: 't_n' });
  });
});

describe('an address with the host before it (RFC 9112, section 3.2.2)', () => {
  it.each([
    ['/health', 200],
    ['/v1_1/demo/ping', 200],
    ['/demo/image/upload/plain.png', 200],
    ['/demo/image/upload/c_scale,w_5/plain.png', 200],
    ['/demo/image/upload/absent.png', 404],
  ])('%s', async (path, status) => {
    const headers = { Authorization: client.basic };
    for (const host of [server.url, 'http://elsewhere.example:99'])
      expect((await client.raw({ path: `${host}${path}`, headers })).status).toBe(status);
  });
});

describe('HEAD', () => {
  it('of the health check answers what GET does, without its body', async () => {
    const [got, head] = await Promise.all(
      ['GET', 'HEAD'].map((method) => client.raw({ method, path: '/health' })),
    );
    expect([got?.status, head?.status, head?.bytes.length]).toEqual([200, 200, 0]);
    expect(head?.headers['content-type']).toBe(got?.headers['content-type']);
  });
});

describe('an address that is none', () => {
  it.each([
    ['GET', '/v1_1/demo/nothing'],
    ['GET', '/v1_1/demo/image/upload'],
    ['PUT', '/v1_1/demo/image/destroy'],
    ['GET', '/v1_1'],
    ['GET', '/v1_1/demo'],
    ['GET', '/v2/demo/anything'],
    ['POST', '/health'],
  ])('%s %s is 404 with a body that says so', async (method, path) => {
    const answer = await client.raw({ method, path });
    expect([answer.status, answer.message, answer.headers['x-cld-error']]).toEqual([
      404,
      'Not found',
      'Not found',
    ]);
    expect(answer.headers['x-request-id']).toBeTruthy();
  });

  it.each(['/v1_1/demo/resources/image/upload/%', '/v1_1/demo/resources/image/upload/%ff', '/v1_1/demo/%zz'])(
    '%s is refused, not a failure',
    async (path) => {
      const answer = await client.raw({ path, headers: { Authorization: client.basic } });
      expect([400, 404]).toContain(answer.status);
      expect(answer.message).toEqual(expect.any(String));
    },
  );
});

describe('what is not built answers its name', () => {
  it.each([...unsupportedActions])('%s', async (action) => {
    const answer = await client.call(`image/${action}`, { public_id: 'plain' });
    expect([answer.status, answer.message]).toEqual([400, `Unsupported operation ${action}`]);
  });
});

it('every operation of the table has an address here', async () => {
  const examples: Readonly<Record<string, string>> = {
    ':resource_type': 'image',
    ':type': 'upload',
    ':tag': 'x',
    ':public_id': 'x',
    ':asset_id': 'f'.repeat(32),
    ':name': 'x',
  };
  for (const { route } of Object.values(operations)) {
    const [method = '', path = ''] = route.replace(/\[.*?\]/g, '').split(' ');
    const filled = path.replace(/:\w+/g, (name) => examples[name] ?? 'x');
    const answer = await client.raw({ method, path: `/v1_1/demo${filled}` });
    expect([route, answer.message]).not.toEqual([route, 'Not found']);
  }
});
