import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { quarters, readPixels } from '../support/pictures.js';
import { nowSeconds, type Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';

/** `GET /:resource_type/download` (upload-api reference, section 2.9). */

const server = useServer();
const client = createClient(server);
let picture: Buffer;
const text = Buffer.from('plain words');

beforeAll(async () => {
  picture = await quarters(24, 16);
  for (const type of ['upload', 'private', 'authenticated'])
    await client.upload({ bytes: picture, filename: 'holiday.png' }, { public_id: 'kept', type });
  await client.upload(
    { bytes: text, filename: 'notes.txt' },
    { public_id: 'notes.txt' },
    { resourceType: 'raw' },
  );
});

function download(
  params: Params,
  { resourceType = 'image', tamper = {} }: { resourceType?: string; tamper?: Params } = {},
) {
  const signed = { ...client.credentials(params), ...tamper };
  const query = new URLSearchParams(
    Object.entries(signed).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return client.raw({ path: `${client.api(`${resourceType}/download`)}?${query}` });
}

it.each(['upload', 'private', 'authenticated'])('gives the original of an asset of type %s', async (type) => {
  const answer = await download({ public_id: 'kept', type, format: 'png' });
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png']);
  expect(answer.bytes.equals(picture)).toBe(true);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['cache-control']).toMatch(/^private\b/);
});

it('gives raw files', async () => {
  const answer = await download({ public_id: 'notes.txt' }, { resourceType: 'raw' });
  expect([answer.status, answer.text]).toEqual([200, 'plain words']);
});

it('converts to another format, and transforms', async () => {
  const converted = await download({ public_id: 'kept', format: 'jpg' });
  expect(converted.headers['content-type']).toBe('image/jpeg');
  const small = await download({
    public_id: 'kept',
    type: 'private',
    format: 'png',
    transformation: 'c_scale,w_6',
  });
  expect(await readPixels(small.bytes)).toMatchObject({ width: 6, height: 4 });
});

it.each<[Params, string | undefined]>([
  [{}, undefined],
  [{ attachment: true }, 'attachment; filename="holiday.png"'],
  [{ attachment: false }, undefined],
  [{ attachment: 'summer' }, 'attachment; filename="summer.png"'],
  [{ target_filename: 'my file' }, 'attachment; filename="my file.png"'],
  [{ target_filename: 'é' }, `attachment; filename="_.png"; filename*=UTF-8''%C3%A9.png`],
])('%j names the file %s', async (params, disposition) => {
  const answer = await download({ public_id: 'kept', format: 'png', ...params });
  expect([answer.status, answer.headers['content-disposition']]).toEqual([200, disposition]);
});

describe('a link', () => {
  it('is good for an hour from its timestamp', async () => {
    const old = await download({ public_id: 'kept', timestamp: nowSeconds() - 4000 });
    expect([old.status, old.message]).toEqual([
      400,
      expect.stringMatching(/^Stale request - reported time is .* 1 hour ago$/),
    ]);
  });

  it('with expires_at is good until then, however old', async () => {
    const timestamp = nowSeconds() - 100_000;
    const good = await download({ public_id: 'kept', timestamp, expires_at: nowSeconds() + 60 });
    expect(good.status).toBe(200);
    const gone = await download({ public_id: 'kept', timestamp, expires_at: nowSeconds() - 60 });
    expect([gone.status, gone.message]).toEqual([
      401,
      expect.stringMatching(/^Stale request - the download link expired at /),
    ]);
    const early = await download({ public_id: 'kept', expires_at: nowSeconds() - 60 });
    expect(early.status).toBe(401);
  });

  it('is good for nothing else when it has expires_at; without, whoever is sent it may delete', async () => {
    await client.upload({ bytes: picture }, { public_id: 'sent', type: 'private' });
    const link = { public_id: 'sent', type: 'private' };
    const safe = client.credentials({ ...link, expires_at: nowSeconds() + 60 });
    const { expires_at: _, ...without } = safe;
    const none = { auth: 'none' } as const;
    for (const params of [safe, without]) {
      expect((await client.call('image/destroy', params, none)).status).toBe(401);
      expect((await client.upload({ bytes: picture }, params, none)).status).toBe(401);
    }
    const deleted = await client.call('image/destroy', client.credentials(link), none);
    expect(deleted.json()).toEqual({ result: 'ok' });
  });

  it.each<[string, Params]>([
    ['another id', { public_id: 'other' }],
    ['another type', { type: 'private' }],
    ['a later end', { expires_at: 4_000_000_000 }],
    ['another format', { format: 'jpg' }],
  ])('does not stretch to %s', async (_, tamper) => {
    const answer = await download({ public_id: 'kept', format: 'png' }, { tamper });
    expect([answer.status, answer.message]).toEqual([401, expect.stringMatching(/^Invalid Signature /)]);
  });

  it.each<[string, Params, number, string]>([
    ['nothing there', { public_id: 'nope' }, 404, 'Resource not found - nope'],
    ['no public id', {}, 400, 'Missing required parameter - public_id'],
    [
      'a format that is none',
      { public_id: 'kept', format: 'nope' },
      400,
      'Invalid extension in transformation: nope',
    ],
    ['a type that is none', { public_id: 'kept', type: 'fetch' }, 400, 'Unsupported delivery type fetch'],
  ])('to %s', async (_, params, status, message) => {
    const answer = await download(params);
    expect([answer.status, answer.message, answer.headers['x-cld-error']]).toEqual([
      status,
      message,
      message,
    ]);
  });

  it('needs a signature', async () => {
    const answer = await client.raw({ path: `${client.api('image/download')}?public_id=kept` });
    expect([answer.status, answer.message]).toEqual([400, 'Missing required parameter - api_key']);
  });
});
