import { lstat, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './storage-errors.js';

/** Makes names in a folder survive a power cut (fsync of a folder: links, renames and removals in it). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * The two-digit folders below `blobs/`. Each is looked at once per process: made if missing, its own name made durable, and
 * refused when it is not a real folder (a planted link would lead outside, threat model T10).
 */
export class ShardFolders {
  readonly #blobsFolder: string;
  readonly #durable = new Map<string, Promise<void>>();
  readonly #checked = new Set<string>();

  constructor(blobsFolder: string) {
    this.#blobsFolder = blobsFolder;
  }

  /** The shard exists, and will after a power cut. */
  ensure(shard: string): Promise<void> {
    const known = this.#durable.get(shard);
    if (known !== undefined) return known;
    const making = this.#make(shard);
    this.#durable.set(shard, making);
    making.catch(() => this.#durable.delete(shard));
    return making;
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

  async #make(shard: string): Promise<void> {
    try {
      await mkdir(join(this.#blobsFolder, shard), { mode: 0o700 });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    await this.exists(shard);
    // Also when it was there: the process that made it may have died before its own sync.
    await syncFolder(this.#blobsFolder);
  }
}
