import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { plain, quarters } from '../support/pictures.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** Originals by address (transformations reference, sections 1.1 to 1.4, 1.11, 1.14 and 1.15). */

const server = useServer();
const client = createClient(server);
let picture: Buffer;
let version: number;
const words = Buffer.from('plain words');

beforeAll(async () => {
  picture = await quarters(24, 16);
  const store = async (public_id: string) =>
    (await client.upload({ bytes: picture, filename: 'x.png' }, { public_id })).json<UploadAnswer>();
  version = (await store('sample')).version;
  for (const id of ['folder/sample', 'my_dir/x', 'with.dots', 'a b', '日本/写真', 'e_x/y']) await store(id);
  const raw = { resourceType: 'raw' };
  await client.upload({ bytes: words }, { public_id: 'files/notes.txt' }, raw);
  await client.upload({ bytes: words }, { public_id: 'no-extension' }, raw);
  await client.upload({ bytes: words }, { public_id: 'page.html' }, raw);
});

describe('the stored bytes, whatever the spelling', () => {
  it.each([
    '/demo/image/upload/sample.png',
    '/demo/image/upload/sample',
    '/demo/image/upload/v1/sample.png',
    '/demo/image/upload/v99999999999/sample.png',
    '/res/demo/image/upload/sample.png',
    '/demo/images/sample/any-words.png',
    '/demo/iu/sample.png',
    '/demo/sample.png',
    '/demo/v1/sample.png',
    '/demo/image/upload/sample.png?_a=BAMAAA',
    '/demo/image/upload/folder/sample.png',
    '/demo/image/upload/folder%2Fsample.png',
    '/demo/image/upload/v1/my_dir/x.png',
    '/demo/image/upload/v1/e_x/y.png',
    '/demo/image/upload/with.dots',
    '/demo/image/upload/with.dots.png',
    '/demo/image/upload/a%20b.png',
    '/demo/image/upload/%E6%97%A5%E6%9C%AC/%E5%86%99%E7%9C%9F.png',
  ])('%s', async (path) => {
    const answer = await client.deliver(path);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png']);
    expect(answer.bytes.equals(picture)).toBe(true);
  });

  it('with its version', async () => {
    expect((await client.deliver(`/demo/image/upload/v${version}/sample.png`)).status).toBe(200);
  });

  it.each([
    ['/demo/raw/upload/files/notes.txt', 'text/plain; charset=utf-8'],
    ['/demo/raw/upload/v1/files/notes.txt', 'text/plain; charset=utf-8'],
    ['/demo/raw/upload/no-extension', 'application/octet-stream'],
    ['/demo/raw/upload/page.html', 'text/plain; charset=utf-8'],
  ])('raw %s', async (path, type) => {
    const answer = await client.deliver(path);
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([200, 'plain words', type]);
  });
});

it('another extension is another format', async () => {
  for (const [extension, type] of [
    ['jpg', 'image/jpeg'],
    ['webp', 'image/webp'],
    ['gif', 'image/gif'],
  ]) {
    const answer = await client.deliver(`/demo/image/upload/sample.${extension}`);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
  }
});

it('an overwritten asset is delivered anew at every address', async () => {
  const other = await plain(5, 5);
  await client.upload({ bytes: picture }, { public_id: 'changing' });
  const paths = [
    '/demo/image/upload/changing.png',
    '/demo/image/upload/v1/changing.png',
    '/demo/image/upload/w_3/changing.png',
  ];
  const before = await Promise.all(paths.map((path) => client.deliver(path)));
  await client.upload({ bytes: other }, { public_id: 'changing' });
  const after = await Promise.all(paths.map((path) => client.deliver(path)));
  expect(before.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(after[0]?.bytes.equals(other)).toBe(true);
  expect(after[1]?.bytes.equals(other)).toBe(true);
  expect(after[2]?.headers.etag).not.toBe(before[2]?.headers.etag);
});

describe('what is not there', () => {
  it.each([
    ['/demo/image/upload/missing.png', 'missing'],
    ['/demo/image/upload/v1/folder/missing.jpg', 'folder/missing'],
    ['/demo/image/upload/w_10/missing.png', 'missing'],
    ['/elsewhere/image/upload/sample.png', 'sample'],
  ])('%s is 404 with a small GIF and the reason in a header', async (path, id) => {
    const answer = await client.deliver(path);
    expect([answer.status, answer.headers['x-cld-error'], answer.headers['content-type']]).toEqual([
      404,
      `Resource not found - ${id}`,
      'image/gif',
    ]);
    expect(answer.bytes.toString('latin1', 0, 6)).toBe('GIF89a');
    expect(answer.headers['cache-control']).toBe('private, no-cache, max-age=0');
    expect(answer.headers['access-control-expose-headers']).toContain('X-Cld-Error');
  });

  it('a missing raw file or video has no body', async () => {
    for (const path of ['/demo/raw/upload/missing.txt', '/demo/video/upload/missing.mp4']) {
      const answer = await client.deliver(path);
      expect([answer.status, answer.bytes.length]).toEqual([404, 0]);
      expect(answer.headers['x-cld-error']).toMatch(/^Resource not found - /);
    }
  });

  it('appears as soon as it is uploaded', async () => {
    expect((await client.deliver('/demo/image/upload/soon.png')).status).toBe(404);
    await client.upload({ bytes: picture }, { public_id: 'soon' });
    expect((await client.deliver('/demo/image/upload/soon.png')).status).toBe(200);
  });

  it.each(['fetch/http://x/', 'list/x.json', 'sprite/x.css', 'multi/x.gif', 'facebook/x', 'nonsense/x'])(
    'delivery type %s is refused by name or not there',
    async (path) => {
      const answer = await client.deliver(`/demo/image/${path}`);
      expect([400, 404]).toContain(answer.status);
      expect(answer.headers['x-cld-error']).toEqual(expect.any(String));
    },
  );

  it.each(['/1bad/image/upload/x', '/demo', '/favicon.ico', '/robots.txt'])(
    '%s is no address',
    async (path) => {
      const answer = await client.deliver(path);
      expect(answer.status).toBe(404);
    },
  );
});
