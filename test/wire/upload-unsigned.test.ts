import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { plain } from '../support/pictures.js';
import { nowSeconds, type Params } from '../support/sign.js';
import { testAccount } from '../support/start-server.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** Upload-api reference, section 3.4. */

const server = useServer();
const client = createClient(server);
let picture: Buffer;

beforeAll(async () => {
  picture = await plain(12, 8);
  const presets: Params[] = [
    { name: 'signed-only', unsigned: false },
    { name: 'open', unsigned: true, tags: 'preset', context: 'from=preset|only=preset', folder: 'kept' },
    { name: 'bare', unsigned: true },
    {
      name: 'fixed-ids',
      unsigned: true,
      disallow_public_id: true,
      use_filename: true,
      unique_filename: false,
    },
    { name: 'eager', unsigned: true, eager: 'c_scale,w_6', allowed_formats: 'png' },
  ];
  for (const preset of presets) {
    const made = await client.admin('POST', 'upload_presets', preset);
    expect(made.json()).toMatchObject({ message: 'created', name: preset.name });
  }
});

const unsigned = (params: Params, filename = 'photo of mine.png') =>
  client.upload({ bytes: picture, filename }, params, { auth: 'none' });

const allowed =
  'Only upload_preset,callback,public_id,folder,asset_folder,tags,context,metadata,face_coordinates,custom_coordinates,source,filename_override,manifest_transformation,manifest_json,template,template_vars,regions,public_id_prefix upload parameters are allowed.';
const notAllowed = (name: string) => `${name} parameter is not allowed when using unsigned upload`;

describe('refused', () => {
  it.each<[string, Params, string]>([
    ['no preset', {}, 'Upload preset must be specified when using unsigned upload'],
    ['an unknown preset', { upload_preset: 'nope' }, 'Upload preset not found'],
    [
      'a preset for signed uploads',
      { upload_preset: 'signed-only' },
      'Upload preset must be whitelisted for unsigned uploads',
    ],
    ['a parameter', { upload_preset: 'bare', overwrite: true }, `${notAllowed('Overwrite')}. ${allowed}`],
    [
      'a parameter of two words',
      { upload_preset: 'bare', return_delete_token: 1 },
      `${notAllowed('Return delete token')}. ${allowed}`,
    ],
    [
      'several',
      { upload_preset: 'bare', eager: 'w_5', type: 'private' },
      `${notAllowed('Eager')}, ${notAllowed('Type')}. ${allowed}`,
    ],
    [
      'a public id where the preset says no',
      { upload_preset: 'fixed-ids', public_id: 'mine' },
      'Public ID is not allowed by the upload preset',
    ],
  ])('%s', async (_, params, message) => {
    const answer = await unsigned(params);
    expect([answer.status, answer.message, answer.headers['x-cld-error']]).toEqual([400, message, message]);
  });

  it.each(['destroy', 'explicit'])('%s takes no preset for a key', async (action) => {
    const answer = await client.call(
      `image/${action}`,
      { upload_preset: 'bare', public_id: 'x' },
      { auth: 'none' },
    );
    expect(answer.status).toBe(400);
  });
});

describe('accepted', () => {
  it('with what SDKs send although it means nothing there', async () => {
    const { apiKey } = testAccount;
    const answer = await unsigned({
      upload_preset: 'bare',
      timestamp: nowSeconds(),
      api_key: apiKey,
      unsigned: true,
    });
    expect(answer.status).toBe(200);
    expect(answer.json()).not.toHaveProperty('api_key');
    expect(answer.headers['x-counterseal-ignored']).toBe('unsigned');
  });

  it('a single value is the one of the preset; tags and context are united', async () => {
    const answer = await unsigned({
      upload_preset: 'open',
      folder: 'mine',
      tags: 'request',
      context: 'from=request|mine=yes',
    });
    const { folder, tags, context } = answer.json<UploadAnswer>();
    expect(folder).toBe('kept');
    expect([...tags].sort()).toEqual(['preset', 'request']);
    expect(context).toEqual({ custom: { from: 'preset', only: 'preset', mine: 'yes' } });
  });

  it('signed, the request wins', async () => {
    const answer = await client.upload(
      { bytes: picture },
      { upload_preset: 'open', folder: 'mine', tags: 'request', context: 'from=request' },
    );
    const { folder, tags, context } = answer.json<UploadAnswer>();
    expect(folder).toBe('mine');
    expect([...tags].sort()).toEqual(['preset', 'request']);
    expect(context).toEqual({ custom: { from: 'request', only: 'preset' } });
  });

  it('never overwrites: a taken id answers what is there', async () => {
    const first = (await unsigned({ upload_preset: 'bare', public_id: 'taken' })).json<UploadAnswer>();
    const second = await client.upload(
      { bytes: await plain(30, 30) },
      { upload_preset: 'bare', public_id: 'taken' },
      { auth: 'none' },
    );
    expect(second.status).toBe(200);
    expect(second.json()).toMatchObject({
      existing: true,
      etag: first.etag,
      version: first.version,
      width: 12,
    });
  });

  it('makes the id unique where the client may not choose it', async () => {
    const { public_id } = (await unsigned({ upload_preset: 'fixed-ids' })).json<UploadAnswer>();
    expect(public_id).toMatch(/^photo_of_mine_[a-z0-9]{6}$/);
  });

  it('settings of the preset work: eager, formats', async () => {
    expect((await unsigned({ upload_preset: 'eager' })).json()).toMatchObject({
      eager: [{ transformation: 'c_scale,w_6', width: 6, height: 4 }],
    });
    const jpg = { bytes: await plain(9, 9, { format: 'jpg' }) };
    const refused = await client.upload(jpg, { upload_preset: 'eager' }, { auth: 'none' });
    expect([refused.status, refused.message]).toEqual([400, 'Image file format jpg not allowed']);
  });

  it('the answer is signed by a key of the cloud', async () => {
    const { signature } = (await unsigned({ upload_preset: 'bare' })).json<UploadAnswer>();
    expect(signature).toMatch(/^[0-9a-f]{40}$/);
  });
});

it('tells a stranger nothing that opens a restricted asset that was there before', async () => {
  const made = await client.admin('POST', 'upload_presets', {
    name: 'hidden',
    unsigned: true,
    type: 'authenticated',
  });
  expect(made.status).toBe(200);
  await client.upload(
    { bytes: picture, filename: 'a.png' },
    { public_id: 'secret-plan', type: 'authenticated' },
  );
  const params = { upload_preset: 'hidden', public_id: 'secret-plan' };
  const stranger = await client.upload({ bytes: picture, filename: 'b.png' }, params, { auth: 'none' });
  const answer = stranger.json<UploadAnswer & { existing?: boolean }>();
  expect([stranger.status, answer.existing]).toEqual([200, true]);
  expect(answer.secure_url).not.toContain('/s--');
  expect((await client.deliver(answer.secure_url)).status).toBe(401);
});
