import { describe, expect, it } from 'vitest';
import type { UploadPreset } from '../ports/account-store.js';
import { applyPreset } from './apply-preset.js';

const preset = (settings: Record<string, string>, more: Partial<UploadPreset> = {}): UploadPreset => ({
  cloud: 'demo',
  name: 'p',
  externalId: '0'.repeat(32),
  unsigned: true,
  disallowPublicId: false,
  settings,
  createdAtMs: 0,
  ...more,
});
const merge = (
  request: Record<string, string>,
  settings: Record<string, string>,
  rules: 'signed' | 'unsigned',
) => Object.fromEntries(applyPreset(new Map(Object.entries(request)), preset(settings), rules));

describe('applyPreset (upload-api reference, section 3.4)', () => {
  it('lets the preset win when unsigned and the request when signed', () => {
    expect(merge({ folder: 'mine' }, { folder: 'theirs' }, 'unsigned').folder).toBe('theirs');
    expect(merge({ folder: 'mine' }, { folder: 'theirs' }, 'signed').folder).toBe('mine');
  });

  it('takes the request where the preset says nothing, and the other way round', () => {
    expect(merge({ folder: 'mine' }, { format: 'png' }, 'unsigned')).toMatchObject({
      folder: 'mine',
      format: 'png',
    });
  });

  it.each(['signed', 'unsigned'] as const)('unites tags and context (%s)', (rules) => {
    const merged = merge({ tags: 'a,b', context: 'k=v|x=1' }, { tags: 'b,c', context: 'l=w|x=2' }, rules);
    expect(new Set(merged.tags?.toString().split(','))).toEqual(new Set(['a', 'b', 'c']));
    expect(JSON.parse(String(merged.context))).toEqual({
      k: 'v',
      l: 'w',
      x: rules === 'signed' ? '1' : '2',
    });
  });

  it('never overwrites unsigned, whatever is set', () => {
    expect(merge({}, { overwrite: 'true' }, 'unsigned').overwrite).toBe('false');
    expect(merge({}, { overwrite: 'true' }, 'signed').overwrite).toBe('true');
  });

  it('takes no coordinates from presets', () => {
    expect(merge({}, { face_coordinates: '1,2,3,4' }, 'signed').face_coordinates).toBeUndefined();
  });

  it('refuses a chosen public id under disallow_public_id, and makes file names unique', () => {
    const strict = preset({ unique_filename: 'false' }, { disallowPublicId: true });
    expect(() => applyPreset(new Map([['public_id', 'x']]), strict, 'unsigned')).toThrow(/not allowed/);
    expect(applyPreset(new Map(), strict, 'signed').get('unique_filename')).toBe('true');
  });
});
