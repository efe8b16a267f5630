import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BlobStore } from '../blob-store.js';
import { collect, KIB, MIB, put } from './blob-samples.contract.js';

/** Part of the contract of `BlobStore`: ranges, and reads that are given up. */
export function blobReadContract(opened: () => BlobStore): void {
  describe('ranges', () => {
    const bytes = randomBytes(700 * KIB);
    let key: string;
    beforeAll(async () => {
      key = await put(opened(), bytes);
    });

    it.each([
      ['the first byte', 0, 0],
      ['the last byte', 700 * KIB - 1, 700 * KIB - 1],
      ['one in the middle', 300_000, 300_000],
      ['across blocks', 1000, 600_000],
      ['everything', 0, 700 * KIB - 1],
    ])('%s', async (_, start, end) => {
      const got = await collect(await opened().read(key, { range: { start, end } }));
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
      const reading = async () => collect(await opened().read(key, { range: { start, end } }));
      await expect(reading()).rejects.toThrow();
    });
  });

  it('gives up a read when the caller cancels or aborts', async () => {
    const key = await put(opened(), randomBytes(2 * MIB));
    const cancelled = await opened().read(key);
    const reader = cancelled?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    await reader?.cancel();

    const controller = new AbortController();
    const aborted = (await opened().read(key, { signal: controller.signal }))?.getReader();
    await aborted?.read();
    controller.abort(new Error('enough'));
    await expect(aborted?.read()).rejects.toThrow('enough');
  });
}
