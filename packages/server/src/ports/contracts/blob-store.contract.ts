import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlobStore } from '../blob-store.js';
import { blobFailureContract } from './blob-failure.contract.js';
import { blobLoadContract } from './blob-load.contract.js';
import { blobReadContract } from './blob-read.contract.js';
import {
  type BlobStoreContractOptions,
  type BlobStoreFixture,
  collect,
  HOUR_MS,
  inMemory,
  KIB,
  leftInStaging,
  listAll,
  MIB,
  md5,
  put,
  unlimited,
} from './blob-samples.contract.js';

/** The suite every {@link BlobStore} passes. */
export function blobStoreContract(name: string, options: BlobStoreContractOptions): void {
  describe(`BlobStore contract: ${name}`, () => {
    let fixture: BlobStoreFixture;
    let store: BlobStore;
    beforeAll(async () => {
      fixture = await options.open();
      store = fixture.store;
    });
    afterAll(() => fixture.close());

    it('answers null for what is absent', async () => {
      const key = store.newKey('original');
      expect(await store.stat(key)).toBeNull();
      expect(await store.read(key)).toBeNull();
      expect(await store.read(key, { range: { start: 0, end: 0 } })).toBeNull();
    });

    it.each([0, 1, 1000, 256 * KIB - 1, 256 * KIB, 256 * KIB + 1, MIB, MIB + 1, 5 * MIB + 3])(
      'keeps %d bytes with count and MD5',
      async (size) => {
        const bytes = randomBytes(size);
        const before = Date.now();
        const staged = await store.stage(inMemory(bytes), { maxBytes: size });
        expect(staged).toMatchObject({ bytes: size, md5: md5(bytes) });
        const key = store.newKey('derived');
        await store.promote(staged, key);
        const found = await store.stat(key);
        expect(found?.bytes).toBe(size);
        expect(Math.abs((found?.modifiedAtMs ?? 0) - before)).toBeLessThan(60_000);
        expect((await collect(await store.read(key))).equals(bytes)).toBe(true);
        expect(await leftInStaging(store)).toBe(0);
      },
    );

    it.each([
      ['single bytes', 1],
      ['odd pieces', 777],
      ['one piece', 3 * MIB],
    ])('does not care how the source cuts: %s', async (_, chunkBytes) => {
      const bytes = randomBytes(chunkBytes === 1 ? 3000 : 3 * MIB);
      const staged = await store.stage(inMemory(bytes, chunkBytes), unlimited);
      expect(staged).toMatchObject({ bytes: bytes.length, md5: md5(bytes) });
      await store.discard(staged);
    });

    it('makes keys that are distinct and hard to guess', () => {
      const keys = Array.from({ length: 1000 }, (_, index) =>
        store.newKey(index % 2 === 0 ? 'original' : 'derived'),
      );
      expect(new Set(keys).size).toBe(1000);
      for (const key of keys) expect(key).toMatch(/^[a-z]-[a-z0-9]{25,}$/);
    });

    it('shows no staged blob under any key, and a promoted one whole or not at all', async () => {
      const bytes = randomBytes(2 * MIB);
      for (let round = 0; round < 10; round += 1) {
        const key = store.newKey('original');
        const staged = await store.stage(inMemory(bytes), unlimited);
        expect(await store.stat(key)).toBeNull();
        let promoted = false;
        const promoting = store.promote(staged, key).then(() => {
          promoted = true;
        });
        while (!promoted) {
          const found = await store.stat(key);
          if (found === null) continue;
          expect(found.bytes).toBe(bytes.length);
          expect((await collect(await store.read(key))).equals(bytes)).toBe(true);
        }
        await promoting;
      }
    });

    it('never overwrites a key', async () => {
      const key = await put(store, Buffer.from('first'));
      const second = await store.stage(inMemory(Buffer.from('second')), unlimited);
      await expect(store.promote(second, key)).rejects.toThrow();
      expect((await collect(await store.read(key))).toString()).toBe('first');
      await store.discard(second);
      expect(await leftInStaging(store)).toBe(0);
    });

    it.each([
      ['parent', '../x'],
      ['parent, well formed after', '../../o-00000000000000000000000000000000'],
      ['folder', 'a/b'],
      ['absolute', '/etc/passwd'],
      ['backslash', 'o-..\\..\\x'],
      ['NUL', `o-${'0'.repeat(31)}\0`],
      ['newline', `o-${'0'.repeat(32)}\n`],
      ['upper case', `o-${'A'.repeat(32)}`],
      ['other script', `o-${'٠'.repeat(32)}`],
      ['dots', '..'],
      ['empty', ''],
      ['very long', `o-${'a'.repeat(100_000)}`],
    ])('refuses a key it did not make: %s', async (_, key) => {
      const staged = await store.stage(inMemory(Buffer.from('x')), unlimited);
      await expect(store.promote(staged, key)).rejects.toThrow();
      await store.discard(staged);
      await expect(store.stat(key)).rejects.toThrow();
      await expect(store.read(key)).rejects.toThrow();
      await expect(store.delete(key)).rejects.toThrow();
      const path = store.localPath?.bind(store);
      if (path !== undefined) expect(() => path(key)).toThrow();
    });

    it('refuses staged blobs and scratch files that are not its own', async () => {
      const foreign = { id: '../../etc/passwd', bytes: 0, md5: '', path: '/etc/passwd' };
      await expect(store.promote(foreign, store.newKey('original'))).rejects.toThrow();
      await expect(store.discard(foreign)).rejects.toThrow();
      await expect(store.adopt('/etc/passwd')).rejects.toThrow();
    });

    it('deletes and discards, twice if need be', async () => {
      const key = await put(store, Buffer.from('x'));
      await store.delete(key);
      await store.delete(key);
      await store.delete(store.newKey('original'));
      expect(await store.stat(key)).toBeNull();
      const staged = await store.stage(inMemory(Buffer.from('x')), unlimited);
      await store.discard(staged);
      await store.discard(staged);
      await expect(store.promote(staged, store.newKey('original'))).rejects.toThrow();
      expect(await leftInStaging(store)).toBe(0);
    });

    it.each([0, 5, MIB, 3 * MIB])('adopts a scratch file of %d bytes', async (size) => {
      const bytes = randomBytes(size);
      const path = await store.scratchPath();
      expect(await store.scratchPath()).not.toBe(path);
      await writeFile(path, bytes, { flag: 'wx' });
      const staged = await store.adopt(path);
      expect(staged).toMatchObject({ bytes: size, md5: md5(bytes) });
      if (staged.data !== undefined) expect(bytes.equals(staged.data)).toBe(true);
      const key = store.newKey('derived');
      await store.promote(staged, key);
      expect((await collect(await store.read(key))).equals(bytes)).toBe(true);
    });

    it('promotes and discards what it was told to harden', async () => {
      const wanted = await store.stage(inMemory(Buffer.from('wanted')), unlimited);
      const unwanted = await store.stage(inMemory(Buffer.from('unwanted')), unlimited);
      store.harden?.(wanted);
      store.harden?.(unwanted);
      await store.discard(unwanted);
      const key = store.newKey('original');
      await store.promote(wanted, key);
      expect((await collect(await store.read(key))).toString()).toBe('wanted');
      await expect(store.promote(unwanted, store.newKey('original'))).rejects.toThrow();
      expect(await leftInStaging(store)).toBe(0);
    });

    it('rejects a scratch file that nobody wrote', async () => {
      await expect(store.adopt(await store.scratchPath())).rejects.toThrow();
    });

    it('lists final keys by age', async () => {
      const own = await options.open();
      try {
        expect(await listAll(own.store, Date.now() + HOUR_MS)).toEqual([]);
        const keys: string[] = [];
        for (const text of ['a', 'b', 'c']) {
          const key = own.store.newKey('original');
          await own.store.promote(await own.store.stage(inMemory(Buffer.from(text)), unlimited), key);
          keys.push(key);
        }
        await own.store.stage(inMemory(Buffer.from('only staged')), unlimited);
        expect(await listAll(own.store, Date.now() - HOUR_MS)).toEqual([]);
        expect(await listAll(own.store, Date.now() + HOUR_MS)).toEqual(keys.sort());
      } finally {
        await own.close();
      }
    });

    it('sweeps staging by age and spares final blobs', async () => {
      const key = await put(store, Buffer.from('final'));
      await store.stage(inMemory(Buffer.from('left behind')), unlimited);
      expect(await store.sweepStaging(Date.now() - HOUR_MS)).toBe(0);
      expect(await store.sweepStaging(Date.now() + HOUR_MS)).toBe(1);
      expect(await store.sweepStaging(Date.now() + HOUR_MS)).toBe(0);
      expect((await store.stat(key))?.bytes).toBe(5);
    });

    blobFailureContract(() => store);
    blobReadContract(() => store);
    blobLoadContract(() => store, options);
  });
}
