import { describe, expect, test } from 'vitest';
import { whyInstall } from './install.mjs';

const lock = (packages: Record<string, { version?: string; link?: true; optional?: true }>) => ({ packages });
const wanted = lock({
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/@counterseal/cli': { link: true },
  'node_modules/only-on-macos': { version: '1.0.0', optional: true },
});

describe('whyInstall', () => {
  test('nothing to do when everything is there; other platforms do not count', () => {
    const { 'node_modules/only-on-macos': _, ...installed } = wanted.packages;
    expect(whyInstall(wanted, lock(installed))).toBeNull();
  });

  test.each([
    ['nothing is installed', null, 'node_modules is missing'],
    ['a package is missing', lock({}), 'a is not as in package-lock.json'],
    [
      'a version differs',
      lock({ 'node_modules/a': { version: '0.9.0' } }),
      'a is not as in package-lock.json',
    ],
  ])('%s', (_, installed, reason) => {
    expect(whyInstall(wanted, installed)).toBe(reason);
  });
});
