import { beforeAll, describe, expect, it } from 'vitest';
import { plain } from '../support/pictures.js';
import { errorOf, type UploadResult, useSdk } from './use-sdk.js';

const fixture = useSdk();
const file = `data:image/png;base64,${(await plain(40, 30)).toString('base64')}`;
const upload = (public_id: string, options: Record<string, unknown> = {}): Promise<UploadResult> =>
  fixture.sdk.uploader.upload(file, { public_id, ...options });
const ids = (answer: { resources: { public_id: string }[] }) => answer.resources.map((one) => one.public_id);

describe('the account', () => {
  it('answers ping and config', async () => {
    const { api } = fixture.sdk;
    expect(await api.ping()).toMatchObject({ status: 'ok' });
    expect(await api.config({ settings: true })).toMatchObject({
      cloud_name: 'demo',
      settings: { folder_mode: 'fixed' },
    });
    const plainConfig = await api.config();
    expect('settings' in plainConfig).toBe(false);
    expect(Date.parse(plainConfig.created_at)).not.toBeNaN();
  });

  it('shows the rate limit as numbers and a date', async () => {
    const answer = await fixture.sdk.api.ping();
    expect(answer.rate_limit_allowed).toBeGreaterThan(0);
    expect(answer.rate_limit_remaining).toBeGreaterThan(0);
    expect(new Date(answer.rate_limit_reset_at).getTime()).not.toBeNaN();
  });
});

describe('listing', () => {
  const names = Array.from({ length: 13 }, (_, index) => `list/${String(index).padStart(2, '0')}`);
  beforeAll(async () => {
    for (const name of names)
      await upload(name, { tags: Number(name.slice(-2)) % 2 === 0 ? 'even' : 'odd', context: 'k=v' });
    await fixture.sdk.uploader.upload(file, { public_id: 'list/raw.png', resource_type: 'raw' });
  });

  it('goes by pages, newest first; the other direction is the exact reverse', async () => {
    const { api } = fixture.sdk;
    const walk = async (direction: 'asc' | 'desc') => {
      const found: string[] = [];
      let next_cursor: string | undefined;
      do {
        const page = await api.resources({
          type: 'upload',
          prefix: 'list/',
          max_results: 5,
          direction,
          next_cursor,
        });
        expect(page.resources.length).toBeLessThanOrEqual(5);
        found.push(...ids(page));
        next_cursor = page.next_cursor;
      } while (next_cursor !== undefined);
      return found;
    };
    const [down, up] = [await walk('desc'), await walk('asc')];
    expect(down).toHaveLength(names.length);
    expect(up).toEqual(down.toReversed());
    expect([...up].sort()).toEqual(names);
  });

  it('is ten long unless told otherwise, and has a cursor only while there is more', async () => {
    const { api } = fixture.sdk;
    const first = await api.resources();
    expect(first.resources).toHaveLength(10);
    expect(first.next_cursor).toBeTypeOf('string');
    const all = await api.resources({ max_results: 500 });
    expect('next_cursor' in all).toBe(false);
  });

  it('finds by tag and by id, in one resource type', async () => {
    const { api } = fixture.sdk;
    expect(ids(await api.resources_by_tag('odd', { max_results: 50 })).sort()).toEqual(
      names.filter((name) => Number(name.slice(-2)) % 2 === 1),
    );
    expect(ids(await api.resources_by_ids(['list/03', 'list/01', 'nowhere'])).sort()).toEqual([
      'list/01',
      'list/03',
    ]);
    expect(ids(await api.resources({ resource_type: 'raw' }))).toEqual(['list/raw.png']);
    expect((await api.resource_types()).resource_types).toContain('image');
  });

  it('has tags and context only when asked for', async () => {
    const { api } = fixture.sdk;
    const bare = (await api.resources({ prefix: 'list/', type: 'upload' })).resources[0];
    expect('tags' in bare || 'context' in bare).toBe(false);
    const full = (await api.resources({ prefix: 'list/', type: 'upload', tags: true, context: true }))
      .resources[0];
    expect(full.tags).toHaveLength(1);
    expect(full.context).toEqual({ custom: { k: 'v' } });
  });

  it('of chosen fields has those, the ids and nothing else', async () => {
    const answer = await fixture.sdk.api.resources({ prefix: 'list/', type: 'upload', fields: 'tags' });
    for (const one of answer.resources)
      expect(Object.keys(one).sort()).toEqual(['asset_id', 'folder', 'public_id', 'tags']);
  });
});

describe('details', () => {
  it('are found by public id and by asset id', async () => {
    const stored = await upload('detail/one', { eager: [{ width: 10, crop: 'scale' }] });
    const details = await fixture.sdk.api.resource('detail/one');
    expect(details).toMatchObject({
      asset_id: stored.asset_id,
      width: 40,
      format: 'png',
      bytes: stored.bytes,
    });
    expect(details.derived).toMatchObject([{ transformation: 'c_scale,w_10', format: 'png' }]);
    for (const key of ['colors', 'faces', 'exif', 'versions', 'related_assets'])
      expect(key in details).toBe(false);
    const byAssetId = await fixture.sdk.api.resource_by_asset_id(stored.asset_id);
    expect(byAssetId.public_id).toBe('detail/one');
  });

  it('of an unknown id are 404 by name', async () => {
    expect(await errorOf(fixture.sdk.api.resource('no/such'))).toEqual({
      http_code: 404,
      message: 'Resource not found - no/such',
    });
  });
});

describe('deleting', () => {
  it('by destroy answers ok, then not found', async () => {
    const { uploader } = fixture.sdk;
    const stored = await upload('doomed');
    expect(await uploader.destroy('doomed')).toEqual({ result: 'ok' });
    expect(await uploader.destroy('doomed')).toEqual({ result: 'not found' });
    expect((await fixture.get(stored.secure_url)).status).toBe(404);
  });

  it('by ids answers for each of them', async () => {
    const { api } = fixture.sdk;
    await upload('del/1', { eager: [{ width: 10, crop: 'scale' }] });
    await upload('del/2');
    expect(await api.delete_resources(['del/1', 'del/2', 'del/3'])).toMatchObject({
      deleted: { 'del/1': 'deleted', 'del/2': 'deleted', 'del/3': 'not_found' },
      deleted_counts: { 'del/1': { original: 1, derived: 1 }, 'del/2': { original: 1, derived: 0 } },
      partial: false,
    });
  });

  it('by prefix and all at once', async () => {
    const { api } = fixture.sdk;
    await upload('pre/1');
    await upload('pre/2');
    await upload('other');
    expect((await api.delete_resources_by_prefix('pre/')).deleted).toEqual({
      'pre/1': 'deleted',
      'pre/2': 'deleted',
    });
    expect(ids(await api.resources({ type: 'upload', prefix: 'pre/' }))).toEqual([]);
    expect((await api.delete_all_resources()).deleted).toMatchObject({ other: 'deleted' });
    expect(ids(await api.resources({ max_results: 500 }))).toEqual([]);
  });
});

describe('named transformations', () => {
  it('are made, used, changed and deleted', async () => {
    const { api } = fixture.sdk;
    await upload('styled');
    expect(await api.create_transformation('thumb', { width: 20, height: 10, crop: 'fill' })).toMatchObject({
      message: 'created',
    });
    expect(await api.transformation('thumb')).toMatchObject({
      name: 't_thumb',
      named: true,
      allowed_for_strict: true,
      used: false,
      info: [{ width: 20, height: 10, crop: 'fill' }],
    });
    const address = fixture.url('styled', { transformation: 'thumb', format: 'png' });
    expect((await fixture.get(address)).status).toBe(200);
    expect(
      (await api.transformations({ named: true })).transformations.map((one: { name: string }) => one.name),
    ).toContain('t_thumb');
    expect(await api.update_transformation('thumb', { allowed_for_strict: 0 })).toMatchObject({
      message: 'updated',
    });
    expect(await api.transformation('thumb')).toMatchObject({ allowed_for_strict: false });
    expect(await api.delete_transformation('thumb')).toMatchObject({ message: 'deleted' });
    expect((await errorOf(api.transformation('thumb'))).http_code).toBe(404);
    expect((await fixture.get(address)).status).toBe(400);
  });

  it('take what was derived by them along when they are deleted', async () => {
    const { api } = fixture.sdk;
    await upload('derived-from');
    await api.create_transformation('passing', { width: 12, crop: 'scale' });
    const address = fixture.url('derived-from', { transformation: 'passing', format: 'png' });
    expect((await fixture.get(address)).status).toBe(200);
    await expect.poll(async () => (await api.resource('derived-from')).derived.length).toBe(1);
    expect(await api.transformation('passing')).toMatchObject({ used: true });
    await api.delete_transformation('passing');
    expect((await api.resource('derived-from')).derived).toEqual([]);
  });
});
