import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quarters } from '../support/pictures.js';
import { tmpDir } from '../support/tmp-dir.js';
import { type UploadResult, useSdk } from './use-sdk.js';

const fixture = useSdk({ env: { COUNTERSEAL_FETCH_ALLOW: '127.0.0.0/8' } });
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

let folder: Awaited<ReturnType<typeof tmpDir>>;
let picture: Buffer;
let path: string;
const remote = createServer((_req, res) => res.end(picture));

beforeAll(async () => {
  picture = await quarters(241, 51);
  folder = await tmpDir();
  path = join(folder.path, 'logo.png');
  await writeFile(path, picture);
  await new Promise<void>((resolve) => remote.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  remote.close();
  await folder.remove();
});

const throughStream = (options: Record<string, unknown>, bytes: Buffer) =>
  new Promise<UploadResult>((resolve, reject) => {
    const stream = fixture.sdk.uploader.upload_stream(options, (error, result) =>
      result === undefined ? reject(error) : resolve(result),
    );
    pipeline(Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]), stream).catch(reject);
  });

const forms: readonly (readonly [string, () => Promise<UploadResult>])[] = [
  ['a path', () => fixture.sdk.uploader.upload(path)],
  ['a data URI', () => fixture.sdk.uploader.upload(`data:image/png;base64,${picture.toString('base64')}`)],
  [
    'a remote address',
    () => fixture.sdk.uploader.upload(`http://127.0.0.1:${(remote.address() as AddressInfo).port}/logo.png`),
  ],
  ['a stream', () => throughStream({}, picture)],
  [
    'a buffer',
    () =>
      new Promise((resolve, reject) => {
        fixture.sdk.uploader
          .upload_stream((error, result) => (result === undefined ? reject(error) : resolve(result)))
          .end(picture);
      }),
  ],
  [
    'upload_large of a small file',
    () =>
      new Promise((resolve, reject) => {
        // Its promise is one of a stream; the answer comes to the callback only.
        fixture.sdk.uploader.upload_large(path, { resource_type: 'image' }, (error, result) =>
          result === undefined ? reject(error) : resolve(result),
        );
      }),
  ],
  ['resource_type auto', () => fixture.sdk.uploader.upload(path, { resource_type: 'auto' })],
];

describe('a file, sent as', () => {
  it.each(forms)('%s, is stored and delivered byte for byte', async (_, upload) => {
    const result = await upload();
    expect(result).toMatchObject({
      width: 241,
      height: 51,
      format: 'png',
      resource_type: 'image',
      type: 'upload',
      bytes: picture.byteLength,
      etag: md5(picture),
      tags: [],
    });
    expect(result.public_id).toMatch(/^[a-z0-9]{20}$/);
    expect((await fixture.get(result.secure_url)).bytes).toEqual(picture);
    expect(fixture.url(result.public_id, { version: result.version, format: 'png' })).toBe(result.secure_url);
  });
});

describe('raw', () => {
  it('keeps its extension in the public id and has no width or height', async () => {
    const text = Buffer.from('any bytes at all\n');
    const file = join(folder.path, 'notes.txt');
    await writeFile(file, text);
    const result = await fixture.sdk.uploader.upload(file, { resource_type: 'raw' });
    expect(result.public_id).toMatch(/^[a-z0-9]{20}\.txt$/);
    expect(result.etag).toBe(md5(text));
    expect(Object.keys(result)).not.toEqual(expect.arrayContaining(['width']));
    expect(Object.keys(result)).not.toEqual(expect.arrayContaining(['height']));
    const address = fixture.url(result.public_id, { resource_type: 'raw', version: result.version });
    expect(address).toBe(result.secure_url);
    expect((await fixture.get(address)).bytes).toEqual(text);
  });

  it('takes a picture as it is, too', async () => {
    const result = await fixture.sdk.uploader.upload(path, {
      resource_type: 'raw',
      use_filename: true,
      unique_filename: false,
    });
    expect(result).toMatchObject({ public_id: 'logo.png', resource_type: 'raw', bytes: picture.byteLength });
    expect('width' in result).toBe(false);
  });
});

describe('the name of the file', () => {
  it('of a remote address is its last path segment', async () => {
    const { port } = remote.address() as AddressInfo;
    const result = await fixture.sdk.uploader.upload(`http://127.0.0.1:${port}/some/dir/remote-name.png`);
    expect(result.original_filename).toBe('remote-name');
  });

  it('of a stream is what the SDK calls it', async () => {
    expect((await throughStream({}, picture)).original_filename).toBe('file');
    expect((await throughStream({ filename: '/some/dir/given.png' }, picture)).original_filename).toBe(
      'given',
    );
  });
});
