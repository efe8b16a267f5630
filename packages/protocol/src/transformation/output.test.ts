import { describe, expect, it } from 'vitest';
import { plan } from './plan.test-support.js';
import type { ClientHints, SourceFacts } from './types.js';

const chrome = 'image/avif,image/webp,image/apng,image/*,*/*;q=0.8';
const hints = (accept: string, more: Partial<ClientHints> = {}): ClientHints => ({
  accept,
  dpr: null,
  saveData: false,
  ...more,
});

describe('format', () => {
  it.each([
    ['', 'jpg', undefined, undefined, 'jpg'],
    ['', 'svg', undefined, undefined, 'png'],
    ['', 'tiff', undefined, undefined, 'tiff'],
    ['', 'jpg', 'png', undefined, 'png'],
    ['', 'jpg', 'jpeg', undefined, 'jpg'],
    ['f_webp', 'jpg', 'png', undefined, 'webp'],
    ['f_webp/f_gif', 'jpg', undefined, undefined, 'gif'],
    ['f_auto', 'png', 'jpg', undefined, 'png'],
    ['f_auto', 'svg', undefined, undefined, 'png'],
    ['f_auto', 'tiff', undefined, undefined, 'jpg'],
    ['f_auto', 'jpg', undefined, chrome, 'avif'],
    ['f_auto', 'jpg', undefined, 'image/avif;q=0, image/WebP;q=0.9', 'webp'],
    ['f_auto', 'jpg', undefined, 'image/*, */*', 'jpg'],
    ['f_auto,w_4000', 'jpg', undefined, chrome, 'webp'],
    ['f_auto,w_16384,h_100', 'jpg', undefined, chrome, 'avif'],
    ['f_auto,w_16384,h_100', 'jpg', undefined, 'image/webp', 'jpg'],
    ['f_auto/r_max', 'tiff', undefined, '*/*', 'png'],
  ])('%s of %s, extension %s, Accept %s -> %s', (text, format, extension, accept, expected) => {
    const options = {
      ...(extension === undefined ? {} : { extension }),
      ...(accept === undefined ? {} : { hints: hints(accept) }),
    };
    expect(plan(text, { format }, options).output.format).toBe(expected);
  });

  it.each(['jxl', 'heic', 'svg', 'mp4', 'nonsense'])('refuses the extension %s', (extension) => {
    expect(() => plan('w_5', {}, { extension })).toThrow(`Invalid extension in transformation: ${extension}`);
  });
});

describe('animation', () => {
  it.each([
    ['', 'gif', undefined, 'gif', true],
    ['f_auto', 'gif', 'image/avif,image/webp', 'webp', true],
    ['f_auto', 'gif', '*/*', 'gif', true],
    ['f_auto', 'webp', 'image/avif,image/webp', 'webp', true],
    ['f_webp', 'gif', undefined, 'webp', false],
    ['f_jpg', 'gif', undefined, 'jpg', false],
    ['', 'tiff', undefined, 'tiff', false],
  ])('%s of %s, Accept %s -> %s, animated %s', (text, format, accept, expected, animated) => {
    const facts: Partial<SourceFacts> = { format, pages: 5 };
    const { output } = plan(text, facts, accept === undefined ? {} : { hints: hints(accept) });
    expect(output).toMatchObject({ format: expected, animated });
  });
});

describe('quality', () => {
  it.each([
    ['', 80],
    ['f_webp', 80],
    ['f_avif', 50],
    ['f_png', 100],
    ['f_png,q_auto', 100],
    ['f_png,q_40', 40],
    ['q_40', 40],
    ['q_40/q_60', 60],
    ['q_auto', 75],
    ['q_auto:good', 75],
    ['q_auto:best', 85],
    ['q_auto:best:sensitive', 90],
    ['q_auto:low', 50],
    ['q_auto:low:sensitive', 65],
    ['f_avif,q_auto', 50],
    ['f_avif,q_auto:best:sensitive', 68],
  ])('%s -> %i', (text, quality) => expect(plan(text).output.quality).toBe(quality));

  it('is eco at most for a client that saves data', () => {
    const saving = { hints: hints('', { saveData: true }) };
    expect(plan('q_auto', {}, saving).output.quality).toBe(65);
    expect(plan('q_auto:low', {}, saving).output.quality).toBe(50);
    expect(plan('q_80', {}, saving).output.quality).toBe(80);
  });

  it.each([
    ['q_80', null, false],
    ['q_80:420', '4:2:0', false],
    ['q_80:444', '4:4:4', false],
    ['q_auto', null, true],
    ['q_auto,fl_progressive:none', null, false],
    ['q_auto,f_png', null, false],
    ['q_80,fl_progressive', null, true],
    ['f_png,fl_progressive:steep', null, true],
  ])('%s: chroma %s, progressive %s', (text, chroma, progressive) => {
    expect(plan(text).output).toMatchObject({ chroma, progressive });
  });
});
