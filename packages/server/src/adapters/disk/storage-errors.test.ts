import { expect, it } from 'vitest';
import { StorageFullError } from '../../ports/blob-store.js';
import { hasCode, toStorageError } from './storage-errors.js';

const systemError = (code: string) => Object.assign(new Error(code), { code });

it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('%s means that the storage is full', (code) => {
  const error = systemError(code);
  const turned = toStorageError(error);
  expect(turned).toBeInstanceOf(StorageFullError);
  expect((turned as StorageFullError).cause).toBe(error);
});

it.each(['EIO', 'ENOENT', 'EACCES'])('%s stays what it is', (code) => {
  const error = systemError(code);
  expect(toStorageError(error)).toBe(error);
});

it('knows codes of system errors only', () => {
  expect(hasCode(systemError('ENOENT'), 'ELOOP', 'ENOENT')).toBe(true);
  expect(hasCode(new Error('ENOENT'), 'ENOENT')).toBe(false);
  expect(hasCode({ code: 'ENOENT' }, 'ENOENT')).toBe(false);
  expect(hasCode(null, 'ENOENT')).toBe(false);
});
