import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { bmp, heic, ico } from '../support/odd-files.js';
import { blue, distance, green, quarters, type Rgb, readPixels, red, yellow } from '../support/pictures.js';
import type { Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** A photo as phones take it: 4032 x 3024 stored lying on its side, to be shown upright (EXIF orientation 6: turn right). */

const server = useServer();
const client = createClient(server);
let photo: Buffer;
let uploaded: UploadAnswer;

/** Stored red, green over blue, yellow; a quarter turn to the right shows blue, red over yellow, green. */
const upright = [blue, red, yellow, green] as const;

beforeAll(async () => {
  photo = await quarters(4032, 3024, { format: 'jpg', orientation: 6 });
  uploaded = (
    await client.upload(
      { bytes: photo, filename: 'IMG_0001.JPG' },
      { public_id: 'photo', eager: 'w_400,h_300,c_pad|w_260,h_200,c_crop', media_metadata: true },
    )
  ).json<UploadAnswer>();
});

async function expectCorners(bytes: Uint8Array, width: number, height: number, colors: readonly Rgb[]) {
  const picture = await readPixels(bytes);
  expect(picture).toMatchObject({ width, height });
  const inset = 3;
  const points = [
    [inset, inset],
    [width - 1 - inset, inset],
    [inset, height - 1 - inset],
    [width - 1 - inset, height - 1 - inset],
  ];
  const off = points.map(([x = 0, y = 0], index) => distance(picture.at(x, y), colors[index] ?? red));
  expect(Math.max(...off)).toBeLessThanOrEqual(24);
}

it('is answered upright and kept as it came', async () => {
  expect(uploaded).toMatchObject({
    width: 3024,
    height: 4032,
    format: 'jpg',
    bytes: photo.length,
    original_filename: 'IMG_0001',
  });
  const original = await client.deliver(uploaded.url);
  expect(original.bytes.equals(photo)).toBe(true);
});

describe('its derivatives are upright', () => {
  const cases: readonly (readonly [string, number, number, readonly Rgb[]])[] = [
    ['c_scale,w_300', 300, 400, upright],
    ['c_fill,h_300,w_300', 300, 300, upright],
    ['c_fill,g_north,h_100,w_300', 300, 100, [blue, red, blue, red]],
    ['c_fill,g_east,h_400,w_100', 100, 400, [red, red, green, green]],
    ['c_crop,g_north_west,h_500,w_500', 500, 500, [blue, blue, blue, blue]],
    ['c_crop,g_south_east,h_500,w_500', 500, 500, [green, green, green, green]],
    ['c_limit,w_200/a_90', 267, 200, [yellow, blue, green, red]],
    ['a_ignore,c_scale,w_400', 400, 300, [red, green, blue, yellow]],
  ];
  it.each(cases)('%s', async (transformation, width, height, colors) => {
    const answer = await client.deliver(`/demo/image/upload/${transformation}/photo.jpg`);
    expect([answer.status, answer.headers['x-cld-error']]).toEqual([200, undefined]);
    await expectCorners(answer.bytes, width, height, colors);
  });

  it('the documented eager pair', async () => {
    const [padded, cropped] = uploaded.eager ?? [];
    expect([padded?.width, padded?.height, cropped?.width, cropped?.height]).toEqual([400, 300, 260, 200]);
    const answer = await client.deliver(padded?.url ?? '');
    const picture = await readPixels(answer.bytes);
    expect(distance(picture.at(3, 150), [255, 255, 255])).toBeLessThanOrEqual(4);
    expect(distance(picture.at(200 - 100, 10), blue)).toBeLessThanOrEqual(24);
    expect(distance(picture.at(200 + 100, 290), green)).toBeLessThanOrEqual(24);
    const centre = await readPixels((await client.deliver(cropped?.url ?? '')).bytes);
    expect(distance(centre.at(3, 3), blue)).toBeLessThanOrEqual(24);
    expect(distance(centre.at(256, 196), green)).toBeLessThanOrEqual(24);
  });

  it('and carry no EXIF', async () => {
    const answer = await client.deliver('/demo/image/upload/c_scale,w_64/photo.jpg');
    expect(answer.bytes.includes('Exif')).toBe(false);
  });
});

it('upright is also what face coordinates and sizes count in', async () => {
  const answer = await client.upload(
    { bytes: photo },
    { public_id: 'faces', face_coordinates: '0,3500,400,1000', transformation: 'c_limit,w_1512' },
  );
  expect(answer.json()).toMatchObject({ width: 1512, height: 2016 });
});

describe('pictures that are stored and not decoded', () => {
  it.each<[string, () => Buffer, number, number]>([
    ['bmp', () => bmp(1400, 1400), 1400, 1400],
    ['bmp', () => bmp(20, -10), 20, 10],
    ['ico', () => ico(48), 48, 48],
    ['ico', () => ico(0), 256, 256],
    ['heic', () => heic(640, 480), 640, 480],
  ])('%s', async (format, make, width, height) => {
    const bytes = make();
    const answer = await client.upload({ bytes, filename: `x.${format}` });
    expect(answer.json()).toMatchObject({
      resource_type: 'image',
      format,
      width,
      height,
      bytes: bytes.length,
    });
    const { url } = answer.json<UploadAnswer>();
    const original = await client.deliver(url);
    expect([original.status, original.bytes.equals(bytes)]).toEqual([200, true]);

    const message = `Unsupported format in transformation: ${format} images cannot be transformed`;
    for (const address of [url.replace('/upload/', '/upload/c_scale,w_10/'), url.replace(/\.\w+$/, '.jpg')]) {
      const derived = await client.deliver(address);
      expect([derived.status, derived.headers['x-cld-error']]).toEqual([400, message]);
    }
    for (const params of [{ eager: 'w_10' }, { transformation: 'w_10' }, { format: 'jpg' }] as Params[]) {
      const refused = await client.upload({ bytes }, params);
      expect([refused.status, refused.message]).toEqual([400, message]);
    }
  });
});
