import { closeSync, constants, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** A planted link is never followed (threat model T10). */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW;

/** Makes the bytes of a file survive a power cut. */
export const syncFile = (path: string): Promise<void> => sync(path, READ_FLAGS);

/** Makes names in a folder survive a power cut: links, renames and removals in it. */
export const syncFolder = (path: string): Promise<void> => sync(path, constants.O_RDONLY);

const waitForDisk = promisify(fsync);

/** What has just been written or named opens and closes without waiting; only the sync itself is worth a turn of the thread pool. */
async function sync(path: string, flags: number): Promise<void> {
  const fd = openSync(path, flags);
  try {
    await waitForDisk(fd);
  } finally {
    closeSync(fd);
  }
}
