import { describe, expect, test } from 'vitest';
import { createSettings, mergeSettings, readOptions } from './options.js';

describe('options', () => {
  test('both spellings, mixed; camelCase wins; nothing is refused', () => {
    const given = { cloud_name: 'a', upload_preset: 'b', uploadPreset: 'c', my_own: 1, multiple: undefined };
    expect(readOptions(given)).toEqual({ cloudName: 'a', uploadPreset: 'c', myOwn: 1 });
    expect(readOptions({ uploadPreset: undefined, upload_preset: 'b' })).toEqual({ uploadPreset: 'b' });
  });

  test('the defaults of the reference', () => {
    expect(createSettings({})).toMatchObject({
      ...{
        resourceType: 'auto',
        multiple: true,
        maxFiles: null,
        cropping: false,
        fieldName: 'image',
        language: 'en',
      },
      ...{
        croppingCoordinatesMode: 'custom',
        showSkipCropButton: true,
        singleUploadAutoClose: true,
        showPoweredBy: true,
      },
      thumbnailTransformation: { width: 90, height: 60, crop: 'limit' },
    });
    expect(createSettings({ cropping: 'server' }).cropping).toBe(true);
  });

  test('null takes back what was given before', () => {
    const first = createSettings({ theme: 'purple', folder: 'a', multiple: false, cropping: true });
    const next = mergeSettings(first, { theme: null, folder: null, multiple: null, cropping: null } as never);
    expect(next).toEqual(createSettings({}));
  });

  test('update leaves what may not change', () => {
    const first = createSettings({ fieldName: 'photo', maxFiles: 2, cropping: true });
    const next = mergeSettings(first, { field_name: 'other', max_files: 5, uploadSignature: 'x' });
    expect(next).toMatchObject({ fieldName: 'photo', maxFiles: 5, cropping: true, uploadSignature: null });
  });
});
