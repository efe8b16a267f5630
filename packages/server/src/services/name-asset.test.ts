import { describe, expect, it } from 'vitest';
import { type NamingRequest, nameAsset, splitFilename } from './name-asset.js';
import { nothing } from './naming.test-support.js';

const photo = { stem: 'my photo', extension: 'jpg' };
const name = (request: Partial<NamingRequest>, facts: Partial<Parameters<typeof nameAsset>[1]> = {}) =>
  nameAsset(
    { ...nothing, ...request },
    { resourceType: 'image', uploaded: photo, folderMode: 'fixed', ...facts },
  );

describe('nameAsset', () => {
  it('draws 20 characters of [a-z0-9] by default', () => {
    expect(name({}).publicId).toMatch(/^[a-z0-9]{20}$/);
    expect(name({}).random).toBe(true);
  });

  it('keeps the extension in the id of raw files', () => {
    expect(name({}, { resourceType: 'raw' }).publicId).toMatch(/^[a-z0-9]{20}\.jpg$/);
    expect(name({ useFilename: true, uniqueFilename: false }, { resourceType: 'raw' }).publicId).toBe(
      'my_photo.jpg',
    );
  });

  it.each([
    [{ publicId: 'cat' }, 'cat', ''],
    [{ publicId: 'cat', folder: 'pets' }, 'pets/cat', 'pets'],
    [{ publicId: 'cat', folder: '/pets/' }, 'pets/cat', 'pets'],
    [{ publicId: 'a/cat', folder: 'pets' }, 'pets/a/cat', 'pets/a'],
    [{ publicId: 'cat', publicIdPrefix: 'p' }, 'p/cat', 'p'],
    [{ publicId: 'cat', folder: 'f', publicIdPrefix: 'p' }, 'f/p/cat', 'f/p'],
    [{ publicId: 'cat', assetFolder: 'shown' }, 'cat', 'shown'],
    [{ publicId: 'cat', assetFolder: 'shown', useAssetFolderAsPublicIdPrefix: true }, 'shown/cat', 'shown'],
    [
      { publicId: 'cat', assetFolder: 's', useAssetFolderAsPublicIdPrefix: true, publicIdPrefix: 'p' },
      'p/cat',
      's',
    ],
    [{ useFilename: true, uniqueFilename: false }, 'my_photo', ''],
    [{ useFilename: true, uniqueFilename: false, filenameOverride: 'other.png' }, 'other', ''],
  ] satisfies [Partial<NamingRequest>, string, string][])('%o -> %s in %s', (request, publicId, folder) => {
    expect(name(request)).toMatchObject({ publicId, assetFolder: folder });
  });

  it('appends six characters to a file name unless told otherwise', () => {
    expect(name({ useFilename: true }).publicId).toMatch(/^my_photo_[a-z0-9]{6}$/);
  });

  it('places old clients by `folder` in dynamic mode', () => {
    const dynamic = { folderMode: 'dynamic' } as const;
    expect(name({ publicId: 'cat', folder: 'pets' }, dynamic)).toMatchObject({
      publicId: 'pets/cat',
      assetFolder: 'pets',
    });
    expect(name({ publicId: 'a/cat' }, dynamic).assetFolder).toBe('');
  });

  it('shows the last segment, the given name or the file name', () => {
    expect(name({ publicId: 'a/b' }).displayName).toBe('b');
    expect(name({ publicId: 'a/b', displayName: 'Cat' }).displayName).toBe('Cat');
    expect(name({ publicId: 'a/b', useFilenameAsDisplayName: true }).displayName).toBe('my photo');
    expect(() => name({ displayName: 'a/b' })).toThrow('Display name cannot contain slashes');
  });

  it.each([
    '../x',
    'a/../b',
    'a//b',
    'a?b',
    'a&b',
    'a#b',
    String.raw`a\b`,
    'a%b',
    'a<b',
    'v12/x',
    'a\u202eb',
    'x'.repeat(256),
  ])('refuses the public id %s', (publicId) => {
    expect(() => name({ publicId })).toThrow(/public_id .* is invalid/s);
  });

  it('knows or discards the original name', () => {
    expect(name({}).originalFilename).toBe('my photo');
    expect(name({}, { uploaded: null }).originalFilename).toBe('file');
    expect(name({ discardOriginalFilename: true }).originalFilename).toBeNull();
  });
});

describe('splitFilename', () => {
  it.each([
    ['logo.png', { stem: 'logo', extension: 'png' }],
    ['/some/dir/Logo.PNG', { stem: 'Logo', extension: 'png' }],
    ['C:\\pictures\\a.b.jpg', { stem: 'a.b', extension: 'jpg' }],
    ['.hidden', { stem: '.hidden', extension: null }],
    ['noext', { stem: 'noext', extension: null }],
    ['dot.', { stem: 'dot.', extension: null }],
    ['dir/', null],
    ['', null],
  ])('%s', (filename, expected) => {
    expect(splitFilename(filename)).toEqual(expected);
  });
});
