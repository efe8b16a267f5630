import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { plain } from '../support/pictures.js';
import type { Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** Naming and placement (upload-api reference, section 3.3). */

const fixed = useServer();
const dynamic = useServer({ args: ['--folder-mode', 'dynamic'] });
const client = createClient(fixed);
let picture: Buffer;
beforeAll(async () => {
  picture = await plain(12, 8);
});

interface Case {
  readonly params: Params;
  /** `my photo.png` when absent. */
  readonly filename?: string;
  readonly resourceType?: string;
  readonly answer: Readonly<Record<string, unknown>>;
}

const named: Readonly<Record<string, Case>> = {
  'nothing asked for': {
    params: {},
    answer: { public_id: expect.stringMatching(/^[a-z0-9]{20}$/), original_filename: 'my photo', folder: '' },
  },
  public_id: {
    params: { public_id: 'a/b/c' },
    answer: { public_id: 'a/b/c', folder: 'a/b', asset_folder: 'a/b', display_name: 'c' },
  },
  'public_id that looks like a transformation': {
    params: { public_id: 'my_dir/x' },
    answer: { public_id: 'my_dir/x' },
  },
  'public_id in decomposed Unicode': {
    params: { public_id: 'cafe\u0301' },
    answer: { public_id: 'caf\u00e9' },
  },
  folder: {
    params: { folder: '/one/two/', public_id: 'x' },
    answer: { public_id: 'one/two/x', folder: 'one/two' },
  },
  'folder alone': {
    params: { folder: 'alone' },
    answer: { public_id: expect.stringMatching(/^alone\/[a-z0-9]{20}$/) },
  },
  public_id_prefix: { params: { public_id_prefix: 'pre', public_id: 'x' }, answer: { public_id: 'pre/x' } },
  'folder and prefix': {
    params: { folder: 'f', public_id_prefix: 'p', public_id: 'x' },
    answer: { public_id: 'f/p/x' },
  },
  asset_folder: {
    params: { asset_folder: 'place', public_id: 'in_place' },
    answer: { public_id: 'in_place', asset_folder: 'place' },
  },
  'asset_folder as prefix': {
    params: { asset_folder: 'place', use_asset_folder_as_public_id_prefix: true, public_id: 'x' },
    answer: { public_id: 'place/x', asset_folder: 'place' },
  },
  'asset_folder as prefix gives way to a prefix': {
    params: {
      asset_folder: 'place',
      use_asset_folder_as_public_id_prefix: true,
      public_id_prefix: 'p',
      public_id: 'y',
    },
    answer: { public_id: 'p/y' },
  },
  use_filename: {
    params: { use_filename: true },
    answer: { public_id: expect.stringMatching(/^my_photo_[a-z0-9]{6}$/) },
  },
  'use_filename, not unique': {
    params: { use_filename: true, unique_filename: false },
    answer: { public_id: 'my_photo' },
  },
  'use_filename of a whole path': {
    params: { use_filename: 1, unique_filename: 0 },
    filename: '/some/dir/logo.png',
    answer: { public_id: 'logo', original_filename: 'logo' },
  },
  'use_filename of a Windows path': {
    params: { use_filename: '1', unique_filename: '0' },
    filename: 'C:\\pictures\\win logo.png',
    answer: { public_id: 'win_logo', original_filename: 'win logo' },
  },
  'use_filename in another script': {
    params: { use_filename: true, unique_filename: false },
    filename: '写真 ñ.png',
    answer: { public_id: '写真_ñ', original_filename: '写真 ñ' },
  },
  'public_id wins over the file name': {
    params: { use_filename: true, public_id: 'chosen' },
    answer: { public_id: 'chosen' },
  },
  filename_override: {
    params: { use_filename: true, unique_filename: false, filename_override: 'other name.jpg' },
    answer: { public_id: 'other_name', original_filename: 'other name' },
  },
  discard_original_filename: {
    params: { discard_original_filename: true, public_id: 'discarded' },
    answer: { public_id: 'discarded' },
  },
  display_name: {
    params: { display_name: 'Shown so', public_id: 'd' },
    answer: { display_name: 'Shown so' },
  },
  use_filename_as_display_name: {
    params: { use_filename_as_display_name: true, public_id: 'd' },
    answer: { display_name: 'my photo' },
  },
  'raw keeps its extension': {
    params: {},
    filename: 'notes.TXT',
    resourceType: 'raw',
    answer: { public_id: expect.stringMatching(/^[a-z0-9]{20}\.txt$/), original_filename: 'notes' },
  },
  'raw with use_filename': {
    params: { use_filename: true, unique_filename: false },
    filename: 'my notes.txt',
    resourceType: 'raw',
    answer: { public_id: 'my_notes.txt' },
  },
  'raw with a unique file name': {
    params: { use_filename: true },
    filename: 'my notes.txt',
    resourceType: 'raw',
    answer: { public_id: expect.stringMatching(/^my_notes_[a-z0-9]{6}\.txt$/) },
  },
};

describe('an asset is called', () => {
  it.each(Object.entries(named))(
    '%s',
    async (_, { params, filename = 'my photo.png', resourceType, answer }) => {
      const got = await client.upload(
        { bytes: picture, filename },
        params,
        resourceType === undefined ? {} : { resourceType },
      );
      expect(got.message).toBeNull();
      expect(got.json()).toMatchObject(answer);
      expect((await client.deliver(got.json<UploadAnswer>().url)).status).toBe(200);
    },
  );

  it('without an original file name when that is discarded', async () => {
    const answer = await client.upload({ bytes: picture }, { discard_original_filename: true });
    expect(answer.json()).not.toHaveProperty('original_filename');
  });

  it('in dynamic mode, a folder is a place and not a field', async () => {
    const answer = await createClient(dynamic).upload(
      { bytes: picture },
      { asset_folder: 'place', public_id: 'x/y' },
    );
    expect(answer.json()).toMatchObject({ public_id: 'x/y', asset_folder: 'place', display_name: 'y' });
    expect(answer.json()).not.toHaveProperty('folder');
    const old = await createClient(dynamic).upload({ bytes: picture }, { folder: 'old', public_id: 'z' });
    expect(old.json()).toMatchObject({ public_id: 'old/z', asset_folder: 'old' });
  });
});

const badId = (id: string) => `public_id (${id}) is invalid`;

describe('refused', () => {
  it.each<[string, Params, string]>([
    ...['?', '&', '#', '\\', '%', '<', '>', '+'].map((character): [string, Params, string] => [
      `public_id with ${character}`,
      { public_id: `a${character}b` },
      badId(`a${character}b`),
    ]),
    ['a space in front', { public_id: ' a' }, badId(' a')],
    ['a space behind', { public_id: 'a ' }, badId('a ')],
    ['a slash in front', { public_id: '/a' }, badId('/a')],
    ['a slash behind', { public_id: 'a/' }, badId('a/')],
    ['an empty folder', { public_id: 'a//b' }, badId('a//b')],
    ['a folder that looks like a version', { public_id: 'v12/a' }, badId('v12/a')],
    ['parent folders', { public_id: '../../etc/passwd' }, badId('../../etc/passwd')],
    ['this folder', { public_id: 'a/./b' }, badId('a/./b')],
    ['parent folders in folder', { folder: '..', public_id: 'a' }, badId('../a')],
    ['parent folders in the prefix', { public_id_prefix: '../x', public_id: 'a' }, badId('../x/a')],
    ['a text direction override', { public_id: 'a\u202egnp.b' }, badId('a\u202egnp.b')],
    ['256 characters', { public_id: 'x'.repeat(256) }, badId('x'.repeat(256))],
    [
      'a control character',
      { public_id: 'a\u0001b' },
      'Parameter public_id contains characters that are not allowed',
    ],
    ['a line feed', { public_id: 'a\nb' }, 'Parameter public_id contains characters that are not allowed'],
    ['display_name with a slash', { display_name: 'a/b' }, 'Display name cannot contain slashes'],
    ['asset_folder with parents', { asset_folder: '../x' }, 'Invalid value ../x for parameter asset_folder'],
  ])('%s', async (_, params, message) => {
    const answer = await client.upload({ bytes: picture }, params);
    expect([answer.status, answer.message]).toEqual([400, message]);
  });

  it('255 characters are still an id', async () => {
    const public_id = 'é'.repeat(255);
    const answer = await client.upload({ bytes: picture }, { public_id });
    expect(answer.json()).toMatchObject({ public_id });
  });

  it('display name from a file name that has slashes', async () => {
    const answer = await client.upload(
      { bytes: picture },
      { use_filename_as_display_name: true, filename_override: 'x', display_name: 'x/y' },
    );
    expect([answer.status, answer.message]).toEqual([400, 'Display name cannot contain slashes']);
  });
});
