import { StorageFullError } from '../../ports/blob-store.js';

/** No space, no quota, or more than the file system lets one file be: in each case there is no room for these bytes. */
const fullCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether this is a system error with one of the given codes (`ENOENT`, ...). */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Turns "no room" errors of the system into {@link StorageFullError}; everything else stays what it is. */
export function toStorageError(error: unknown): unknown {
  return hasCode(error, ...fullCodes) ? new StorageFullError('storage full', { cause: error }) : error;
}
