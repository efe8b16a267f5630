import { describe, expect, test } from 'vitest';
import { acceptOf, checkDimensions, checkFile, fittingSize, kindOf } from './restrictions.js';

const file = (name: string, type = '', size = 100) => ({ name, type, size });

describe('formats', () => {
  test.each([
    [['png'], file('a.PNG'), true],
    [['jpg'], file('a.jpeg', 'image/jpeg'), true],
    [['jpeg'], file('a.jpg'), true],
    [['image'], file('a.heic'), true],
    [['images'], file('x', 'image/webp'), true],
    [['video'], file('a.mp3', 'audio/mpeg'), true],
    [['image'], file('a.pdf', 'application/pdf'), false],
    ['png, gif', file('a.gif'), true],
    ['png, gif', file('a.jpg'), false],
    [['svg'], file('a', 'image/svg+xml'), true],
    [['application/pdf'], file('a.pdf', 'application/pdf'), true],
    [[], file('a.exe'), true],
  ])('%j takes %j: %s', (clientAllowedFormats, candidate, isAllowed) => {
    expect(checkFile(candidate, { clientAllowedFormats }) === null).toBe(isAllowed);
  });

  test('the picker offers what is allowed', () => {
    expect(acceptOf(['images', 'pdf', '.gif'])).toBe('image/*,.pdf,.gif');
    expect(acceptOf(null)).toBe('');
  });
});

describe('sizes', () => {
  const limits = { maxFileSize: 1000, maxImageFileSize: 100, maxRawFileSize: 50 };
  test.each([
    [file('a.png', '', 100), true],
    [file('a.png', '', 101), false],
    [file('a.mp4', '', 1000), true],
    [file('a.mp4', '', 1001), false],
    [file('a.bin', '', 51), false],
  ])('%j: %s', (candidate, isAllowed) => {
    expect(checkFile(candidate, limits) === null).toBe(isAllowed);
  });

  test('the refusal carries both sizes', () => {
    expect(checkFile(file('a.png', '', 101), limits)?.values).toEqual({ size: 101, allowed: 100 });
  });
});

describe('pixels', () => {
  const limits = { minImageWidth: 10, minImageHeight: 20, maxImageWidth: 100, maxImageHeight: 50 };
  test('too small is refused, too large is scaled down in its own shape', () => {
    expect(checkDimensions({ width: 9, height: 30 }, limits)?.text).toMatch(/min_dimensions/);
    expect(checkDimensions({ width: 10, height: 20 }, limits)).toBeNull();
    expect(checkDimensions({ width: 400, height: 300 }, limits)).toBeNull();
    expect(fittingSize({ width: 400, height: 300 }, limits)).toEqual({ width: 67, height: 50 });
    expect(fittingSize({ width: 100, height: 50 }, limits)).toBeNull();
  });
  test('too large is refused when asked', () => {
    const strict = { ...limits, validateMaxWidthHeight: true };
    expect(checkDimensions({ width: 101, height: 30 }, strict)?.text).toMatch(/max_dimensions/);
    expect(fittingSize({ width: 400, height: 300 }, strict)).toBeNull();
  });
});

test.each([
  [file('a', 'image/png'), 'image'],
  [file('a.mov'), 'video'],
  [file('a.docx'), 'raw'],
])('%j is %s', (candidate, kind) => {
  expect(kindOf(candidate)).toBe(kind);
});
