import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { filePart, multipart, partsOf } from '../support/forms.js';
import { createKey } from '../support/keys.js';
import { plain } from '../support/pictures.js';
import { nowSeconds, signDelivery, signParams } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** Secrets stand in no log, no answer and no file (threat model T3, T40, S13). The start prints the account once; a copy counts. */

const server = useServer({ args: ['--log-level', 'debug'] });
const client = createClient(server);
const { apiSecret } = testAccount;

it('neither the secret nor an expected signature is written or answered, whatever is asked', async () => {
  const atStart = server.log();
  const second = await createKey(server.data);
  const picture = await plain(12, 8);
  const expected: string[] = [];
  const told: string[] = [];

  const attempt = async (params: Record<string, string | number>, signature: string) => {
    for (const algorithm of ['sha1', 'sha256'] as const)
      for (const version of [1, 2] as const)
        expected.push(signParams(params, apiSecret, { algorithm, version }));
    const all = { ...params, api_key: testAccount.apiKey, signature };
    const form = multipart([...partsOf(all), filePart({ bytes: picture })]);
    told.push((await client.post('image/upload', form)).text);
    told.push((await client.call('image/destroy', all, { auth: 'none' })).text);
    const query = new URLSearchParams(
      Object.entries(all).map(([name, value]): [string, string] => [name, String(value)]),
    );
    told.push((await client.raw({ path: `${client.api('image/download')}?${query}` })).text);
  };
  await attempt({ public_id: 'a', timestamp: nowSeconds() }, 'ab'.repeat(20));
  await attempt({ public_id: 'b', timestamp: nowSeconds() - 9000 }, 'ab'.repeat(32));
  await attempt({ public_id: 'c', timestamp: nowSeconds(), context: 'a=b&c' }, 'short');

  const wrongBasic = `Basic ${Buffer.from(`${testAccount.apiKey}:${apiSecret}x`).toString('base64')}`;
  told.push((await client.raw({ path: client.api('ping'), headers: { Authorization: wrongBasic } })).text);
  told.push(
    (await client.raw({ path: `${client.api('ping')}?api_secret=${apiSecret}` })).text.replaceAll(
      apiSecret,
      '',
    ),
  );
  for (const type of ['upload', 'authenticated'] as const) {
    const asset = (await client.upload({ bytes: picture }, { type, public_id: 'd' })).json<UploadAnswer>();
    told.push(JSON.stringify(asset));
    told.push(JSON.stringify((await client.deliver(`/demo/image/${type}/s--AAAAAAAA--/d.png`)).headers));
  }
  const delivery = [signDelivery('d.png', apiSecret), signDelivery('d.png', apiSecret, { long: true })];
  const log = server.log().slice(atStart.length);
  expect(log).toMatch(/"status":401/);

  for (const text of [log, ...told]) {
    for (const secret of [
      apiSecret,
      second.apiSecret,
      client.basic.slice(6),
      wrongBasic.slice(6),
      ...expected,
    ])
      expect(text).not.toContain(secret);
  }
  for (const signature of delivery) expect(log).not.toContain(signature);
});

it('the database and the data folder hold no secret in the clear', async () => {
  const second = await createKey(server.data);
  await client.upload({ bytes: await plain(12, 8) }, { eager: 'c_scale,w_5' });
  const entries = await readdir(server.data, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  expect(files.some((file) => file.endsWith('.db'))).toBe(true);
  for (const file of files) {
    const bytes = await readFile(file);
    for (const secret of [apiSecret, second.apiSecret])
      for (const encoded of [
        secret,
        Buffer.from(secret).toString('base64'),
        Buffer.from(secret).toString('hex'),
      ])
        expect([file, bytes.includes(encoded)]).toEqual([file, false]);
  }
});
