import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { send } from '../support/http.js';
import { counterseal } from '../support/keys.js';
import { plain } from '../support/pictures.js';
import { nowSeconds } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';

/** `POST /console/sign`: the start page's own signing endpoint. */

const server = useServer();
const eager = 'w_400,h_300,c_pad|w_260,h_200,c_crop';
const asked = { source: 'uw', eager, timestamp: String(nowSeconds()) };
let cookie = '';

const ask = (paramsToSign: unknown, headers: Record<string, string> = { Cookie: cookie }) =>
  send(server.url, {
    method: 'POST',
    path: '/console/sign',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ paramsToSign }),
  });
const signatureOf = async (params: Record<string, string>) => (await ask(params)).json<Signed>().signature;

interface Signed {
  readonly signature: string;
  readonly api_key: string;
  readonly cloud_name: string;
}

beforeAll(async () => {
  const printed = /^Start page: (\S+)$/m.exec(server.log())?.[1] ?? '';
  const opened = await send(server.url, { path: printed.slice(server.url.length) });
  cookie = (opened.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
});

describe('the start page signs', () => {
  it('uploads, with its eager pair and names of the visitor', async () => {
    for (const more of [
      {},
      { folder: 'trip', public_id: 'lake' },
      { asset_folder: 'a', display_name: 'b' },
    ]) {
      const answer = await ask({ ...asked, ...more });
      expect(answer.status).toBe(200);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(answer.json<Signed>()).toMatchObject({
        signature: expect.stringMatching(/^[0-9a-f]{64}$/),
        api_key: testAccount.apiKey,
        cloud_name: testAccount.cloud,
      });
    }
  });

  it('what the Upload API takes', async () => {
    const client = createClient(server);
    const fields = { ...asked, folder: 'trip' };
    const signed = { ...fields, api_key: testAccount.apiKey, signature: await signatureOf(fields) };
    const file = { filename: 'photo.png', type: 'image/png', bytes: await plain(800, 600) };
    const answer = await client.upload(file, signed, { auth: 'none' });
    expect(answer.status).toBe(200);
    expect(answer.json<{ eager: unknown[] }>().eager).toHaveLength(2);
  });

  it('nothing for visitors without the session, under foreign names, or from other pages', async () => {
    for (const headers of [
      {},
      { Cookie: `${cookie.split('=')[0]}=wrong` },
      { Cookie: cookie, Origin: 'https://evil.example' },
      { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' },
      { Cookie: cookie, 'Sec-Fetch-Site': 'same-site', Authorization: 'Bearer x' },
    ] as Record<string, string>[]) {
      const answer = await ask(asked, headers);
      expect([answer.status, answer.text.includes('signature')]).toEqual([401, false]);
    }
    const foreign = await ask(asked, { Cookie: cookie, Host: 'evil.example' });
    expect([foreign.status, foreign.message]).toEqual([400, 'Host evil.example is not allowed here']);
    for (const method of ['GET', 'PUT', 'OPTIONS'])
      expect(
        (await send(server.url, { method, path: '/console/sign', headers: { Cookie: cookie } })).status,
      ).toBe(404);
  });

  it.each([
    ['a call without source', { public_id: 'logo', timestamp: asked.timestamp }, 'source'],
    ['other derivatives', { ...asked, eager: 'w_9999' }, 'eager'],
    ['an address to call', { ...asked, notification_url: 'https://evil.example' }, 'notification_url'],
    ['replacing', { ...asked, overwrite: 'true' }, 'overwrite'],
    ['another type', { ...asked, type: 'private' }, 'type'],
    ['code', { ...asked, eval: 'upload_options' }, 'eval'],
    ['an incoming transformation', { ...asked, transformation: 'w_1' }, 'transformation'],
    ['a path out of the folder', { ...asked, folder: '../x' }, 'folder'],
    ['an old timestamp', { ...asked, timestamp: '1700000000' }, 'timestamp'],
  ])('refuses %s', async (_name, params, parameter) => {
    const answer = await ask(params);
    expect(answer.status).toBe(403);
    expect(answer.json<{ error: { parameter: string } }>().error.parameter).toBe(parameter);
  });

  it('signatures that fit no other call', async () => {
    const client = createClient(server);
    await client.upload(
      { filename: 'logo.png', type: 'image/png', bytes: await plain(8, 8) },
      { public_id: 'logo', overwrite: true },
    );
    const fields = { source: 'uw', public_id: 'logo', timestamp: asked.timestamp };
    const signature = await signatureOf(fields);
    const call = await client.call(
      'image/destroy',
      { public_id: 'logo', timestamp: asked.timestamp, api_key: testAccount.apiKey, signature },
      { auth: 'none' },
    );
    expect(call.status).toBe(401);
    const withSource = await client.call(
      'image/destroy',
      { ...fields, api_key: testAccount.apiKey, signature },
      { auth: 'none' },
    );
    expect(withSource.status).toBe(401);
    expect((await client.deliver(`/${testAccount.cloud}/image/upload/logo.png`)).status).toBe(200);
  });
});

it('its style and script are files of this server, without a session', async () => {
  for (const [path, type] of [
    ['/console/start-page.css', 'text/css; charset=utf-8'],
    ['/console/start-page.js', 'text/javascript; charset=utf-8'],
    ['/console/mark.svg', 'image/svg+xml'],
  ] as const) {
    const file = await send(server.url, { path });
    expect([file.status, file.headers['content-type'], file.headers['cache-control']]).toEqual([
      200,
      type,
      'no-cache',
    ]);
    const again = await send(server.url, { path, headers: { 'If-None-Match': String(file.headers.etag) } });
    expect(again.status).toBe(304);
  }
  for (const path of ['/console/none.js', '/console/../sample.jpg', '/console/%2e%2e/sample.jpg', '/console'])
    expect((await send(server.url, { path })).status).toBe(404);
});

it('signs nothing, and says so, when every key is disabled', async () => {
  const page = () => send(server.url, { path: '/', headers: { Cookie: cookie } });
  expect((await page()).text).toContain('id="upload"');
  await counterseal(server.data, ['keys', 'disable', testAccount.apiKey]);
  const refused = await ask(asked);
  expect([refused.status, refused.json<{ error: { code: string } }>().error.code]).toEqual([403, 'no-key']);
  const { text } = await page();
  expect(text).toContain('Every API key is disabled');
  expect(text).not.toContain('<script');
});
