import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { jsonForm } from '../support/forms.js';
import { createKey } from '../support/keys.js';
import { plain } from '../support/pictures.js';
import type { Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** Upload-api reference, sections 3.6 and 6. */

const server = useServer();
const client = createClient(server);
let picture: Buffer;
beforeAll(async () => {
  picture = await plain(12, 8);
});

const upload = async (params: Params = {}) =>
  (await client.upload({ bytes: picture }, params)).json<UploadAnswer>();

async function expectGone({ url, public_id, type }: UploadAnswer) {
  expect((await client.deliver(url)).status).toBe(404);
  const found = await client.admin('GET', `resources/image/${type}/${public_id}`);
  expect([found.status, found.message]).toEqual([404, `Resource not found - ${public_id}`]);
}

describe('destroy', () => {
  it('takes the asset and its derivatives away, also from the delivery cache', async () => {
    const asset = await upload({ eager: 'c_scale,w_5' });
    for (const url of [asset.url, asset.eager?.[0]?.url ?? ''])
      expect((await client.deliver(url)).status).toBe(200);
    const answer = await client.call('image/destroy', { public_id: asset.public_id });
    expect([answer.status, answer.json()]).toEqual([200, { result: 'ok' }]);
    await expectGone(asset);
    expect((await client.deliver(asset.eager?.[0]?.url ?? '')).status).toBe(404);
  });

  it('of an id that is not there is 200 as well', async () => {
    for (const path of ['image/destroy', 'raw/destroy', 'video/destroy']) {
      const answer = await client.call(path, { public_id: 'never/was' });
      expect([answer.status, answer.json()]).toEqual([200, { result: 'not found' }]);
    }
  });

  it('looks at type and resource type', async () => {
    const asset = await upload({ type: 'private', public_id: 'secret' });
    expect((await client.call('image/destroy', { public_id: 'secret' })).json()).toEqual({
      result: 'not found',
    });
    const answer = await client.call('image/destroy', {
      public_id: 'secret',
      type: 'private',
      invalidate: true,
    });
    expect(answer.json()).toEqual({ result: 'ok' });
    await expectGone(asset);
  });

  it('by asset id, on either route', async () => {
    const [first, second] = [await upload(), await upload()];
    expect((await client.call('image/destroy', { asset_id: first.asset_id })).json()).toEqual({
      result: 'ok',
    });
    expect((await client.call('asset/destroy', { asset_id: second.asset_id })).json()).toEqual({
      result: 'ok',
    });
    expect((await client.call('asset/destroy', { asset_id: 'f'.repeat(32) })).json()).toEqual({
      result: 'not found',
    });
    await expectGone(first);
    await expectGone(second);
  });

  it('with its parameters in the query, in JSON, or with Basic', async () => {
    const query = new URLSearchParams(
      Object.entries(client.credentials({ public_id: 'q' })).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
    );
    await upload({ public_id: 'q' });
    const inQuery = await client.raw({ method: 'POST', path: `${client.api('image/destroy')}?${query}` });
    expect(inQuery.json()).toEqual({ result: 'ok' });
    await upload({ public_id: 'q' });
    const inJson = await client.post('image/destroy', jsonForm(client.credentials({ public_id: 'q' })));
    expect(inJson.json()).toEqual({ result: 'ok' });
    await upload({ public_id: 'q' });
    expect((await client.call('image/destroy', { public_id: 'q' }, { auth: 'basic' })).json()).toEqual({
      result: 'ok',
    });
  });

  it('ignores resource_type in the body, which is never signed', async () => {
    const { public_id } = await upload();
    const params = { ...client.credentials({ public_id }), resource_type: 'image' };
    expect((await client.call('image/destroy', params, { auth: 'none' })).json()).toEqual({ result: 'ok' });
  });

  it.each<[string, Params, string]>([
    ['image/destroy', {}, 'Missing required parameter - public_id'],
    ['asset/destroy', {}, 'Missing required parameter - asset_id'],
    ['image/destroy', { public_id: 'x', type: 'fetch' }, 'Unsupported delivery type fetch'],
    [
      'image/destroy',
      { public_id: 'x', notification_url: 'http://x/' },
      'Unsupported parameter notification_url',
    ],
  ])('%s %j', async (action, params, message) => {
    const answer = await client.call(action, params);
    expect([answer.status, answer.message]).toEqual([400, message]);
  });

  it('needs a key', async () => {
    const answer = await client.call('image/destroy', { public_id: 'x' }, { auth: 'none' });
    expect([answer.status, answer.message]).toEqual([400, 'Missing required parameter - api_key']);
  });

  it('reaches no other cloud', async () => {
    const other = createClient(server, await createKey(server.data, ['--cloud', 'elsewhere']));
    const mine = await upload({ public_id: 'mine' });
    expect((await other.call('image/destroy', { public_id: 'mine' })).json()).toEqual({
      result: 'not found',
    });
    expect((await other.call('asset/destroy', { asset_id: mine.asset_id })).json()).toEqual({
      result: 'not found',
    });
    expect((await other.admin('GET', `resources/${mine.asset_id}`)).status).toBe(404);
    expect((await other.admin('GET', 'resources/image')).json()).toEqual({ resources: [] });
    expect((await client.deliver(mine.url)).status).toBe(200);
  });
});

describe('a delete token', () => {
  const spend = (token: string, cloud = 'demo') =>
    client.raw({
      method: 'POST',
      path: `/v1_1/${cloud}/delete_by_token`,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `token=${token}`,
    });

  it('deletes its asset once, without credentials', async () => {
    const asset = await upload({ return_delete_token: true });
    const answer = await spend(asset.delete_token ?? '');
    expect([answer.status, answer.json()]).toEqual([200, { result: 'ok' }]);
    await expectGone(asset);
    const again = await spend(asset.delete_token ?? '');
    expect([again.status, again.message]).toEqual([400, expect.stringMatching(/^Stale request/)]);
  });

  it('is good in its own cloud only', async () => {
    await createKey(server.data, ['--cloud', 'third']);
    const asset = await upload({ return_delete_token: true });
    expect((await spend(asset.delete_token ?? '', 'third')).message).toMatch(/^Stale request/);
    expect((await client.deliver(asset.url)).status).toBe(200);
    expect((await spend(asset.delete_token ?? '')).json()).toEqual({ result: 'ok' });
  });

  it('is not made unless asked for', async () => {
    expect(await upload()).not.toHaveProperty('delete_token');
    expect(await upload({ return_delete_token: false })).not.toHaveProperty('delete_token');
  });

  it('that is missing or made up is refused', async () => {
    expect((await spend('')).message).toBe('Missing required parameter - token');
    expect((await spend('made-up')).message).toMatch(/^Stale request/);
  });
});
