import { describe, expect, it } from 'vitest';
import { type AssetStoreFixture, cloud, derivedFacts, nowMs, upload } from './asset-samples.contract.js';

/** The part of the AssetStore contract about derived rows. */
export function assetDerivedContract(fixture: () => AssetStoreFixture): void {
  describe('derived', () => {
    async function stored(publicId = 'cat') {
      const result = await fixture().assets.putAsset(upload(publicId));
      if (!('asset' in result)) throw new Error('not stored');
      return result.asset;
    }

    it('are unique by asset, version, transformation and format', async () => {
      const { assets } = fixture();
      const { assetId, versionId } = await stored();
      const one = { ...derivedFacts('c_fill'), assetId, versionId };
      expect(await assets.addDerived(cloud, one)).toBe(true);
      expect(await assets.addDerived(cloud, { ...derivedFacts('c_fill'), assetId, versionId })).toBe(false);
      const webp = {
        ...derivedFacts('c_fill', { format: 'webp', createdAtMs: nowMs + 1 }),
        assetId,
        versionId,
      };
      expect(await assets.addDerived(cloud, webp)).toBe(true);
      expect(await assets.findDerived({ cloud, ...one })).toEqual(one);
      expect(await assets.listDerived(cloud, assetId)).toEqual([one, webp]);
    });

    it('take the place of one whose bytes are gone, as long as it is that one', async () => {
      const { assets } = fixture();
      const { assetId, versionId } = await stored();
      const [gone, first, second] = [1, 2, 3].map(() => ({ ...derivedFacts('c_fill'), assetId, versionId }));
      if (gone === undefined || first === undefined || second === undefined) throw new Error('no facts');
      await assets.addDerived(cloud, gone);
      expect(await assets.addDerived('other', first, { replaces: gone })).toBe(false);
      expect(await assets.addDerived(cloud, first, { replaces: gone })).toBe(true);
      expect(await assets.addDerived(cloud, second, { replaces: gone })).toBe(false);
      expect(await assets.listDerived(cloud, assetId)).toEqual([first]);
    });

    it('that are made on request are dropped, oldest first, down to what is to be kept', async () => {
      const { assets } = fixture();
      const command = upload('cat', {}, { derived: [derivedFacts('c_pad', { onRequest: false })] });
      const result = await assets.putAsset(command);
      if (!('asset' in result)) throw new Error('not stored');
      const { assetId, versionId } = result.asset;
      expect(await assets.derivedOnRequestBytes()).toBe(0);
      const made = [5, 1, 4, 2, 3].map((at) => ({
        ...derivedFacts(`w_${at}`, { bytes: at === 5 ? 10_000 : 1, createdAtMs: nowMs + at }),
        assetId,
        versionId,
      }));
      for (const one of made) await assets.addDerived(cloud, one);
      expect(await assets.derivedOnRequestBytes()).toBe(4 * 4096 + 10_000);
      expect(await assets.keepDerived('other', made[1]?.derivedId ?? '')).toBe(false);
      expect(await assets.keepDerived(cloud, made[1]?.derivedId ?? '')).toBe(true);
      expect(await assets.keepDerived(cloud, 'absent')).toBe(false);
      expect(await assets.derivedOnRequestBytes()).toBe(3 * 4096 + 10_000);

      const keys = (...at: number[]) => at.map((index) => made[index]?.blobKey);
      const drop = async (bytes: number, limit: number) => {
        const dropped = await assets.dropOldestDerived({ bytes, limit });
        return { ...dropped, blobKeys: dropped.blobKeys.toSorted() };
      };
      expect(await drop(0, 9)).toEqual({ blobKeys: [], bytes: 0 });
      expect(await drop(1e9, 1)).toEqual({ blobKeys: keys(3), bytes: 4096 });
      expect(await drop(4096, 9)).toEqual({ blobKeys: keys(4), bytes: 4096 });
      expect(await drop(1e9, 9)).toEqual({ blobKeys: keys(0, 2).toSorted(), bytes: 4096 + 10_000 });
      expect(await drop(1e9, 9)).toEqual({ blobKeys: [], bytes: 0 });
      const left = await assets.listDerived(cloud, assetId);
      expect(left.map(({ transformation, onRequest }) => [transformation, onRequest]).sort()).toEqual([
        ['c_pad', false],
        ['w_1', false],
      ]);
    });

    it('of an old version are refused', async () => {
      const { assets } = fixture();
      const { assetId, versionId } = await stored();
      await stored();
      expect(await assets.addDerived(cloud, { ...derivedFacts('c_fill'), assetId, versionId })).toBe(false);
      expect(await assets.listDerived(cloud, assetId)).toEqual([]);
    });

    it('are made once when many make them', async () => {
      const stores = [fixture().assets, await fixture().connect(), await fixture().connect()];
      const { assetId, versionId } = await stored();
      const added = await Promise.all(
        stores.map((store) => store.addDerived(cloud, { ...derivedFacts('c_fill'), assetId, versionId })),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
    });

    it('tell which transformations are used, in their own cloud', async () => {
      const { assets } = fixture();
      const { assetId, versionId } = await stored();
      await assets.addDerived(cloud, { ...derivedFacts('c_fill'), assetId, versionId });
      const transformations = ['c_fill', 'c_pad'];
      expect(await assets.usedTransformations({ cloud, transformations })).toEqual(new Set(['c_fill']));
      expect(await assets.usedTransformations({ cloud: 'other', transformations })).toEqual(new Set());
      expect(await assets.usedTransformations({ cloud, transformations: [] })).toEqual(new Set());
    });

    it('are removed by asset or by transformation, and their blobs named', async () => {
      const { assets } = fixture();
      const [cat, dog] = [await stored('cat'), await stored('dog')];
      const blobs: string[] = [];
      for (const { assetId, versionId } of [cat, dog]) {
        for (const transformation of ['c_fill', 'c_pad']) {
          const one = derivedFacts(transformation);
          blobs.push(one.blobKey);
          await assets.addDerived(cloud, { ...one, assetId, versionId });
        }
      }
      const byTransformation = await assets.deleteDerived({ cloud, transformation: 'c_fill' });
      expect(byTransformation.sort()).toEqual([blobs[0], blobs[2]].sort());
      expect(await assets.deleteDerived({ cloud, assetId: cat.assetId })).toEqual([blobs[1]]);
      expect(await assets.listDerived(cloud, dog.assetId)).toHaveLength(1);
    });
  });
}
