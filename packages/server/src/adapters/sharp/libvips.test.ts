import { describe, expect, it } from 'vitest';
import { isOlder } from './libvips.js';

describe('isOlder', () => {
  it.each([
    ['0.35.3', true],
    ['0.34.9', true],
    ['0.35.4', false],
    ['0.35.10', false],
    ['0.36.0', false],
    ['1.0.0', false],
    ['0.35.4-rc.1', false],
  ])('%s is below 0.35.4: %s', (version, expected) => {
    expect(isOlder(version, [0, 35, 4])).toBe(expected);
  });
});
