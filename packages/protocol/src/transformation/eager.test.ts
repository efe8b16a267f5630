import { describe, expect, it } from 'vitest';
import { MAX_EAGER_ITEMS, parseEager, printEager } from './eager.js';

describe('parseEager', () => {
  it('reads the documented pair', () => {
    const items = parseEager('w_400,h_300,c_pad|w_260,h_200,c_crop');
    expect(items.map(({ canonical }) => canonical)).toEqual(['c_pad,h_300,w_400', 'c_crop,h_200,w_260']);
  });

  it.each([
    ['w_400,c_pad/jpg', 'c_pad,w_400', 'jpg', false, 'c_pad,w_400/jpg'],
    ['w_400,c_pad/JPEG', 'c_pad,w_400', 'jpg', false, 'c_pad,w_400/jpg'],
    ['w_400,c_pad/', 'c_pad,w_400', null, true, 'c_pad,w_400/'],
    ['w_400,c_pad', 'c_pad,w_400', null, false, 'c_pad,w_400'],
    ['w_400/e_sepia', 'w_400/e_sepia', null, false, 'w_400/e_sepia'],
    ['w_400/e_sepia/png', 'w_400/e_sepia', 'png', false, 'w_400/e_sepia/png'],
    ['t_named/mp4', 't_named', 'mp4', false, 't_named/mp4'],
    ['/png', '', 'png', false, '/png'],
  ])('%s', (text, canonical, format, explicitNone, printed) => {
    const [item] = parseEager(text);
    expect(item).toMatchObject({ canonical, format, explicitNone });
    expect(item && printEager(item)).toBe(printed);
    expect(parseEager(printed)[0]).toEqual(parseEager(printed.toString())[0]);
    expect(parseEager(printed).map(printEager)).toEqual([printed]);
  });

  it.each([
    ['w_400/auto', 'Invalid extension in transformation: auto'],
    ['w_400/jpgsz280', 'Invalid extension in transformation: jpgsz280'],
    ['w_400|h_x', 'Invalid height in transformation: x'],
    ['w_400||h_1', 'Invalid Transformation'],
    ['/', 'Invalid Transformation'],
    ['jpg', 'Invalid Transformation'],
    [
      Array(MAX_EAGER_ITEMS + 1)
        .fill('w_1')
        .join('|'),
      'Invalid Transformation',
    ],
    ['|'.repeat(1_000_000), 'Invalid Transformation'],
  ])('refuses %.40s', (text, message) => expect(() => parseEager(text)).toThrow(message));
});
