import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { plain } from '../support/pictures.js';
import type { Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';
import type { ResourceAnswer, ResourceList, UploadAnswer } from '../support/wire-shapes.js';

/** Upload-api reference, section 7.1; observed behaviours, section 6. */

const server = useServer();
const client = createClient(server);
const assets = 25;
let picture: Buffer;

beforeAll(async () => {
  picture = await plain(12, 8);
  for (let index = 0; index < assets; index++) {
    const folder = index % 2 === 0 ? 'even' : 'odd';
    const tags = index % 5 === 0 ? 'five,all' : 'all';
    await upload({ public_id: `${folder}/p${index}`, tags, context: `n=${index}` });
  }
  await upload({ public_id: 'hidden', type: 'private' });
  await client.upload({ bytes: Buffer.from('words') }, { public_id: 'words.txt' }, { resourceType: 'raw' });
});

const upload = async (params: Params) =>
  (await client.upload({ bytes: picture }, params)).json<UploadAnswer>();
const list = async (path: string, params: Params = {}) => {
  const answer = await client.admin('GET', `resources/${path}`, params);
  expect(answer.message).toBeNull();
  return answer.json<ResourceList>();
};
const ids = ({ resources }: ResourceList) => resources.map(({ public_id }) => public_id);

/** Every page, by cursor. */
async function walk(path: string, params: Params): Promise<{ all: string[]; pages: number }> {
  const all: string[] = [];
  let cursor: string | undefined;
  for (let pages = 1; ; pages++) {
    const page = await list(path, { ...params, ...(cursor === undefined ? {} : { next_cursor: cursor }) });
    all.push(...ids(page));
    cursor = page.next_cursor;
    if (cursor === undefined) return { all, pages };
  }
}

describe('a list', () => {
  it('has ten by default, newest first, and a cursor only while there is more', async () => {
    const page = await list('image/upload');
    expect(page.resources.length).toBe(10);
    expect(ids(page)[0]).toBe('even/p24');
    expect(page.next_cursor).toEqual(expect.any(String));
    expect(await list('image/upload', { max_results: 500 })).not.toHaveProperty('next_cursor');
    expect(await list('image/upload', { next_cursor: '' })).toEqual(page);
  });

  it.each([1, 4, 7, 10, 24, 25])(
    'walked in pages of %i is complete and has nothing twice',
    async (max_results) => {
      const { all, pages } = await walk('image/upload', { max_results });
      expect(all.length).toBe(assets);
      expect(new Set(all).size).toBe(assets);
      expect(pages).toBe(Math.ceil(assets / max_results));
    },
  );

  it('in the other direction is the exact reverse', async () => {
    const { all: down } = await walk('image/upload', { max_results: 6, direction: 'desc' });
    for (const direction of ['asc', '1'])
      expect((await walk('image/upload', { max_results: 6, direction })).all).toEqual([...down].reverse());
  });

  it('stays complete while assets are added in between', async () => {
    const first = await list('image/upload', { max_results: 5, prefix: 'even/' });
    const added = await upload({ public_id: 'even/added' });
    const rest = await walk('image/upload', {
      max_results: 5,
      prefix: 'even/',
      next_cursor: first.next_cursor ?? '',
    });
    expect(new Set([...ids(first), ...rest.all]).size).toBe(13);
    await client.call('image/destroy', { public_id: added.public_id });
  });

  it('has items with these fields', async () => {
    const [item] = (await list('image/upload', { prefix: 'even/p24' })).resources;
    expect(item).toEqual({
      asset_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      public_id: 'even/p24',
      format: 'png',
      version: expect.any(Number),
      resource_type: 'image',
      type: 'upload',
      created_at: expect.stringMatching(/Z$/),
      bytes: picture.length,
      width: 12,
      height: 8,
      folder: 'even',
      asset_folder: 'even',
      display_name: 'p24',
      url: expect.stringMatching(/^http:/),
      secure_url: expect.stringMatching(/^http/),
    });
  });

  it('shows tags and context when asked', async () => {
    const [item] = (await list('image/upload', { prefix: 'odd/p5', tags: true, context: true })).resources;
    expect(item).toMatchObject({ tags: ['five', 'all'], context: { custom: { n: '5' } } });
  });

  it.each<[Params, string[]]>([
    [{ fields: 'tags' }, ['asset_id', 'folder', 'public_id', 'tags']],
    [{ fields: ['context', 'url'] }, ['asset_id', 'context', 'folder', 'public_id', 'url']],
    [{ fields: 'bytes,nothing' }, ['asset_id', 'bytes', 'folder', 'public_id']],
  ])('%j gives these and no others', async (params, names) => {
    const [item = {}] = (await list('image/upload', { ...params, prefix: 'odd/p5' })).resources;
    expect(Object.keys(item).sort()).toEqual(names);
  });

  it.each<[string, string, Params, number]>([
    ['a prefix', 'image/upload', { prefix: 'odd/' }, 12],
    ['a prefix that is a pattern elsewhere', 'image/upload', { prefix: '%' }, 0],
    ['a prefix with an underscore', 'image/upload', { prefix: '_' }, 0],
    ['ids', 'image/upload', { public_ids: ['odd/p1', 'even/p0', 'nope'] }, 2],
    ['a tag', 'image/tags/five', {}, 5],
    ['an unknown tag', 'image/tags/none', {}, 0],
    ['all types', 'image', { max_results: 500 }, 26],
    ['another type', 'image/private', {}, 1],
    ['another resource type', 'raw/upload', {}, 1],
    ['no videos', 'video/upload', {}, 0],
    ['a time', 'image/upload', { start_at: '2000-01-01', direction: 'asc', max_results: 500 }, 25],
  ])('by %s', async (_, path, params, count) => {
    expect((await list(path, { max_results: 500, ...params })).resources.length).toBe(count);
  });

  it('takes its parameters as JSON, as Ruby sends them', async () => {
    const answer = await client.adminJson('GET', 'resources/image/upload', {
      prefix: 'odd/',
      max_results: 3,
    });
    expect(answer.json<ResourceList>().resources.length).toBe(3);
  });

  it.each<[Params, string]>([
    [{ max_results: 0 }, 'Invalid value 0 for parameter max_results'],
    [{ max_results: 501 }, 'Invalid value 501 for parameter max_results'],
    [{ direction: 'up' }, 'Invalid value up for parameter direction. Allowed values: asc, desc, 1, -1'],
    [{ next_cursor: 'bogus' }, 'Invalid value bogus for parameter next_cursor'],
    [{ start_at: 'soon' }, 'Invalid value soon for parameter start_at'],
    [
      { public_ids: Array.from({ length: 101 }, (_, index) => `p${index}`) },
      'Invalid value 101 ids for parameter public_ids',
    ],
  ])('%j is refused', async (params, message) => {
    const answer = await client.admin('GET', 'resources/image/upload', params);
    expect([answer.status, answer.message]).toEqual([400, message]);
  });

  it('of the types there are', async () => {
    expect((await client.admin('GET', 'resources')).json()).toEqual({
      resource_types: ['image', 'raw', 'video'],
    });
  });
});

describe('one asset', () => {
  it('by its path and by its id is the same', async () => {
    const asset = await upload({ public_id: 'a/one', eager: 'c_scale,w_6', tags: 't2,t1', context: 'k=v' });
    const found = await client.admin('GET', 'resources/image/upload/a/one');
    expect(found.json()).toMatchObject({
      ...Object.fromEntries(
        Object.entries(asset).filter(([name]) =>
          ['asset_id', 'etag', 'version', 'bytes', 'url'].includes(name),
        ),
      ),
      tags: ['t1', 't2'],
      context: { custom: { k: 'v' } },
      last_updated: { updated_at: expect.any(String) },
      derived: [
        { id: expect.any(String), transformation: 'c_scale,w_6', format: 'png', bytes: expect.any(Number) },
      ],
    });
    expect((await client.admin('GET', `resources/${asset.asset_id}`)).json()).toEqual(found.json());
  });

  it('has no key for what it does not have, and analysis only when asked', async () => {
    await upload({ public_id: 'bare', face_coordinates: '1,1,4,4' });
    const bare = (await client.admin('GET', 'resources/image/upload/bare')).json();
    for (const name of [
      'tags',
      'context',
      'colors',
      'faces',
      'coordinates',
      'phash',
      'image_metadata',
      'exif',
    ])
      expect(bare).not.toHaveProperty(name);
    const params = { colors: true, faces: true, coordinates: true, phash: true, image_metadata: true };
    const full = (await client.admin('GET', 'resources/image/upload/bare', params)).json();
    expect(full).toMatchObject({
      colors: expect.any(Array),
      predominant: expect.any(Object),
      faces: [[1, 1, 4, 4]],
      coordinates: { faces: [[1, 1, 4, 4]] },
      phash: expect.stringMatching(/^[0-9a-f]{16}$/),
      image_metadata: expect.any(Object),
    });
  });

  it.each<[string, Params, number, string]>([
    ['image/upload/not/there', {}, 404, 'Resource not found - not/there'],
    ['raw/upload/even/p0', {}, 404, 'Resource not found - even/p0'],
    ['f'.repeat(32), {}, 404, `Resource not found - ${'f'.repeat(32)}`],
    ['image/fetch/x', {}, 400, 'Unsupported delivery type fetch'],
    ['image/upload/even/p0', { versions: true }, 400, 'Unsupported parameter versions'],
    ['image/upload/even/p0', { quality_analysis: true }, 400, 'Unsupported parameter quality_analysis'],
  ])('%s %j', async (path, params, status, message) => {
    const answer = await client.admin('GET', `resources/${path}`, params);
    expect([answer.status, answer.message]).toEqual([status, message]);
  });
});

describe('delete', () => {
  const make = async (...public_ids: string[]) => {
    for (const public_id of public_ids) await upload({ public_id, eager: 'c_scale,w_6|c_scale,w_5' });
  };

  it('by ids, also unknown ones', async () => {
    await make('del/1', 'del/2, with comma');
    const public_ids = ['del/1', 'del/2, with comma', 'del/none'];
    const answer = await client.admin('DELETE', 'resources/image/upload', { public_ids });
    expect(answer.json()).toEqual({
      deleted: { 'del/1': 'deleted', 'del/2, with comma': 'deleted', 'del/none': 'not_found' },
      deleted_counts: {
        'del/1': { original: 1, derived: 2 },
        'del/2, with comma': { original: 1, derived: 2 },
        'del/none': { original: 0, derived: 0 },
      },
      partial: false,
    });
    expect((await client.deliver('/demo/image/upload/del/1.png')).status).toBe(404);
  });

  it('by ids in JSON, as Python sends them', async () => {
    await make('del/3');
    const answer = await client.adminJson('DELETE', 'resources/image/upload', {
      transformations: null,
      public_ids: ['del/3'],
    });
    expect(answer.json()).toMatchObject({ deleted: { 'del/3': 'deleted' } });
  });

  it('by prefix', async () => {
    await make('pre/1', 'pre/2', 'prefix');
    const answer = await client.admin('DELETE', 'resources/image/upload', { prefix: 'pre/' });
    expect(answer.json()).toMatchObject({
      deleted: { 'pre/1': 'deleted', 'pre/2': 'deleted' },
      partial: false,
    });
    expect(ids(await list('image/upload', { prefix: 'pre' }))).toEqual(['prefix']);
  });

  it('keeps the original when asked to', async () => {
    await make('half');
    const answer = await client.admin('DELETE', 'resources/image/upload', {
      public_ids: ['half'],
      keep_original: true,
    });
    expect(answer.json()).toMatchObject({ deleted_counts: { half: { original: 0, derived: 2 } } });
    const found = (await client.admin('GET', 'resources/image/upload/half')).json<ResourceAnswer>();
    expect(found.derived).toEqual([]);
  });

  it.each<[Params, string]>([
    [{}, 'Missing required parameter - public_ids, prefix or all'],
    [{ all: true, prefix: 'x' }, 'Missing required parameter - public_ids, prefix or all'],
    [{ public_ids: ['x'], transformations: ['w_5'] }, 'Unsupported parameter transformations'],
  ])('%j is refused', async (params, message) => {
    const answer = await client.admin('DELETE', 'resources/image/upload', params);
    expect([answer.status, answer.message]).toEqual([400, message]);
  });

  it('names of the language are ids like others', async () => {
    await make('constructor', 'toString');
    const public_ids = ['__proto__', 'constructor', 'toString'];
    const answer = await client.admin('DELETE', 'resources/image/upload', { public_ids });
    expect(answer.text).toContain('"__proto__":"not_found","constructor":"deleted","toString":"deleted"');
  });

  it('all of a type, and of no other', async () => {
    const answer = await client.admin('DELETE', 'resources/image/upload', { all: true });
    expect(answer.json()).toMatchObject({ partial: false });
    expect(await list('image/upload')).toEqual({ resources: [] });
    expect((await list('image/private')).resources.length).toBe(1);
    expect((await list('raw/upload')).resources.length).toBe(1);
  });
});
