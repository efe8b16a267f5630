import { expect, test } from 'vitest';
import { transformationText } from './transformation-text.js';

test.each([
  ['w_1,h_2', 'w_1,h_2'],
  [{ width: 90, crop: 'fill', gravity: 'face' }, 'c_fill,g_face,w_90'],
  [[{ width: 90 }, { angle: 10 }, 'e_sepia'], 'w_90/a_10/e_sepia'],
  [{ aspect_ratio: 1.5, fetch_format: 'auto', w: 90, page: 2 }, 'ar_1.5,f_auto,pg_2,w_90'],
  [{ color_space: 'srgb', delay: 100, density: 72 }, 'cs_srgb,dl_100,dn_72'],
])('%j -> %s', (given, text) => {
  expect(transformationText(given)).toBe(text);
});
