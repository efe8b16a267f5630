import { beforeAll, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { heldHost } from '../support/held-host.js';
import { quarters } from '../support/pictures.js';
import { startRemoteHost } from '../support/remote-host.js';
import { useServer } from '../support/use-server.js';
import type { ResourceAnswer, UploadAnswer } from '../support/wire-shapes.js';

/** `async` and `eager_async` (upload-api reference, section 3.6): a pending answer, finished by the job queue. */

const server = useServer({ env: { COUNTERSEAL_FETCH_ALLOW: '127.0.0.0/8' } });
const client = createClient(server);
let picture: Buffer;
beforeAll(async () => {
  picture = await quarters(24, 16);
});

/** Details of an asset once they are as wanted; fails after ten seconds. */
async function details(path: string, ready: (found: ResourceAnswer) => boolean): Promise<ResourceAnswer> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await client.admin('GET', `resources/${path}`);
    if (answer.status === 200 && ready(answer.json<ResourceAnswer>())) return answer.json<ResourceAnswer>();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${path} did not become ready:\n${server.log()}`);
}

const batch = expect.stringMatching(/^[0-9a-f]{32}$/);

it('async answers pending and stores later, with everything that was asked for', async () => {
  const answer = await client.upload(
    { bytes: picture, filename: 'later.png' },
    { async: true, public_id: 'later', tags: 'a', eager: 'c_scale,w_6' },
  );
  expect([answer.status, answer.json()]).toEqual([
    200,
    { status: 'pending', resource_type: 'image', type: 'upload', public_id: 'later', batch_id: batch },
  ]);
  const found = await details('image/upload/later', () => true);
  expect(found).toMatchObject({ tags: ['a'], width: 24, original_filename: 'later' });
  expect(found.derived.map(({ transformation }) => transformation)).toEqual(['c_scale,w_6']);
});

it('async without an id names the one it will have', async () => {
  const { public_id } = (await client.upload({ bytes: picture }, { async: 1 })).json<UploadAnswer>();
  expect(public_id).toMatch(/^[a-z0-9]{20}$/);
  expect((await details(`image/upload/${public_id}`, () => true)).bytes).toBe(picture.length);
});

it('async of an address fetches it later', async () => {
  const remote = await startRemoteHost((_, res) => res.end(picture));
  const answer = await client.upload(`${remote.url}/photo.png`, { async: true, public_id: 'fetched' });
  expect(answer.json()).toMatchObject({ status: 'pending', public_id: 'fetched' });
  expect(await details('image/upload/fetched', () => true)).toMatchObject({ original_filename: 'photo' });
  await remote.close();
});

const statusOf = async (path: string) => (await client.admin('GET', `resources/${path}`)).status;

it('async of an address that does not answer holds up no other upload', async () => {
  const host = await heldHost(picture);
  await client.upload(`${host.url}/slow.png`, { async: true, public_id: 'slow' });
  await expect.poll(() => host.seen).toEqual(['/slow.png']);
  const quick = ['quick-1', 'quick-2', 'quick-3'];
  for (const public_id of quick) await client.upload({ bytes: picture }, { async: true, public_id });
  for (const id of quick) await details(`image/upload/${id}`, () => true);
  expect(await statusOf('image/upload/slow')).toBe(404);
  host.release();
  expect(await details('image/upload/slow', () => true)).toMatchObject({ original_filename: 'slow' });
});

it('async uploads of one public id are done in their order, however long the first takes', async () => {
  const host = await heldHost(picture);
  const second = await quarters(30, 20);
  await client.upload(`${host.url}/first.png`, { async: true, public_id: 'both' });
  await client.upload({ bytes: second }, { async: true, public_id: 'both' });
  await client.upload({ bytes: picture }, { async: true, public_id: 'after-both' });
  await details('image/upload/after-both', () => true);
  expect(await statusOf('image/upload/both')).toBe(404);
  host.release();
  await details('image/upload/both', ({ width }) => width === 30);
  await client.upload({ bytes: picture }, { async: true, public_id: 'both', tags: 'third' });
  expect(await details('image/upload/both', ({ tags }) => tags?.length === 1)).toMatchObject({ width: 24 });
});

it('async of auto says nothing that is not known yet', async () => {
  const answer = await client.upload({ bytes: picture }, { async: true }, { resourceType: 'auto' });
  expect(answer.json()).toEqual({ status: 'pending', type: 'upload', batch_id: batch });
});

it('async still refuses what can be refused at once', async () => {
  const wrong = await client.upload({ bytes: picture }, { async: true, eager: 'w_abc' });
  expect([wrong.status, wrong.message]).toEqual([400, 'Invalid width in transformation: abc']);
  const name = await client.upload({ bytes: picture }, { async: true, display_name: 'a/b' });
  expect([name.status, name.message]).toEqual([400, 'Display name cannot contain slashes']);
  const ocr = await client.upload({ bytes: picture }, { async: true, ocr: 'adv_ocr' });
  expect(ocr.status).toBe(400);
});

it('eager_async answers the asset at once and its derivatives as processing', async () => {
  const answer = await client.upload({ bytes: picture }, { eager: 'c_scale,w_6|w_5/jpg', eager_async: true });
  const body = answer.json<UploadAnswer>();
  expect(body).toMatchObject({ width: 24, batch_id: batch });
  expect(body.eager).toEqual([
    expect.objectContaining({ status: 'processing', transformation: 'c_scale,w_6', batch_id: body.batch_id }),
    expect.objectContaining({ status: 'processing', transformation: 'w_5/jpg' }),
  ]);
  for (const item of body.eager ?? []) expect(item).not.toHaveProperty('width');
  const found = await details(`image/upload/${body.public_id}`, ({ derived }) => derived.length === 2);
  expect(found.derived.map(({ transformation, format }) => `${transformation} ${format}`).sort()).toEqual([
    'c_scale,w_6 png',
    'w_5 jpg',
  ]);
  for (const { url } of body.eager ?? []) expect((await client.deliver(url)).status).toBe(200);
});

it('both flags off are an ordinary upload', async () => {
  const answer = await client.upload({ bytes: picture }, { async: false, eager_async: 0, eager: 'w_5' });
  expect(answer.json()).toMatchObject({ eager: [{ width: 5 }] });
  expect(answer.json()).not.toHaveProperty('batch_id');
});
