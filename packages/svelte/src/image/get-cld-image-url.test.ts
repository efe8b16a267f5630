import { describe, expect, test } from 'vitest';
import type { CloudinaryConfig } from '../cloudinary-config.js';
import { type CldImageOptions, getCldImageUrl } from './get-cld-image-url.js';

const cloud: CloudinaryConfig = { cloud: { cloudName: 'demo' } };
const host = 'https://res.cloudinary.com/demo';
const url = (options: CldImageOptions, config: CloudinaryConfig = {}) =>
  getCldImageUrl(options, { ...cloud, ...config });

/** widgets reference, section 3.6 */
describe('the table of the reference', () => {
  test.each<[string, CldImageOptions, CloudinaryConfig, string]>([
    [
      'a width',
      { src: 'folder/cat', width: 400 },
      {},
      `${host}/image/upload/c_limit,w_400/f_auto/q_auto/v1/folder/cat`,
    ],
    [
      'width and height: filled, from the source',
      { src: 'folder/cat', width: 400, height: 300 },
      {},
      `${host}/image/upload/c_fill,w_400,h_300,g_center/c_limit,w_400/f_auto/q_auto/v1/folder/cat`,
    ],
    [
      'format and quality of the original',
      { src: 'folder/cat', width: 400, format: 'default', quality: 'default' },
      {},
      `${host}/image/upload/c_limit,w_400/v1/folder/cat`,
    ],
    [
      'another host',
      { src: 'cat' },
      { url: { secureDistribution: 'media.example.com' } },
      'https://media.example.com/demo/image/upload/f_auto/q_auto/v1/cat',
    ],
    [
      'another host of one cloud',
      { src: 'cat' },
      { url: { secureDistribution: 'media.example.com', privateCdn: true } },
      'https://media.example.com/image/upload/f_auto/q_auto/v1/cat',
    ],
    [
      'plain HTTP at home',
      { src: 'cat' },
      { url: { secure: false, cname: 'localhost:8787' } },
      'http://localhost:8787/demo/image/upload/f_auto/q_auto/v1/cat',
    ],
    [
      'a delivery URL: id and version are kept',
      { src: 'https://old.example.com/other/image/upload/c_fill,w_10/v123/folder/cat.jpg', width: 400 },
      {},
      `${host}/image/upload/c_limit,w_400/f_auto/q_auto/v123/folder/cat`,
    ],
    ['a video', { src: 'cat', assetType: 'video' }, {}, `${host}/video/upload/f_auto/q_auto/v1/cat`],
    [
      'fetched from elsewhere',
      { src: 'https://example.com/a/b.jpg', deliveryType: 'fetch' },
      {},
      `${host}/image/fetch/f_auto/q_auto/v1/https://example.com/a/b.jpg`,
    ],
  ])('%s', (_, options, config, expected) => {
    expect(url(options, config)).toBe(expected);
  });

  /** Tokens as url-loader 5.11 makes them, which svelte-cloudinary 2.3.1 uses. */
  test.each([
    [false, ''],
    [{ sdkCode: 'A', sdkSemver: '1.24.0', techVersion: '12.0.0' }, '?_a=BAAAlhAM0'],
    [{ sdkCode: 'A', sdkSemver: '43.21.26', techVersion: '0.0' }, '?_a=BAA///AA0'],
    [{ sdkCode: 'E', sdkSemver: '2.3.1', techVersion: '5.57.3', product: 'B' }, '?_a=E'],
  ] as const)('analytics %j', (analytics, query) => {
    expect(getCldImageUrl({ src: 'cat' }, cloud, analytics)).toBe(
      `${host}/image/upload/f_auto/q_auto/v1/cat${query}`,
    );
  });

  test('no analytics unless they are asked for', () => {
    expect(url({ src: 'cat' })).not.toContain('?');
  });
});

describe('beyond the table', () => {
  test.each<[string, CldImageOptions, string]>([
    [
      'a crop by its name',
      { src: 'cat', width: 4, height: 3, crop: 'fill' },
      'c_fill,w_4,h_3,g_auto/f_auto/q_auto',
    ],
    [
      'with gravity',
      { src: 'cat', width: 4, height: 3, crop: 'pad', gravity: 'north' },
      'c_pad,w_4,h_3,g_north/f_auto/q_auto',
    ],
    [
      'an aspect ratio',
      { src: 'cat', width: 4, aspectRatio: '16:9', crop: 'fill' },
      'c_fill,ar_16:9,w_4,g_auto/f_auto/q_auto',
    ],
    [
      'a part of the source first',
      {
        src: 'cat',
        width: 40,
        height: 30,
        crop: { type: 'crop', x: 1, y: 2, width: 80, height: 60, source: true },
      },
      'c_crop,w_80,h_60,x_1,y_2/c_limit,w_40/f_auto/q_auto',
    ],
    [
      'crops in turn',
      {
        src: 'cat',
        crop: [
          { type: 'crop', width: 80 },
          { type: 'scale', width: 40 },
        ],
      },
      'c_crop,w_80,g_auto/c_scale,w_40/f_auto/q_auto',
    ],
    [
      'components of its own',
      { src: 'cat', width: 4, rawTransformations: ['e_sepia', 'f_png'], dpr: 2, quality: 80 },
      'e_sepia/f_png/c_limit,w_4/dpr_2.0/q_80',
    ],
  ])('%s', (_, options, transformation) => {
    expect(url(options)).toBe(`${host}/image/upload/${transformation}/v1/cat`);
  });

  test('images come from where uploads go, unless another host is given', () => {
    const apiUrl = 'http://127.0.0.1:8420/';
    expect(url({ src: 'cat' }, { apiUrl })).toBe(
      'http://127.0.0.1:8420/demo/image/upload/f_auto/q_auto/v1/cat',
    );
    expect(url({ src: 'cat' }, { apiUrl, url: { secureDistribution: 'cdn.example' } })).toContain(
      'https://cdn.example/demo/',
    );
  });

  test('a URL of a host of one cloud', () => {
    const src = 'https://demo-res.example.com/image/upload/c_fill,w_10/v9/cat.jpg';
    expect(url({ src, version: 7 })).toBe(`${host}/image/upload/f_auto/q_auto/v7/cat`);
  });

  test('refused: no cloud name, and what is not built', () => {
    expect(() => getCldImageUrl({ src: 'cat' })).toThrow('A cloud name is missing');
    expect(() => url({ src: 'cat', removeBackground: true } as CldImageOptions)).toThrow('removeBackground');
  });
});
