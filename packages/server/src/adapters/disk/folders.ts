import { mkdirSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { allShards } from './blob-keys.js';
import { hasCode } from './storage-errors.js';
import { syncFolder } from './sync.js';

/**
 * The two-digit folders below `blobs/`. All are there, durably, once the store is open. Each is looked at once per process: what
 * is not a real folder is refused (a planted link would lead outside, threat model T10).
 */
export class ShardFolders {
  readonly #blobsFolder: string;
  readonly #checked = new Set<string>();

  constructor(blobsFolder: string) {
    this.#blobsFolder = blobsFolder;
  }

  /** Makes the missing ones. Syncs them also when none was: the process that made them may have died before its own sync. */
  async make(): Promise<void> {
    for (const shard of allShards()) {
      try {
        mkdirSync(join(this.#blobsFolder, shard), { mode: 0o700 });
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
    }
    await syncFolder(this.#blobsFolder);
  }

  /** False when there is no such shard. Throws when something else stands in its place. */
  async exists(shard: string): Promise<boolean> {
    if (this.#checked.has(shard)) return true;
    try {
      const found = await lstat(join(this.#blobsFolder, shard));
      if (!found.isDirectory()) throw new Error(`not a folder: blobs/${shard}`);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false;
      throw error;
    }
    this.#checked.add(shard);
    return true;
  }
}
