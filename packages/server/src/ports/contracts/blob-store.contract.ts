import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BlobStore, BlobTooLargeError, StorageFullError } from '../blob-store.js';

const KIB = 1024;
const MIB = 1024 * KIB;
const HOUR_MS = 3_600_000;
const unlimited = { maxBytes: Number.MAX_SAFE_INTEGER };

/** What the suite needs of a back end. */
export interface BlobStoreFixture {
  readonly store: BlobStore;
  close(): Promise<void>;
}

export interface BlobStoreContractOptions {
  /** An empty store of its own. */
  open(): Promise<BlobStoreFixture>;
  /** An empty store with room for about 4 MiB; or the reason why there can be none here. */
  openSmall?: () => Promise<BlobStoreFixture | string>;
}

const inMemory = (bytes: Uint8Array, chunkBytes = 64 * KIB): AsyncIterable<Uint8Array> =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    })(),
  );
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const collect = async (stream: ReadableStream<Uint8Array> | null) => {
  if (stream === null) throw new Error('absent');
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
const listAll = async (store: BlobStore, beforeMs: number) => {
  const keys: string[] = [];
  for await (const key of store.list({ beforeMs })) keys.push(key);
  return keys.sort();
};
/** Removes what is left in staging and says how much that was. */
const leftInStaging = (store: BlobStore) => store.sweepStaging(Date.now() + HOUR_MS);

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

    const put = async (bytes: Uint8Array) => {
      const key = store.newKey('original');
      await store.promote(await store.stage(inMemory(bytes), unlimited), key);
      return key;
    };

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
      const key = await put(Buffer.from('first'));
      const second = await store.stage(inMemory(Buffer.from('second')), unlimited);
      await expect(store.promote(second, key)).rejects.toThrow();
      expect((await collect(await store.read(key))).toString()).toBe('first');
      await store.discard(second);
      expect(await leftInStaging(store)).toBe(0);
    });

    describe('what fails leaves nothing', () => {
      it('a source that breaks, with its own error', async () => {
        let closed = false;
        async function* broken() {
          try {
            yield randomBytes(MIB);
            throw new Error('the peer is gone');
          } finally {
            closed = true;
          }
        }
        await expect(store.stage(broken(), unlimited)).rejects.toThrow('the peer is gone');
        expect(closed).toBe(true);
        expect(await leftInStaging(store)).toBe(0);
      });

      it('a stream that breaks before it is read', async () => {
        const broken = new Readable({ read() {} });
        const staging = store.stage(broken, unlimited);
        broken.destroy(new Error('gone at once'));
        await expect(staging).rejects.toThrow('gone at once');
        expect(await leftInStaging(store)).toBe(0);
      });

      it('more bytes than allowed, as soon as they are seen', async () => {
        let given = 0;
        let closed = false;
        async function* endless() {
          try {
            while (true) {
              given += 64 * KIB;
              yield Buffer.alloc(64 * KIB);
            }
          } finally {
            closed = true;
          }
        }
        await expect(store.stage(endless(), { maxBytes: 3 * MIB })).rejects.toBeInstanceOf(BlobTooLargeError);
        expect(given).toBeLessThan(4 * MIB);
        expect(closed).toBe(true);
        expect(await leftInStaging(store)).toBe(0);
      });

      it.each([0, 10, MIB])('exactly %d bytes pass a limit of as many, one more does not', async (limit) => {
        const bytes = randomBytes(limit + 1);
        await store.discard(await store.stage(inMemory(bytes.subarray(1)), { maxBytes: limit }));
        const error = await store.stage(inMemory(bytes), { maxBytes: limit }).catch((reason) => reason);
        expect(error).toBeInstanceOf(BlobTooLargeError);
        expect(error.bytes).toBe(limit + 1);
        expect(await leftInStaging(store)).toBe(0);
      });

      it('an abort while the source hangs, with the reason of the signal', async () => {
        const controller = new AbortController();
        const hanging = new Readable({ read() {} });
        hanging.push(randomBytes(2 * MIB));
        const staging = store.stage(hanging, { ...unlimited, signal: controller.signal });
        setTimeout(() => controller.abort(new Error('given up')), 30);
        await expect(staging).rejects.toThrow('given up');
        expect(hanging.destroyed).toBe(true);
        expect(await leftInStaging(store)).toBe(0);
      });

      it('an abort while a generator hangs', async () => {
        async function* hanging() {
          yield randomBytes(KIB);
          await new Promise(() => {});
        }
        const signal = AbortSignal.timeout(30);
        const reason = await store.stage(hanging(), { ...unlimited, signal }).catch((error) => error);
        expect(reason).toBe(signal.reason);
        expect(await leftInStaging(store)).toBe(0);
      });

      it('a signal aborted beforehand, in every call', async () => {
        const signal = AbortSignal.abort(new Error('too late'));
        const key = await put(Buffer.from('kept'));
        const source = Readable.from([Buffer.from('x')]);
        await expect(store.stage(source, { ...unlimited, signal })).rejects.toThrow('too late');
        expect(source.destroyed).toBe(true);
        const staged = await store.stage(inMemory(Buffer.from('y')), unlimited);
        await expect(store.promote(staged, store.newKey('original'), { signal })).rejects.toThrow('too late');
        await store.discard(staged);
        await expect(store.stat(key, { signal })).rejects.toThrow('too late');
        await expect(store.read(key, { signal })).rejects.toThrow('too late');
        await expect(store.delete(key, { signal })).rejects.toThrow('too late');
        expect((await collect(await store.read(key))).toString()).toBe('kept');
        expect(await leftInStaging(store)).toBe(0);
      });
    });

    describe('ranges', () => {
      const bytes = randomBytes(700 * KIB);
      let key: string;
      beforeAll(async () => {
        key = await put(bytes);
      });

      it.each([
        ['the first byte', 0, 0],
        ['the last byte', 700 * KIB - 1, 700 * KIB - 1],
        ['one in the middle', 300_000, 300_000],
        ['across blocks', 1000, 600_000],
        ['everything', 0, 700 * KIB - 1],
      ])('%s', async (_, start, end) => {
        const got = await collect(await store.read(key, { range: { start, end } }));
        expect(got.equals(bytes.subarray(start, end + 1))).toBe(true);
      });

      it.each([
        [-1, 5],
        [5, 4],
        [0.5, 1],
        [Number.NaN, 1],
        [0, 700 * KIB],
        [700 * KIB, 700 * KIB],
      ])('%d-%d is refused', async (start, end) => {
        const reading = async () => collect(await store.read(key, { range: { start, end } }));
        await expect(reading()).rejects.toThrow();
      });
    });

    it('gives up a read when the caller cancels or aborts', async () => {
      const key = await put(randomBytes(2 * MIB));
      const cancelled = await store.read(key);
      const reader = cancelled?.getReader();
      expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
      await reader?.cancel();

      const controller = new AbortController();
      const aborted = (await store.read(key, { signal: controller.signal }))?.getReader();
      await aborted?.read();
      controller.abort(new Error('enough'));
      await expect(aborted?.read()).rejects.toThrow('enough');
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
      const key = await put(Buffer.from('x'));
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
      const key = await put(Buffer.from('final'));
      await store.stage(inMemory(Buffer.from('left behind')), unlimited);
      expect(await store.sweepStaging(Date.now() - HOUR_MS)).toBe(0);
      expect(await store.sweepStaging(Date.now() + HOUR_MS)).toBe(1);
      expect(await store.sweepStaging(Date.now() + HOUR_MS)).toBe(0);
      expect((await store.stat(key))?.bytes).toBe(5);
    });

    it('takes 50 uploads at once', async () => {
      const all = Array.from({ length: 50 }, (_, index) => randomBytes(1000 + index * 40_000));
      const keys = await Promise.all(all.map(put));
      for (const [index, key] of keys.entries()) {
        expect(md5(await collect(await store.read(key)))).toBe(md5(all[index] ?? Buffer.alloc(0)));
      }
      expect(await leftInStaging(store)).toBe(0);
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
      const staged = await store.stage(source(), unlimited);
      expect(staged.bytes).toBe(64 * MIB);
      expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(24 * MIB);
      await store.discard(staged);
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
  });
}
