import { describe, expect, it } from 'vitest';
import { decidePublicId, leadsTo, withPublicId } from './chunked-name.js';
import { type NamingRequest, nameAsset } from './name-asset.js';
import { nothing } from './naming.test-support.js';

const photo = { stem: 'photo', extension: 'jpg' };
const random = /^[a-z0-9]{20}$/;

describe('decidePublicId', () => {
  it.each<[string, Partial<NamingRequest>, 'image' | 'raw' | 'auto', typeof photo | null, RegExp | null]>([
    ['the given one', { publicId: 'a/b', folder: 'f' }, 'auto', photo, /^f\/a\/b$/],
    ['a random one', {}, 'image', photo, random],
    ['a random one with the extension of raw files', {}, 'raw', photo, /^[a-z0-9]{20}\.jpg$/],
    ['the file name', { useFilename: true, uniqueFilename: false }, 'image', photo, /^photo$/],
    ['none yet, where the extension depends on the bytes', {}, 'auto', photo, null],
    [
      'none yet, with a name that takes the place of the file name',
      { filenameOverride: 'x.zip' },
      'auto',
      null,
      null,
    ],
    ['a random one, where no extension is known', {}, 'auto', null, random],
  ])('%s', (_, naming, resourceType, uploaded, expected) => {
    const publicId = decidePublicId({ naming: { ...nothing, ...naming }, resourceType }, uploaded, 'fixed');
    if (expected === null) expect(publicId).toBeNull();
    else expect(publicId).toMatch(expected);
  });

  it('refuses an id that no asset may have', () => {
    const naming = { ...nothing, publicId: 'a?b' };
    expect(() => decidePublicId({ naming, resourceType: 'image' }, null, 'fixed')).toThrow('public_id (a?b)');
  });
});

describe('leadsTo', () => {
  it.each<[string, Partial<NamingRequest>, string | null, boolean]>([
    ['none', {}, 'f/x', true],
    ['the decided one, as clients echo it', { publicId: 'f/x', folder: 'f' }, 'f/x', true],
    ['what it was decided from', { publicId: 'x', folder: 'f' }, 'f/x', true],
    ['another', { publicId: 'y', folder: 'f' }, 'f/x', false],
    ['another folder', { publicId: 'x', folder: 'g' }, 'f/x', false],
    ['anything while nothing is decided', { publicId: 'y' }, null, true],
  ])('%s', (_, naming, decided, expected) => {
    expect(leadsTo(decided, { ...nothing, ...naming }, 'fixed')).toBe(expected);
  });
});

describe('withPublicId', () => {
  it.each(['fixed', 'dynamic'] as const)(
    'names the asset exactly so and leaves its folder, %s',
    (folderMode) => {
      const facts = { resourceType: 'image', uploaded: photo, folderMode } as const;
      for (const naming of [
        { ...nothing, folder: 'f' },
        { ...nothing, publicIdPrefix: 'p', assetFolder: 'g' },
        { ...nothing, assetFolder: 'g', useAssetFolderAsPublicIdPrefix: true },
        { ...nothing, publicId: 'x', folder: 'f' },
      ]) {
        const decided = decidePublicId({ naming, resourceType: 'image' }, photo, folderMode);
        const asked = nameAsset({ ...naming, publicId: naming.publicId ?? 'x' }, facts);
        const named = nameAsset(withPublicId(naming, decided, folderMode), facts);
        expect(named.publicId).toBe(decided);
        expect(named.assetFolder).toBe(asked.assetFolder);
      }
    },
  );

  it('changes nothing while nothing is decided', () => {
    expect(withPublicId(nothing, null, 'fixed')).toBe(nothing);
  });
});
