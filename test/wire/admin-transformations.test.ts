import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { plain, readPixels } from '../support/pictures.js';
import type { Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';

/** Named transformations (upload-api reference, section 7.1; observed behaviours, section 7). */

const server = useServer();
const client = createClient(server);
beforeAll(async () => {
  await client.upload({ bytes: await plain(40, 20) }, { public_id: 'sample' });
});

const create = (name: string, transformation: string, more: Params = {}) =>
  client.admin('POST', 'transformations', { name, transformation, ...more });
const show = (name: string) => client.admin('GET', 'transformations', { transformation: name });
const widthOf = async (transformation: string) =>
  (await readPixels((await client.deliver(`/demo/image/upload/${transformation}/sample.png`)).bytes)).width;

describe('a named transformation', () => {
  it('is created, shown, used, changed and deleted', async () => {
    expect((await create('small', 'w_10,c_scale')).json()).toEqual({ message: 'created' });
    const shown = { name: 't_small', allowed_for_strict: true, named: true };
    expect((await show('t_small')).json()).toMatchObject({ ...shown, info: [{ crop: 'scale', width: 10 }] });
    expect(await widthOf('t_small')).toBe(10);

    const change = { transformation: 't_small', unsafe_update: 'c_scale,w_14' };
    expect((await client.admin('PUT', 'transformations', change)).json()).toEqual({ message: 'updated' });
    expect(await widthOf('t_small')).toBe(14);

    const strict = { transformation: 't_small', allowed_for_strict: false };
    expect((await client.admin('PUT', 'transformations', strict)).json()).toEqual({ message: 'updated' });
    expect((await show('small')).json()).toMatchObject({ allowed_for_strict: false });

    const gone = await client.admin('DELETE', 'transformations', { transformation: 't_small' });
    expect(gone.json()).toEqual({ message: 'deleted' });
    const refused = await client.deliver('/demo/image/upload/t_small/sample.png');
    expect([refused.status, refused.headers['x-cld-error']]).toEqual([400, 'Unknown transformation small']);
  });

  it('by its name in the path as well', async () => {
    const path = 'transformations/by_path';
    expect((await client.admin('POST', path, { transformation: 'w_5' })).json()).toEqual({
      message: 'created',
    });
    expect((await client.admin('GET', path)).json()).toMatchObject({ name: 't_by_path' });
    expect((await client.admin('PUT', path, { unsafe_update: 'w_6' })).json()).toEqual({
      message: 'updated',
    });
    expect((await client.admin('GET', path)).json()).toMatchObject({ info: [{ width: 6 }] });
    expect((await client.admin('DELETE', path)).json()).toEqual({ message: 'deleted' });
    expect((await client.admin('GET', path)).status).toBe(404);
  });

  it('has one name, composed or decomposed', async () => {
    const [composed, decomposed] = ['größe', 'größe'.normalize('NFD')];
    const path = (name: string) => `transformations/${encodeURIComponent(name)}`;
    expect((await client.admin('POST', path(decomposed), { transformation: 'c_scale,w_7' })).status).toBe(
      200,
    );
    for (const name of [composed, decomposed]) {
      expect((await client.admin('GET', path(name))).json()).toMatchObject({ name: `t_${composed}` });
      expect((await show(`t_${name}`)).json()).toMatchObject({ name: `t_${composed}` });
      const address = `/demo/image/upload/t_${encodeURIComponent(name)}/sample.png`;
      const { width } = await readPixels((await client.deliver(address)).bytes);
      expect(width).toBe(7);
    }
    expect((await create(composed, 'w_1')).status).toBe(409);
    expect((await client.admin('DELETE', path(decomposed))).json()).toEqual({ message: 'deleted' });
  });

  it('stands in eager lists and beside others in one component', async () => {
    await create('one', 'c_scale,w_20');
    await create('two', 'c_crop,h_5,w_5');
    const answer = await client.upload({ bytes: await plain(40, 20) }, { eager: 't_one.two|t_one,q_50' });
    expect(answer.json()).toMatchObject({
      eager: [
        { transformation: 't_one.two', width: 5, height: 5 },
        { transformation: 'q_50,t_one', width: 20, height: 10 },
      ],
    });
  });

  it.each<[string, Params, number, string]>([
    ['taken', { name: 'one', transformation: 'w_5' }, 409, 'Transformation one already exists'],
    ['without text', { name: 'x' }, 400, 'Missing required parameter - transformation'],
    ['without name', { transformation: 'w_5' }, 400, 'Missing required parameter - name'],
    ['of bad text', { name: 'x', transformation: 'w_abc' }, 400, 'Invalid width in transformation: abc'],
    [
      'of what is not built',
      { name: 'x', transformation: 'l_logo' },
      400,
      'Unsupported layer in transformation: logo',
    ],
    ['of a bad name', { name: 'a/b', transformation: 'w_5' }, 400, 'Invalid value a/b for parameter name'],
  ])('%s is refused', async (_, params, status, message) => {
    const answer = await client.admin('POST', 'transformations', params);
    expect([answer.status, answer.message]).toEqual([status, message]);
  });

  it.each(['GET', 'PUT', 'DELETE'])('%s of an unknown one', async (method) => {
    const answer = await client.admin(method, 'transformations', { transformation: 't_unknown' });
    expect([answer.status, answer.message]).toEqual([404, "Can't find transformation t_unknown"]);
  });
});

it('lists them by pages', async () => {
  for (let index = 0; index < 12; index++)
    await create(`n${String(index).padStart(2, '0')}`, `w_${index + 1}`);
  const names: string[] = [];
  let cursor = '';
  do {
    const page = (
      await client.admin('GET', 'transformations', { max_results: 5, named: true, next_cursor: cursor })
    ).json<{ transformations: { name: string; named: boolean }[]; next_cursor?: string }>();
    expect(page.transformations.every(({ named }) => named)).toBe(true);
    names.push(...page.transformations.map(({ name }) => name));
    cursor = page.next_cursor ?? '';
  } while (cursor !== '');
  expect(names.filter((name) => name.startsWith('t_n'))).toEqual(
    Array.from({ length: 12 }, (_, index) => `t_n${String(index).padStart(2, '0')}`),
  );
  expect(new Set(names).size).toBe(names.length);
});
