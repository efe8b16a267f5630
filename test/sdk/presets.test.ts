import { describe, expect, it } from 'vitest';
import { plain } from '../support/pictures.js';
import { errorOf, type UploadResult, useSdk } from './use-sdk.js';

const fixture = useSdk();
const file = `data:image/png;base64,${(await plain(40, 30)).toString('base64')}`;

describe('upload presets', () => {
  it('are made, shown with typed settings, listed, changed and deleted', async () => {
    const { api } = fixture.sdk;
    const settings = {
      folder: 'shelf',
      tags: ['a', 'b'],
      allowed_formats: ['png', 'jpg'],
      transformation: [{ width: 20, crop: 'scale' }],
      eager: [{ width: 10, height: 10, crop: 'fill' }],
      use_filename: true,
    };
    const made = await api.create_upload_preset({ name: 'typed', ...settings });
    expect(made).toMatchObject({ message: 'created', name: 'typed' });
    const shown = await api.upload_preset('typed');
    expect(shown).toMatchObject({ name: 'typed', unsigned: false });
    expect(shown.settings).toEqual({
      ...settings,
      eager: [[{ width: 10, height: 10, crop: 'fill' }]],
    });

    expect(await api.update_upload_preset('typed', { unsigned: true, tags: ['c'] })).toMatchObject({
      message: 'updated',
    });
    const listed = await api.upload_presets();
    expect(listed.presets).toHaveLength(1);
    expect(listed.presets[0]).toMatchObject({ name: 'typed', unsigned: true });
    expect(await api.delete_upload_preset('typed')).toMatchObject({ message: 'deleted' });
    expect((await errorOf(api.upload_preset('typed'))).http_code).toBe(404);
  });

  it('get a name when they are given none', async () => {
    const made = await fixture.sdk.api.create_upload_preset({ folder: 'x' });
    expect(made.name).toMatch(/^\S+$/);
    expect((await fixture.sdk.api.upload_preset(made.name)).settings).toEqual({ folder: 'x' });
  });
});

describe('unsigned uploads', () => {
  it('go by what the preset says', async () => {
    const { api, uploader } = fixture.sdk;
    await api.create_upload_preset({ name: 'open', unsigned: true, folder: 'drop', tags: 'preset' });
    const result: UploadResult = await uploader.unsigned_upload(file, 'open', {
      public_id: 'mine',
      tags: 'own',
    });
    expect(result).toMatchObject({ public_id: 'drop/mine' });
    expect([...result.tags].sort()).toEqual(['own', 'preset']);
    expect('api_key' in result).toBe(false);
    const again: UploadResult = await uploader.unsigned_upload(file, 'open', { public_id: 'mine' });
    expect(again).toMatchObject({ existing: true, asset_id: result.asset_id });
  });

  it('are refused by name', async () => {
    const { api, uploader } = fixture.sdk;
    await api.create_upload_preset({ name: 'closed' });
    await api.create_upload_preset({ name: 'no-ids', unsigned: true, disallow_public_id: true });
    const refusal = (preset: string, options = {}) =>
      errorOf(uploader.unsigned_upload(file, preset, options));
    expect(await refusal('closed')).toEqual({
      http_code: 400,
      message: 'Upload preset must be whitelisted for unsigned uploads',
    });
    expect(await refusal('nowhere')).toEqual({ http_code: 400, message: 'Upload preset not found' });
    const overwriting = await refusal('no-ids', { overwrite: true });
    expect(overwriting.http_code).toBe(400);
    expect(overwriting.message).toMatch(
      /^Overwrite parameter is not allowed when using unsigned upload\. Only upload_preset,/,
    );
  });
});

describe('signed uploads with a preset', () => {
  it('win over it, and unite tags with it', async () => {
    const { api, uploader } = fixture.sdk;
    await api.create_upload_preset({ name: 'defaults', folder: 'from-preset', tags: 'preset' });
    const given = await uploader.upload(file, {
      upload_preset: 'defaults',
      folder: 'own',
      tags: 'own',
      public_id: 'x',
    });
    expect(given.public_id).toBe('own/x');
    expect([...given.tags].sort()).toEqual(['own', 'preset']);
    expect((await uploader.upload(file, { upload_preset: 'defaults', public_id: 'x' })).public_id).toBe(
      'from-preset/x',
    );
  });
});
