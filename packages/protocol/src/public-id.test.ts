import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCloudName } from './cloud-name.js';
import { isPublicId, MAX_PUBLIC_ID_LENGTH, normalisePublicId, publicIdFromFilename } from './public-id.js';

describe('isPublicId', () => {
  it.each([
    'a',
    'folder/sub folder/name.v2',
    'my_dir/x',
    'v12',
    'folder/v12',
    'vx/1',
    'it\'s (1) [2] {3} !*,;:=@$^~|"`',
    'üñí/日本語/😀',
    'a...b/.hidden/..c',
    'x'.repeat(MAX_PUBLIC_ID_LENGTH),
    '😀'.repeat(MAX_PUBLIC_ID_LENGTH),
  ])('accepts %.40s', (id) => expect(isPublicId(id)).toBe(true));

  it.each([
    ['', 'empty'],
    ['x'.repeat(MAX_PUBLIC_ID_LENGTH + 1), 'too long'],
    ['😀'.repeat(MAX_PUBLIC_ID_LENGTH + 1), 'too long'],
    [' a', 'leading space'],
    ['a ', 'trailing space'],
    ['/a', 'leading slash'],
    ['a/', 'trailing slash'],
    ['a//b', 'empty segment'],
    ['a/./b', 'dot segment'],
    ['../a', 'dot dot segment'],
    ['a/..', 'dot dot segment'],
    ['v12/a', 'version as folder'],
    ['a/v1/b', 'version as folder'],
    ['victim&timestamp=1', 'ampersand (threat model S7)'],
    ...[...'?&#\\%<>+'].map((character): [string, string] => [`a${character}b`, 'documented as forbidden']),
    ['a\0b', 'NUL'],
    ['a\nb', 'line feed'],
    ['a\x7fb', 'DEL'],
    ['a\x85b', 'C1 control'],
    ['a\u202eb', 'bidi override'],
    ['a\u2066b', 'bidi isolate'],
    ['a\u200fb', 'right-to-left mark'],
    ['a\u2028b', 'line separator'],
    ['a\ud800b', 'lone surrogate'],
    ['e\u0301', 'not NFC'],
  ] as [string, string][])('refuses %j: %s', (id) => expect(isPublicId(id)).toBe(false));

  it('makes twins one (threat model T12)', () => {
    expect(normalisePublicId('e\u0301')).toBe('\u00e9');
    expect(normalisePublicId('a/../b')).toBeNull();
  });
});

describe('publicIdFromFilename', () => {
  it.each([
    ['my photo', 'my_photo'],
    ['/some/dir/logo', 'logo'],
    ['C:\\dir\\Über & co', 'Über___co'],
    ['a.b-c_d', 'a.b-c_d'],
    ['..', '__'],
    ['', 'file'],
    ['  ', 'file'],
    ['😀', '_'],
  ])('%j -> %s', (name, id) => expect(publicIdFromFilename(name)).toBe(id));

  it('always gives a legal id', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => isPublicId(publicIdFromFilename(name))));
    expect(isPublicId(publicIdFromFilename('x'.repeat(5000)))).toBe(true);
  });
});

describe('isCloudName', () => {
  it.each(['demo', 'my-cloud-2', 'Ab', 'v2a', 'a'.repeat(128)])('accepts %.20s', (name) => {
    expect(isCloudName(name)).toBe(true);
  });

  it.each(['', 'a', '2a', '-a', 'a_b', 'a.b', 'a/b', 'ä1', 'v1_1', 'v2', 'V2', 'v10', 'a\n'])(
    'refuses %j',
    (name) => {
      expect(isCloudName(name)).toBe(false);
    },
  );

  it.each(['res', 'image', 'health', 'widgets', 'global', 'latest', 'sign', 'Res', 'a'.repeat(129)])(
    'refuses %.20s',
    (name) => expect(isCloudName(name)).toBe(false),
  );
});
