import { describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { plain } from '../support/pictures.js';
import { nowSeconds, type Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';

/** Upload presets (upload-api reference, section 7.1; observed behaviours, section 7). */

const server = useServer();
const client = createClient(server);
const create = (params: Params) => client.admin('POST', 'upload_presets', params);
const show = async (name: string) =>
  (await client.admin('GET', `upload_presets/${name}`)).json<{ settings: Record<string, unknown> }>();

describe('a preset', () => {
  it('is created, shown, changed and deleted', async () => {
    const made = await create({ name: 'mine', unsigned: true, folder: 'here', tags: 'a,b' });
    expect(made.json()).toEqual({
      message: 'created',
      name: 'mine',
      external_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const { external_id } = made.json<{ external_id: string }>();
    expect(await show('mine')).toEqual({
      name: 'mine',
      unsigned: true,
      settings: { folder: 'here', tags: ['a', 'b'] },
      external_id,
    });
    const changed = await client.admin('PUT', 'upload_presets/mine', {
      unsigned: false,
      folder: 'there',
      colors: true,
    });
    expect(changed.json()).toEqual({ message: 'updated', external_id });
    expect(await show('mine')).toMatchObject({
      unsigned: false,
      settings: { folder: 'there', tags: ['a', 'b'], colors: true },
    });
    expect((await client.admin('DELETE', 'upload_presets/mine')).json()).toEqual({ message: 'deleted' });
    const gone = await client.admin('GET', 'upload_presets/mine');
    expect([gone.status, gone.message]).toEqual([404, "Can't find upload preset with name mine"]);
  });

  it('without a name gets one that is hard to guess', async () => {
    const { name } = (await create({})).json<{ name: string }>();
    expect(name).toMatch(/^[a-z0-9]{12,}$/);
  });

  it('has no setting that the call only carried: timestamp, api_key', async () => {
    await create({ name: 'stamped', timestamp: nowSeconds(), folder: 'f' });
    expect((await show('stamped')).settings).toEqual({ folder: 'f' });
    await client.admin('PUT', 'upload_presets/stamped', { timestamp: nowSeconds(), tags: 't' });
    expect((await show('stamped')).settings).toEqual({ folder: 'f', tags: ['t'] });
  });

  it('shows its settings typed, and only those that were set', async () => {
    await create({
      name: 'typed',
      tags: ['x', 'y'],
      allowed_formats: 'jpg, png',
      use_filename: true,
      unique_filename: false,
      disallow_public_id: true,
      transformation: 'c_limit,w_500/q_80',
      eager: 'c_pad,h_300,w_400|c_crop,w_260/jpg',
      context: 'a=b',
    });
    expect((await show('typed')).settings).toEqual({
      tags: ['x', 'y'],
      allowed_formats: ['jpg', 'png'],
      use_filename: true,
      unique_filename: false,
      disallow_public_id: true,
      transformation: [{ crop: 'limit', width: 500 }, { quality: 80 }],
      eager: [[{ crop: 'pad', height: 300, width: 400 }], [{ crop: 'crop', width: 260, format: 'jpg' }]],
      context: 'a=b',
    });
  });

  it('as JSON, as Python sends it', async () => {
    const made = await client.adminJson('POST', 'upload_presets', {
      name: 'json',
      unsigned: true,
      tags: ['a', 'b'],
      use_filename: true,
      allowed_formats: null,
    });
    expect(made.json()).toMatchObject({ message: 'created' });
    expect(await show('json')).toMatchObject({
      unsigned: true,
      settings: { tags: ['a', 'b'], use_filename: true },
    });
  });

  it('works once it exists and no longer once it is gone', async () => {
    await create({ name: 'short', unsigned: true });
    const file = { bytes: await plain(4, 4) };
    expect((await client.upload(file, { upload_preset: 'short' }, { auth: 'none' })).status).toBe(200);
    await client.admin('DELETE', 'upload_presets/short');
    const refused = await client.upload(file, { upload_preset: 'short' }, { auth: 'none' });
    expect([refused.status, refused.message]).toEqual([400, 'Upload preset not found']);
  });

  it.each<[string, Params, number, string]>([
    ['taken', { name: 'typed' }, 409, 'Upload preset typed already exists'],
    ['of a bad name', { name: 'a/b' }, 400, 'Invalid value a/b for parameter name'],
    ['with a bad setting', { eager: 'w_abc' }, 400, 'Invalid width in transformation: abc'],
    [
      'with a bad flag',
      { overwrite: 'maybe' },
      400,
      'Invalid value maybe for parameter overwrite. Allowed values: true, false, 1, 0',
    ],
    ['with what is not built', { ocr: 'adv_ocr' }, 400, 'Ocr is invalid'],
    ['with what no preset may have', { live: true }, 400, 'Unsupported parameter live'],
    ['that runs code', { eval: 'x' }, 400, 'Unsupported parameter eval'],
  ])('%s is refused', async (_, params, status, message) => {
    const answer = await create(params);
    expect([answer.status, answer.message]).toEqual([status, message]);
  });

  it.each(['PUT', 'DELETE'])('%s of an unknown one', async (method) => {
    const answer = await client.admin(method, 'upload_presets/unknown');
    expect([answer.status, answer.message]).toEqual([404, "Can't find upload preset with name unknown"]);
  });
});

it('lists them by pages', async () => {
  for (let index = 0; index < 6; index++) await create({ name: `list${index}` });
  const names: string[] = [];
  let cursor = '';
  do {
    const page = (await client.admin('GET', 'upload_presets', { max_results: 4, next_cursor: cursor })).json<{
      presets: { name: string }[];
      next_cursor?: string;
    }>();
    names.push(...page.presets.map(({ name }) => name));
    cursor = page.next_cursor ?? '';
  } while (cursor !== '');
  expect(names.filter((name) => name.startsWith('list')).length).toBe(6);
  expect(new Set(names).size).toBe(names.length);
});

it('config tells the folder mode', async () => {
  expect((await client.admin('GET', 'config')).json()).toEqual({
    cloud_name: 'demo',
    created_at: expect.any(String),
  });
  expect((await client.admin('GET', 'config', { settings: true })).json()).toMatchObject({
    settings: { folder_mode: 'fixed' },
  });
});
