import { describe, expect, it } from 'vitest';
import { blue, distance, green, plain, quarters, readPixels, red, yellow } from '../support/pictures.js';
import { errorOf, type UploadResult, useSdk } from './use-sdk.js';

const fixture = useSdk();
const dataUri = (bytes: Buffer, mime = 'image/png') => `data:${mime};base64,${bytes.toString('base64')}`;
const picture = await quarters(240, 160);
const upload = (options: Record<string, unknown> = {}, bytes = picture): Promise<UploadResult> =>
  fixture.sdk.uploader.upload(dataUri(bytes), options);
const stream = (options: Record<string, unknown>) =>
  new Promise<UploadResult>((resolve, reject) => {
    fixture.sdk.uploader
      .upload_stream(options, (error, result) => (result === undefined ? reject(error) : resolve(result)))
      .end(picture);
  });

describe('naming', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['public_id', { public_id: 'cat' }, { public_id: 'cat', display_name: 'cat' }],
    ['public_id in folders', { public_id: 'a/b/cat' }, { public_id: 'a/b/cat', folder: 'a/b' }],
    ['folder', { public_id: 'cat', folder: 'pets' }, { public_id: 'pets/cat', folder: 'pets' }],
    ['public_id_prefix', { public_id: 'cat', public_id_prefix: 'pre' }, { public_id: 'pre/cat' }],
    ['asset_folder', { public_id: 'placed', asset_folder: 'shelf' }, { asset_folder: 'shelf' }],
    ['display_name', { public_id: 'shown', display_name: 'A cat' }, { display_name: 'A cat' }],
    [
      'an exact file name',
      { use_filename: true, unique_filename: false, filename: 'dir/logo.png' },
      { public_id: 'logo' },
    ],
    [
      'a unique file name',
      { use_filename: true, filename: 'logo.png' },
      { public_id: expect.stringMatching(/^logo_[a-zA-Z0-9]{6}$/) },
    ],
    [
      'filename_override',
      { use_filename: true, unique_filename: false, filename_override: 'other.png' },
      { public_id: 'other', original_filename: 'other' },
    ],
    ['Unicode', { public_id: 'früh/犬 und 猫' }, { public_id: 'früh/犬 und 猫' }],
  ])('by %s', async (_, options, expected) => {
    const result = await stream(options);
    expect(result).toMatchObject(expected);
    expect((await fixture.get(result.secure_url)).bytes).toEqual(picture);
    const built = fixture.url(result.public_id, { version: result.version, format: 'png' });
    expect((await fixture.get(built)).status).toBe(200);
  });
});

describe('classification', () => {
  it('keeps tags and context, and gives them back by details', async () => {
    const context = { alt: 'a=b|c', title: 'plain' };
    const result = await upload({ public_id: 'described', tags: ['up_test', 't1'], context });
    expect(result.tags).toEqual(['up_test', 't1']);
    expect(result.context).toEqual({ custom: context });
    const details = await fixture.sdk.api.resource('described', { context: true });
    expect(details.tags).toEqual(['t1', 'up_test']);
    expect(details.context).toEqual({ custom: context });
  });

  it('leaves out tags and context that are not there', async () => {
    await upload({ public_id: 'plain' });
    const details = await fixture.sdk.api.resource('plain');
    expect('tags' in details).toBe(false);
    expect('context' in details).toBe(false);
  });

  it('takes a backslash in context as it is, except before = and |', async () => {
    const result = await upload({ context: 'a=valu\\e2|b=val\\=ue' });
    expect(result.context).toEqual({ custom: { a: 'valu\\e2', b: 'val=ue' } });
  });
});

describe('overwriting', () => {
  it('keeps the asset id, raises the version and says so', async () => {
    const first = await upload({ public_id: 'twice' });
    const second = await upload({ public_id: 'twice' }, await plain(20, 20));
    expect(second).toMatchObject({ asset_id: first.asset_id, overwritten: true, width: 20 });
    expect(second.version).toBeGreaterThan(first.version);
  });

  it('can be declined: the old asset comes back', async () => {
    const first = await upload({ public_id: 'kept' });
    const second = await upload({ public_id: 'kept', overwrite: false }, await plain(20, 20));
    expect(second).toMatchObject({
      existing: true,
      asset_id: first.asset_id,
      version: first.version,
      width: 240,
    });
  });
});

describe('eager', () => {
  it('makes what the SDK would address, at the size asked for', async () => {
    const transformations = [
      { width: 60, height: 40, crop: 'fill', gravity: 'north' },
      { width: 0.5, crop: 'crop', format: 'jpg' },
      { width: 100, height: 100, crop: 'pad', background: 'white', format: 'webp' },
    ];
    const result = await upload({ public_id: 'eager/one', eager: transformations });
    expect(result.eager.map((one: { transformation: string }) => one.transformation)).toEqual([
      'c_fill,g_north,h_40,w_60',
      'c_crop,w_0.5/jpg',
      'b_white,c_pad,h_100,w_100/webp',
    ]);
    for (const [index, { format = 'png', ...transformation }] of transformations.entries()) {
      const eager = result.eager[index];
      const { version } = result;
      expect(eager.secure_url).toBe(fixture.url('eager/one', { ...transformation, version, format }));
      const { status, bytes, type } = await fixture.get(eager.secure_url);
      expect([status, bytes.byteLength]).toEqual([200, eager.bytes]);
      expect(type).toBe(`image/${format === 'jpg' ? 'jpeg' : format}`);
      const pixels = await readPixels(bytes);
      expect([pixels.width, pixels.height]).toEqual([eager.width, eager.height]);
    }
    const details = await fixture.sdk.api.resource('eager/one');
    expect(details.derived).toHaveLength(3);
  });

  it('of an async kind is answered as under way, and delivers', async () => {
    const result = await upload({ eager: [{ width: 30, crop: 'scale' }], eager_async: true });
    expect(result.eager[0]).toMatchObject({ status: 'processing' });
    expect(result.batch_id).toMatch(/^[0-9a-f]{32,64}$/);
    expect((await fixture.get(result.eager[0].secure_url)).status).toBe(200);
  });
});

describe('before storing', () => {
  it('applies an incoming transformation', async () => {
    const result = await upload({ transformation: [{ width: 120, crop: 'scale' }, { angle: 90 }] });
    expect([result.width, result.height]).toEqual([80, 120]);
    expect((await readPixels((await fixture.get(result.secure_url)).bytes)).width).toBe(80);
  });

  it('converts', async () => {
    const result = await upload({ format: 'jpg' });
    expect(result.format).toBe('jpg');
    expect((await readPixels((await fixture.get(result.secure_url)).bytes)).format).toBe('jpeg');
  });

  it('refuses a format that is not allowed, or converts to one that is', async () => {
    expect(await errorOf(upload({ allowed_formats: ['jpg'] }))).toEqual({
      http_code: 400,
      message: 'Image file format png not allowed',
    });
    expect((await upload({ allowed_formats: ['jpg'], format: 'jpg' })).format).toBe('jpg');
    expect((await upload({ allowed_formats: ['png', 'jpg'], format: 'jpg' })).format).toBe('png');
  });
});

describe('coordinates', () => {
  it('of a face are clipped, returned, and used by g_face', async () => {
    const result = await upload({ public_id: 'face', face_coordinates: [[120, 80, 500, 150]] });
    expect(result.faces).toEqual([[120, 80, 120, 80]]);
    const address = fixture.url('face', {
      crop: 'crop',
      gravity: 'face',
      width: 60,
      height: 40,
      format: 'png',
    });
    expect(distance((await readPixels((await fixture.get(address)).bytes)).at(30, 20), yellow)).toBeLessThan(
      8,
    );
    const details = await fixture.sdk.api.resource('face', { coordinates: true });
    expect(details.coordinates).toEqual({ faces: [[120, 80, 120, 80]] });
  });

  it.each([
    ['upper left', [0, 0, 120, 80], red],
    ['upper right', [120, 0, 120, 80], green],
    ['lower left', [0, 80, 120, 80], blue],
  ] as const)('of one’s own, %s, are what g_custom crops to', async (name, rectangle, color) => {
    const public_id = `custom/${name.replace(' ', '-')}`;
    await upload({ public_id, custom_coordinates: rectangle.join(',') });
    const address = fixture.url(public_id, { crop: 'crop', gravity: 'custom', format: 'png' });
    const pixels = await readPixels((await fixture.get(address)).bytes);
    expect([pixels.width, pixels.height]).toEqual([120, 80]);
    expect(distance(pixels.at(60, 40), color)).toBeLessThan(8);
  });
});

describe('analysis', () => {
  it('is there when asked for', async () => {
    const result = await upload({ colors: true, phash: true, media_metadata: true }, await plain(30, 20));
    expect(result.colors?.[0]?.[0]).toBe('#DC1414');
    expect(result.predominant.google[0][0]).toBe('red');
    expect(result.phash).toMatch(/^[0-9a-f]{16}$/);
    expect(result.image_metadata ?? result.media_metadata).toBeTypeOf('object');
    const bare = await upload();
    for (const key of ['colors', 'phash', 'image_metadata']) expect(key in bare).toBe(false);
  });
});
