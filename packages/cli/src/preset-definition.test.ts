import { describe, expect, test } from 'vitest';
import { readPresetDefinition } from './preset-definition.js';

describe('readPresetDefinition', () => {
  test('reads a name and options', () => {
    const options = {
      set: ['folder=web', 'allowed_formats=jpg,png'],
      unsigned: true,
      disallowPublicId: true,
    } as const;
    expect(readPresetDefinition('web', options)).toEqual({
      name: 'web',
      unsigned: true,
      disallowPublicId: true,
      settings: { folder: 'web', allowed_formats: 'jpg,png' },
    });
  });

  test('reads the JSON of the Admin API', () => {
    const text = JSON.stringify({
      name: 'web',
      unsigned: 'true',
      disallow_public_id: false,
      folder: null,
      eager: ['w_400', 'w_260'],
      context: { alt: 'a|b=c' },
      overwrite: true,
    });
    expect(readPresetDefinition(text, { set: ['tags=x'] })).toEqual({
      name: 'web',
      unsigned: true,
      disallowPublicId: false,
      settings: { eager: 'w_400|w_260', context: 'alt=a\\|b\\=c', overwrite: 'true', tags: 'x' },
    });
  });

  test('without a name leaves the choice to the command', () => {
    expect(readPresetDefinition(undefined, {}).name).toBeNull();
  });

  test.each([
    ['web', { set: ['nonsense=1'] }, 'not a setting of an upload preset: nonsense'],
    ['web', { set: ['timestamp=1'] }, 'not a setting of an upload preset: timestamp'],
    ['{"name":1}', {}, 'name must be text'],
    ['{"unsigned":"maybe"}', {}, 'unsigned must be true or false'],
  ])('%s %j is refused', (argument, options, message) => {
    expect(() => readPresetDefinition(argument, options)).toThrow(message);
  });
});
