import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import {
  blue,
  distance,
  green,
  halfTransparent,
  plain,
  quarters,
  type Rgb,
  readPixels,
  red,
  white,
  yellow,
} from '../support/pictures.js';
import { useServer } from '../support/use-server.js';

/** Derivatives made on the way out (transformations reference, sections 1.7 to 1.12, 2 and 3). */

const server = useServer();
const client = createClient(server);
const sources = [
  [640, 427],
  [600, 900],
  [100, 67],
  [300, 200],
  [400, 400],
] as const;

beforeAll(async () => {
  for (const [width, height] of sources)
    await client.upload({ bytes: await quarters(width, height) }, { public_id: `q${width}` });
  await client.upload({ bytes: await halfTransparent(40, 20) }, { public_id: 'half' });
  await client.upload({ bytes: await plain(40, 20, { format: 'jpg' }) }, { public_id: 'photo' });
  await client.upload({ bytes: Buffer.from('words') }, { public_id: 'words.txt' }, { resourceType: 'raw' });
});

const get = (transformation: string, file = 'q640.png', headers: Readonly<Record<string, string>> = {}) =>
  client.deliver(`/demo/image/upload/${transformation}/${file}`, headers);
const pixels = async (transformation: string, file?: string) => {
  const answer = await get(transformation, file);
  expect([transformation, answer.status, answer.headers['x-cld-error']]).toEqual([
    transformation,
    200,
    undefined,
  ]);
  return readPixels(answer.bytes);
};

/** From the size cases of the transformations reference, one or two of each kind. */
const sizes: readonly (readonly [source: number, transformation: string, width: number, height: number])[] = [
  [640, 'c_scale,fl_ignore_aspect_ratio,h_150', 640, 150],
  [640, 'w_320,h_100', 320, 100],
  [600, 'c_scale,h_300', 200, 300],
  [600, 'c_scale,w_0.5', 300, 450],
  [640, 'c_fit,h_150,w_150', 150, 100],
  [100, 'c_fit,w_300,h_300', 300, 201],
  [640, 'c_limit,h_150,w_150', 150, 100],
  [640, 'c_limit,h_1000,w_1000', 640, 427],
  [640, 'c_mfit,h_20,w_20', 640, 427],
  [100, 'c_mfit,w_200,h_200', 200, 134],
  [640, 'c_fill,g_east,h_150,w_150', 150, 150],
  [600, 'ar_16:9,c_fill,w_320', 320, 180],
  [400, 'c_fill,g_auto,w_120,h_63', 120, 63],
  [600, 'ar_1:1,c_lfill,w_400', 400, 400],
  [640, 'b_brown,c_pad,h_150,w_150', 150, 150],
  [640, 'b_green,c_lpad,h_150,w_400', 400, 150],
  [100, 'b_green,c_mpad,h_200,w_200', 200, 200],
  [640, 'c_mpad,h_20,w_20', 640, 427],
  [400, 'c_crop,g_south_east,w_300,h_90', 300, 90],
  [640, 'c_thumb,g_center,h_90,w_120', 120, 90],
  [100, 'c_auto,g_auto,w_400,h_300', 400, 300],
  [300, 'c_scale,h_30/dpr_2.0', 90, 60],
  [640, 'a_-90', 427, 640],
  [640, 'c_scale,w_400/a_90', 267, 400],
  [640, 'c_fill,h_400,w_400/c_scale,w_100', 100, 100],
  [640, 'ar_1.0,c_fill,h_250/bo_5px_solid_lightblue', 260, 260],
  [600, 'c_fit,w_300,h_300/c_pad,w_300,h_300,b_white', 300, 300],
];

describe('sizes', () => {
  it.each(sizes)('of q%i %s', async (source, transformation, width, height) => {
    expect(await pixels(transformation, `q${source}.png`)).toMatchObject({ width, height });
  });
});

const corners = (width: number, height: number) => [
  [1, 1],
  [width - 2, 1],
  [1, height - 2],
  [width - 2, height - 2],
];

describe('pixels', () => {
  it.each<[string, Rgb, Rgb, Rgb, Rgb]>([
    ['c_scale,w_100,h_100', red, green, blue, yellow],
    ['c_fill,w_100,h_100', red, green, blue, yellow],
    ['c_fill,w_100,h_100,g_west', red, green, blue, yellow],
    ['c_crop,w_100,h_100,g_north_west', red, red, red, red],
    ['c_crop,w_100,h_100,g_north_east', green, green, green, green],
    ['c_crop,w_100,h_100,g_south_west', blue, blue, blue, blue],
    ['c_crop,w_100,h_100,x_500,y_300', yellow, yellow, yellow, yellow],
    ['c_pad,w_100,h_300,b_rgb:14c814', green, green, green, green],
    ['c_scale,w_100,h_100/a_90', blue, red, yellow, green],
    ['c_scale,w_100,h_100/a_hflip', green, red, yellow, blue],
    ['c_scale,w_100,h_100/a_vflip.hflip', yellow, blue, green, red],
    ['c_scale,w_100,h_100/bo_10px_solid_rgb:1414dc', blue, blue, blue, blue],
  ])('%s', async (transformation, ...wanted) => {
    const picture = await pixels(transformation);
    for (const [index, [x = 0, y = 0]] of corners(picture.width, picture.height).entries())
      expect(distance(picture.at(x, y), wanted[index] ?? white)).toBeLessThanOrEqual(12);
  });

  it('effects change them as they say', async () => {
    const grey = await pixels('c_scale,w_40/e_grayscale');
    const colour = grey.at(2, 2);
    expect(Math.max(...colour.slice(0, 3)) - Math.min(...colour.slice(0, 3))).toBeLessThanOrEqual(2);
    const negative = await pixels('c_scale,w_40/e_negate');
    expect(
      distance(
        negative.at(2, 2),
        red.map((channel) => 255 - channel),
      ),
    ).toBeLessThanOrEqual(6);
  });

  it('transparency becomes white in a format without it, or the background asked for', async () => {
    expect((await pixels('c_scale,w_40', 'half.png')).at(38, 10)).toEqual(expect.arrayContaining([0]));
    expect(distance((await pixels('c_scale,w_40', 'half.jpg')).at(38, 10), white)).toBeLessThanOrEqual(4);
    expect(
      distance((await pixels('b_rgb:14c814,c_scale,w_40', 'half.jpg')).at(38, 10), green),
    ).toBeLessThanOrEqual(12);
    expect(distance((await pixels('c_scale,w_40', 'half.jpg')).at(2, 10), red)).toBeLessThanOrEqual(12);
  });

  it('round corners are transparent', async () => {
    const round = await pixels('c_fill,w_60,h_60,r_max');
    expect([round.hasAlpha, round.at(0, 0)[3], round.at(30, 30)[3]]).toEqual([true, 0, 255]);
  });
});

describe('formats', () => {
  it.each([
    ['f_jpg', 'image/jpeg'],
    ['f_webp', 'image/webp'],
    ['f_png', 'image/png'],
    ['f_gif', 'image/gif'],
    ['f_avif,c_scale,w_32', 'image/avif'],
  ])('%s wins over the extension', async (transformation, type) => {
    const answer = await get(transformation);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
    expect(answer.headers.vary).toBeUndefined();
  });

  it.each([
    ['image/avif,image/webp,*/*', 'image/avif'],
    ['image/webp,*/*', 'image/webp'],
    ['image/avif;q=0,image/webp', 'image/webp'],
    ['*/*', 'image/png'],
  ])('f_auto for %s', async (accept, type) => {
    const answer = await get('c_scale,w_64/f_auto', 'q640.png', { Accept: accept });
    expect([answer.status, answer.headers['content-type'], answer.headers.vary]).toEqual([
      200,
      type,
      'Accept',
    ]);
  });

  it('f_auto keeps answers for different clients apart', async () => {
    for (const accept of ['image/webp', '*/*', 'image/webp', '*/*']) {
      const answer = await get('c_scale,w_48/f_auto', 'q640.png', { Accept: accept });
      expect(answer.headers['content-type']).toBe(accept === '*/*' ? 'image/png' : 'image/webp');
    }
  });

  it('q_auto and q_N change the number of bytes, not the size', async () => {
    const bytes = async (quality: string) => (await get(`c_scale,w_200,${quality}`, 'q640.jpg')).bytes.length;
    const [low, good, high] = [await bytes('q_10'), await bytes('q_auto'), await bytes('q_100')];
    expect(low).toBeLessThan(good);
    expect(good).toBeLessThan(high);
  });

  it('dpr_auto follows the client and says so', async () => {
    const answer = await get('c_scale,w_20,dpr_auto', 'q640.png', { DPR: '2' });
    expect((await readPixels(answer.bytes)).width).toBe(40);
    expect(String(answer.headers.vary).toLowerCase()).toContain('dpr');
    expect((await pixels('c_scale,w_20,dpr_auto')).width).toBe(20);
  });
});

describe('named and repeated', () => {
  it('a named transformation, alone, joined and in a chain', async () => {
    const create = (name: string, transformation: string) =>
      client.admin('POST', 'transformations', { name, transformation });
    await create('small', 'c_scale,w_100');
    await create('square', 'c_crop,h_20,w_20');
    expect(await pixels('t_small')).toMatchObject({ width: 100, height: 67 });
    expect(await pixels('t_small.square')).toMatchObject({ width: 20, height: 20 });
    expect(await pixels('t_small/c_scale,w_50')).toMatchObject({ width: 50 });
  });

  it('the same derivative in another spelling is the same bytes', async () => {
    const [first, second] = [await get('c_fill,h_30,w_40'), await get('w_40,h_30,c_fill')];
    expect(first.headers.etag).toBe(second.headers.etag);
  });

  it('many equal requests at once get one answer', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => get('c_fill,h_33,w_44,e_sepia')));
    expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.etag}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(200);
  });
});

describe('refused, by name', () => {
  it.each<[string, number, string]>([
    ['w_abc', 400, 'Invalid width in transformation: abc'],
    ['w_0', 400, 'Invalid width in transformation: 0'],
    ['c_nope,w_10', 400, 'Invalid crop in transformation: nope'],
    ['zz_1', 400, 'Invalid Transformation'],
    ['f_nope', 400, 'Invalid extension in transformation: nope'],
    ['t_nope', 400, 'Unknown transformation nope'],
    ['c_scale,g_auto,w_10', 400, 'Use auto gravity only with crop, fill, lfill, fill_pad or thumb'],
    ['l_logo', 400, 'Unsupported layer in transformation: logo'],
    ['u_logo', 400, 'Unsupported underlay in transformation: logo'],
    ['if_w_gt_100', 400, 'Unsupported condition in transformation: w_gt_100'],
    ['$size_100', 400, 'Unsupported variable in transformation: size_100'],
    ['c_fill_pad,g_auto,w_10,h_10', 400, 'Unsupported crop in transformation: fill_pad'],
    ['pg_2', 400, 'Unsupported page in transformation: 2'],
    ['d_missing.png', 400, 'Unsupported default image in transformation: missing.png'],
    ['so_1', 400, 'Unsupported start offset in transformation: 1'],
    [
      'w_90000,h_90000',
      400,
      'Image is too large: the result would have 90000 x 90000 pixels. Maximum is 16384 a side and 64000000 in all frames',
    ],
  ])('%s', async (transformation, status, message) => {
    const answer = await get(transformation);
    expect([answer.status, answer.headers['x-cld-error']]).toEqual([status, message]);
    expect(answer.bytes.length).toBe(0);
    expect(answer.headers['cache-control']).toBe('private, no-cache, max-age=0');
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });

  it('a raw file is not transformed', async () => {
    const answer = await client.deliver('/demo/raw/upload/w_10/words.txt');
    expect(answer.status).toBe(400);
    expect(answer.headers['x-cld-error']).toMatch(/^Unsupported .* in transformation: w_10$/);
  });
});
