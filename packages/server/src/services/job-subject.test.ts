import { describe, expect, it } from 'vitest';
import { uploadSubject } from './job-subject.js';
import type { NamingRequest } from './name-asset.js';
import { nothing } from './naming.test-support.js';
import type { UploadCommand } from './upload-command.js';

const command: UploadCommand = {
  cloud: 'demo',
  resourceType: 'image',
  type: 'upload',
  naming: nothing,
  overwrite: true,
  tags: [],
  context: {},
  faceCoordinates: [],
  customCoordinates: [],
  allowedFormats: [],
  format: null,
  transformation: null,
  eager: [],
  eagerAsync: false,
  returnDeleteToken: false,
  analyse: { colors: false, phash: false, metadata: false },
  apiKey: null,
  signatureUse: null,
};

const byFilename = { useFilename: true, uniqueFilename: false };

describe('uploadSubject', () => {
  it.each<[string, Partial<NamingRequest>, Partial<UploadCommand>, string | null]>([
    ['a public id', { publicId: 'cat' }, {}, 'demo/upload/cat'],
    ['a public id in a folder', { publicId: 'cat', folder: 'pets' }, {}, 'demo/upload/pets/cat'],
    ['one of raw', { publicId: 'cat' }, { resourceType: 'raw' }, 'demo/upload/cat'],
    ['one of a kind still unknown', { publicId: 'cat' }, { resourceType: 'auto' }, 'demo/upload/cat'],
    ['one of another type', { publicId: 'cat' }, { type: 'private' }, 'demo/private/cat'],
    ['the name of the file', byFilename, {}, 'demo/upload/photo'],
    ['the name of a raw file', byFilename, { resourceType: 'raw' }, 'demo/upload/photo.png'],
    ['a name that stands for it', { ...byFilename, filenameOverride: 'b.gif' }, {}, 'demo/upload/b'],
    ['a name with a random end', { useFilename: true }, {}, null],
    ['nothing', {}, {}, null],
  ])('is what %s decides', (_, changes, rest, subject) => {
    const uploaded = { stem: 'photo', extension: 'png' };
    expect(
      uploadSubject({ ...command, naming: { ...nothing, ...changes }, ...rest }, uploaded, 'fixed'),
    ).toBe(subject);
  });

  it('is none where the name of the file decides and it has none', () => {
    expect(uploadSubject({ ...command, naming: { ...nothing, ...byFilename } }, null, 'fixed')).toBeNull();
  });

  it('refuses an upload that could never be stored', () => {
    const displayName = { publicId: 'cat', displayName: 'a/b' };
    expect(() =>
      uploadSubject({ ...command, naming: { ...nothing, ...displayName } }, null, 'fixed'),
    ).toThrow('slashes');
  });
});
