import { beforeAll, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { filePart, multipart, partsOf } from '../support/forms.js';
import { createKey } from '../support/keys.js';
import { plain } from '../support/pictures.js';
import type { Params } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** Upload-api reference, section 2.11. */

const { apiKey } = testAccount;
/** Its pair holds both characters in which the two base64 alphabets differ. */
const apiSecret = 'a?>secret~~~??>>of-the-suite';
const account = { ...testAccount, apiSecret };
const server = useServer({
  env: { COUNTERSEAL_BOOTSTRAP: `cloudinary://${apiKey}:${encodeURIComponent(apiSecret)}@${account.cloud}` },
});
const client = createClient(server, account);
let picture: Buffer;
beforeAll(async () => {
  picture = await plain(12, 8);
});

function upload(authorization: string, params: Params = {}) {
  const form = multipart([...partsOf(params), filePart({ bytes: picture })]);
  return client.post('image/upload', form, { headers: { Authorization: authorization } });
}

const pair = (key: string, secret: string) => Buffer.from(`${key}:${secret}`);

it('needs neither timestamp nor signature, and reads both base64 alphabets', async () => {
  const standard = pair(apiKey, apiSecret).toString('base64');
  const urlSafe = standard.replaceAll('+', '-').replaceAll('/', '_');
  expect(standard).toMatch(/[+/]/);
  for (const text of [standard, urlSafe, urlSafe.replace(/=+$/, '')]) {
    const answer = await upload(`Basic ${text}`);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      api_key: apiKey,
      signature: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
  }
});

const basic = (key: string, secret: string) => `Basic ${pair(key, secret).toString('base64')}`;

it.each([
  ['a wrong secret', basic(apiKey, 'wrong'), 'api_secret mismatch'],
  ['an unknown key', basic('nobody', apiSecret), 'Unknown API key nobody'],
  ['no colon', `Basic ${Buffer.from('nonsense').toString('base64')}`, 'Invalid credentials'],
  ['no base64', 'Basic %%%', 'Invalid credentials'],
  ['nothing', 'Basic  ', 'Invalid credentials'],
])('%s is 401', async (_, authorization, message) => {
  const answer = await upload(authorization);
  expect([answer.status, answer.message, answer.headers['x-cld-error']]).toEqual([401, message, message]);
});

it('a key of another cloud is 401', async () => {
  const other = await createKey(server.data, ['--cloud', 'elsewhere']);
  const answer = await upload(basic(other.apiKey, other.apiSecret));
  expect([answer.status, answer.message]).toEqual([401, 'cloud_name mismatch']);
});

it('decides when a signature is there as well, right or wrong', async () => {
  const wrong = { api_key: apiKey, timestamp: 1, signature: 'ab'.repeat(20) };
  expect((await upload(client.basic, wrong)).status).toBe(200);
  expect((await upload(client.basic, client.credentials({}))).status).toBe(200);
  const refused = await upload(basic(apiKey, 'wrong'), client.credentials({}));
  expect(refused.message).toBe('api_secret mismatch');
});

it('with an unsigned preset and no signature, the unsigned merge rules apply', async () => {
  await client.admin('POST', 'upload_presets', { name: 'open', unsigned: true, folder: 'kept', tags: 'p' });
  const answer = await upload(client.basic, { upload_preset: 'open', folder: 'mine', tags: 'r' });
  const { folder, tags } = answer.json<UploadAnswer>();
  expect([answer.status, folder, [...tags].sort()]).toEqual([200, 'kept', ['p', 'r']]);
});

it('authenticates the Admin API, which takes a signature too', async () => {
  expect((await client.admin('GET', 'ping')).json()).toEqual({ status: 'ok' });
  const query = new URLSearchParams(
    Object.entries(client.credentials({})).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const signed = await client.raw({ path: `${client.api('ping')}?${query}` });
  expect([signed.status, signed.json()]).toEqual([200, { status: 'ok' }]);
  const anonymous = await client.raw({ path: client.api('ping') });
  expect([anonymous.status, anonymous.message]).toEqual([400, 'Missing required parameter - api_key']);
});

it('refuses bearer tokens by name, unless a signature authenticates', async () => {
  const headers = { Authorization: 'Bearer some-token' };
  const refused = await client.raw({ path: client.api('ping'), headers });
  expect(refused.status).toBe(401);
  expect(refused.message).toMatch(/^Invalid token/);
  const signed = await client.call('image/destroy', { public_id: 'nothing' }, { headers });
  expect([signed.status, signed.json()]).toEqual([200, { result: 'not found' }]);
});
