import { describe, expect, it } from 'vitest';
import type { AssetStore } from '../asset-store.js';
import { listing, nowMs, publicIdsOf, upload } from './asset-samples.contract.js';

/** The listing part of the AssetStore contract: order, pages and every filter. */
export function assetListingContract(store: () => AssetStore): void {
  describe('listAssets', () => {
    it.each([1, 2, 3, 7, 100])(
      'pages newest first and oldest first as exact mirrors (limit %d)',
      async (limit) => {
        // Three assets per millisecond: the asset id decides between equals.
        for (let i = 0; i < 12; i++) {
          await store().putAsset(upload(`p${i}`, { updatedAtMs: nowMs + Math.floor(i / 3) }));
        }
        const newest = await publicIdsOf(store(), listing({ limit }));
        expect(new Set(newest).size).toBe(12);
        expect(new Set(newest.slice(0, 3))).toEqual(new Set(['p9', 'p10', 'p11']));
        const oldest = newest.toReversed();
        for (const narrowed of [{}, { prefix: 'p' }, { publicIds: oldest }, { type: 'upload' as const }]) {
          const query = listing({ ...narrowed, limit });
          expect(await publicIdsOf(store(), query)).toEqual(newest);
          expect(await publicIdsOf(store(), { ...query, direction: 'asc' })).toEqual(oldest);
        }
      },
    );

    it('tells the last page from a full one', async () => {
      for (let i = 0; i < 4; i++) await store().putAsset(upload(`p${i}`));
      const page = await store().listAssets(listing({ limit: 4 }));
      expect(page.assets).toHaveLength(4);
      expect(page.next).toBeNull();
      expect((await store().listAssets(listing({ limit: 3 }))).next).not.toBeNull();
    });

    it('holds its place while assets are added and removed', async () => {
      for (let i = 0; i < 6; i++) await store().putAsset(upload(`p${i}`, { updatedAtMs: nowMs + i }));
      const first = await store().listAssets(listing({ limit: 3 }));
      await store().putAsset(upload('later', { updatedAtMs: nowMs + 100 }));
      const last = first.assets.at(-1);
      if (last !== undefined) await store().deleteAsset(last);
      expect(await publicIdsOf(store(), listing({ limit: 3, cursor: first.next }))).toEqual([
        'p2',
        'p1',
        'p0',
      ]);
    });

    it('keeps the place of an asset that is overwritten', async () => {
      await store().putAsset(upload('a', { tags: ['t'] }));
      await store().putAsset(upload('b', { tags: ['t'], updatedAtMs: nowMs + 1 }));
      await store().putAsset(upload('a', { tags: ['t'], updatedAtMs: nowMs + 2 }));
      expect(await publicIdsOf(store(), listing())).toEqual(['b', 'a']);
      expect(await publicIdsOf(store(), listing({ tag: 't' }))).toEqual(['b', 'a']);
    });

    it('filters by resource type, type and start', async () => {
      await store().putAsset(upload('image', {}));
      await store().putAsset(upload('private', { type: 'private', updatedAtMs: nowMs + 1 }));
      await store().putAsset(upload('raw', { resourceType: 'raw', updatedAtMs: nowMs + 2 }));
      expect(await publicIdsOf(store(), listing({ resourceType: 'image' }))).toEqual(['private', 'image']);
      expect(await publicIdsOf(store(), listing({ type: 'upload' }))).toEqual(['raw', 'image']);
      expect(await publicIdsOf(store(), listing({ resourceType: 'image', type: 'upload' }))).toEqual([
        'image',
      ]);
      expect(await publicIdsOf(store(), listing({ startAtMs: nowMs + 1 }))).toEqual(['raw', 'private']);
    });

    it('filters by tag, exactly, alone and with the rest', async () => {
      await store().putAsset(upload('a', { tags: ['pet', 'cat'] }));
      await store().putAsset(upload('b', { tags: ['pet'], resourceType: 'raw', updatedAtMs: nowMs + 1 }));
      await store().putAsset(upload('c', { tags: ['Pet', 'pets', 'pe_'], updatedAtMs: nowMs + 2 }));
      await store().putAsset(upload('d', { tags: ['pet'], updatedAtMs: nowMs + 3 }));
      expect(await publicIdsOf(store(), listing({ tag: 'pet', limit: 1 }))).toEqual(['d', 'b', 'a']);
      expect(await publicIdsOf(store(), listing({ tag: 'pet', limit: 1, direction: 'asc' }))).toEqual([
        'a',
        'b',
        'd',
      ]);
      expect(await publicIdsOf(store(), listing({ tag: 'pet', resourceType: 'image' }))).toEqual(['d', 'a']);
      expect(await publicIdsOf(store(), listing({ tag: 'pet', startAtMs: nowMs + 2 }))).toEqual(['d']);
      expect(await publicIdsOf(store(), listing({ tag: '%' }))).toEqual([]);
    });

    it('filters by the ids given', async () => {
      for (const id of ['a', 'b', 'c']) await store().putAsset(upload(id));
      await store().putAsset(upload('a', { resourceType: 'raw' }));
      expect((await publicIdsOf(store(), listing({ publicIds: ['a', 'c', 'none'] }))).sort()).toEqual([
        'a',
        'a',
        'c',
      ]);
      expect(await publicIdsOf(store(), listing({ publicIds: ['a'], resourceType: 'raw' }))).toEqual(['a']);
      expect(await publicIdsOf(store(), listing({ publicIds: [] }))).toEqual([]);
    });

    const names = [
      'a',
      'a%b',
      'a_b',
      'axb',
      'A',
      'shop/',
      'shop/a',
      'shop/z\u{1f600}',
      'shop0',
      'caf\u00e9',
      'caf\u00e9/1',
      'cafe',
      '\ud7ff\ue000',
      '\u{1f600}',
      '\u{1f600}x',
      'u\u{10ffff}',
      'u\u{10ffff}x',
    ];

    const prefixes = [
      '',
      'a',
      'a%',
      'a_',
      'shop/',
      'caf\u00e9',
      '\ud7ff',
      '\u{1f600}',
      'u\u{10ffff}',
      '%',
      'none',
    ];

    it('filters by prefix, by the letter', async () => {
      for (const [i, name] of names.entries()) {
        await store().putAsset(upload(name, { updatedAtMs: nowMs + i }));
      }
      for (const prefix of prefixes) {
        const expected = names.filter((name) => name.startsWith(prefix)).toReversed();
        const images = { resourceType: 'image', type: 'upload' } as const;
        expect(await publicIdsOf(store(), listing({ prefix, limit: 2 })), prefix).toEqual(expected);
        expect(await publicIdsOf(store(), listing({ prefix, ...images })), prefix).toEqual(expected);
        expect(await publicIdsOf(store(), listing({ prefix, resourceType: 'raw' })), prefix).toEqual([]);
      }
    });
  });
}
