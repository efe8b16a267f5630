import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type BlobStore, BlobTooLargeError } from '../blob-store.js';
import { collect, inMemory, KIB, leftInStaging, MIB, put, unlimited } from './blob-samples.contract.js';

/** Part of the contract of `BlobStore`: an upload that fails, in whatever way. */
export function blobFailureContract(opened: () => BlobStore): void {
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
      await expect(opened().stage(broken(), unlimited)).rejects.toThrow('the peer is gone');
      expect(closed).toBe(true);
      expect(await leftInStaging(opened())).toBe(0);
    });

    it('a stream that breaks before it is read', async () => {
      const broken = new Readable({ read() {} });
      const staging = opened().stage(broken, unlimited);
      broken.destroy(new Error('gone at once'));
      await expect(staging).rejects.toThrow('gone at once');
      expect(await leftInStaging(opened())).toBe(0);
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
      await expect(opened().stage(endless(), { maxBytes: 3 * MIB })).rejects.toBeInstanceOf(
        BlobTooLargeError,
      );
      expect(given).toBeLessThan(4 * MIB);
      expect(closed).toBe(true);
      expect(await leftInStaging(opened())).toBe(0);
    });

    it.each([0, 10, MIB])('exactly %d bytes pass a limit of as many, one more does not', async (limit) => {
      const bytes = randomBytes(limit + 1);
      await opened().discard(await opened().stage(inMemory(bytes.subarray(1)), { maxBytes: limit }));
      const error = await opened()
        .stage(inMemory(bytes), { maxBytes: limit })
        .catch((reason) => reason);
      expect(error).toBeInstanceOf(BlobTooLargeError);
      expect(error.bytes).toBe(limit + 1);
      expect(await leftInStaging(opened())).toBe(0);
    });

    it('an abort while the source hangs, with the reason of the signal', async () => {
      const controller = new AbortController();
      const hanging = new Readable({ read() {} });
      hanging.push(randomBytes(2 * MIB));
      const staging = opened().stage(hanging, { ...unlimited, signal: controller.signal });
      setTimeout(() => controller.abort(new Error('given up')), 30);
      await expect(staging).rejects.toThrow('given up');
      expect(hanging.destroyed).toBe(true);
      expect(await leftInStaging(opened())).toBe(0);
    });

    it('an abort while a generator hangs', async () => {
      async function* hanging() {
        yield randomBytes(KIB);
        await new Promise(() => {});
      }
      const signal = AbortSignal.timeout(30);
      const reason = await opened()
        .stage(hanging(), { ...unlimited, signal })
        .catch((error) => error);
      expect(reason).toBe(signal.reason);
      expect(await leftInStaging(opened())).toBe(0);
    });

    it('a signal aborted beforehand, in every call', async () => {
      const signal = AbortSignal.abort(new Error('too late'));
      const key = await put(opened(), Buffer.from('kept'));
      const source = Readable.from([Buffer.from('x')]);
      await expect(opened().stage(source, { ...unlimited, signal })).rejects.toThrow('too late');
      expect(source.destroyed).toBe(true);
      const staged = await opened().stage(inMemory(Buffer.from('y')), unlimited);
      await expect(opened().promote(staged, opened().newKey('original'), { signal })).rejects.toThrow(
        'too late',
      );
      await opened().discard(staged);
      await expect(opened().stat(key, { signal })).rejects.toThrow('too late');
      await expect(opened().read(key, { signal })).rejects.toThrow('too late');
      await expect(opened().delete(key, { signal })).rejects.toThrow('too late');
      expect((await collect(await opened().read(key))).toString()).toBe('kept');
      expect(await leftInStaging(opened())).toBe(0);
    });
  });
}
