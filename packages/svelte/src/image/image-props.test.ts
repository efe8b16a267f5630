import { expect, test } from 'vitest';
import { imageAttributes } from './image-props.js';

const config = { cloudName: 'demo', apiUrl: 'https://media.example' };
const widthsOf = (srcset: string | null | undefined) =>
  [...(srcset ?? '').matchAll(/ (\d+)w/g)].map(([, width]) => Number(width));

test('one address for each width, up to twice its place; the height follows', () => {
  const made = imageAttributes(
    { src: 'cat', width: '400', height: 300, alt: 'A cat', class: 'round' },
    config,
  );
  expect(made).toMatchObject({
    ...{ width: 400, height: 300, alt: 'A cat', class: 'round', loading: 'lazy' },
    sizes: '(min-width: 400px) 400px, 100vw',
    src: 'https://media.example/demo/image/upload/c_fill,w_400,h_300,g_center/c_limit,w_400/f_auto/q_auto/v1/cat',
  });
  expect(widthsOf(made.srcset)).toEqual([320, 400, 640, 800]);
  expect(made.srcset).toContain('c_fill,w_800,h_600,g_center/');
});

test('without a width, as wide as the window', () => {
  const made = imageAttributes({ src: 'cat', alt: '', sizes: '50vw', loading: 'eager' }, config);
  expect(made).toMatchObject({ sizes: '50vw', loading: 'eager' });
  expect(made.width).toBeUndefined();
  expect(widthsOf(made.srcset)).toEqual([320, 640, 960, 1280, 1920, 2560, 3840]);
});

test('what is not built is no attribute', () => {
  expect(() => imageAttributes({ src: 'cat', alt: '', removeBackground: true }, config)).toThrow(
    'removeBackground',
  );
});
