import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { type BlobStore, StorageFullError } from '../blob-store.js';
import {
  type BlobStoreContractOptions,
  collect,
  inMemory,
  KIB,
  leftInStaging,
  MIB,
  md5,
  put,
  unlimited,
} from './blob-samples.contract.js';

/** Part of the contract of `BlobStore`: many at once, large ones, and no room. */
export function blobLoadContract(
  opened: () => BlobStore,
  options: Pick<BlobStoreContractOptions, 'openSmall'>,
): void {
  it('takes 50 uploads at once', async () => {
    const all = Array.from({ length: 50 }, (_, index) => randomBytes(1000 + index * 40_000));
    const keys = await Promise.all(all.map((bytes) => put(opened(), bytes)));
    for (const [index, key] of keys.entries()) {
      expect(md5(await collect(await opened().read(key)))).toBe(md5(all[index] ?? Buffer.alloc(0)));
    }
    expect(await leftInStaging(opened())).toBe(0);
  });

  it('streams 64 MiB in bounded memory', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const held: number[] = [];
    async function* source() {
      for (let chunk = 0; chunk < 1024; chunk += 1) {
        if (chunk % 128 === 0) {
          // Twice, and with a wide margin below: buffers are given back in the background.
          collectGarbage();
          collectGarbage();
          held.push(process.memoryUsage().arrayBuffers);
        }
        yield Buffer.alloc(64 * KIB, chunk);
      }
    }
    const staged = await opened().stage(source(), unlimited);
    expect(staged.bytes).toBe(64 * MIB);
    expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(24 * MIB);
    await opened().discard(staged);
  });

  it('says so when the storage is full, leaves nothing, and goes on when there is room', async (context) => {
    const small = await (options.openSmall?.() ?? 'this back end has no small variant');
    if (typeof small === 'string') return context.skip(small);
    try {
      const tooMuch = inMemory(randomBytes(16 * MIB));
      await expect(small.store.stage(tooMuch, unlimited)).rejects.toBeInstanceOf(StorageFullError);
      expect(await leftInStaging(small.store)).toBe(0);
      const key = small.store.newKey('original');
      await small.store.promote(await small.store.stage(inMemory(randomBytes(MIB)), unlimited), key);
      expect((await small.store.stat(key))?.bytes).toBe(MIB);
    } finally {
      await small.close();
    }
  });
}
