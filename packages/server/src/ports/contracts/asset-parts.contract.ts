import { describe, expect, it } from 'vitest';
import {
  type AssetStoreFixture,
  address,
  cloud,
  derivedFacts,
  listing,
  nowMs,
  upload,
} from './asset-samples.contract.js';

/** The part of the AssetStore contract about the removal of an asset, and what else hangs on it: delete tokens, blobs. */
export function assetPartsContract(fixture: () => AssetStoreFixture): void {
  describe('deleteAsset', () => {
    it('removes the asset with all that hangs on it and names the blobs', async () => {
      const { assets } = fixture();
      const command = upload(
        'cat',
        { tags: ['pet'] },
        { derived: [derivedFacts('c_fill'), derivedFacts('c_pad')] },
      );
      await assets.putAsset(command);
      const found = await assets.findAsset(address('cat'));
      const deleted = await assets.deleteAsset(address('cat'));
      expect(deleted).toEqual({ asset: found, derivedCount: 2, orphanedBlobs: expect.anything() });
      expect([...(deleted?.orphanedBlobs ?? [])].sort()).toEqual(
        [command.asset.blobKey, ...command.derived.map(({ blobKey }) => blobKey)].sort(),
      );
      expect(await assets.findAsset(address('cat'))).toBeNull();
      expect((await assets.listAssets(listing({ tag: 'pet' }))).assets).toEqual([]);
      expect(await assets.listDerived(cloud, command.asset.newAssetId)).toEqual([]);
      expect(await assets.deleteAsset(address('cat'))).toBeNull();
      expect(await assets.putAsset(upload('cat'))).toMatchObject({ outcome: 'created' });
    });
  });

  describe('delete tokens', () => {
    const deleteToken = { tokenHash: 'hash', expiresAtMs: nowMs + 600_000 };
    const take = (changes = {}) =>
      fixture().assets.takeDeleteToken({ cloud, tokenHash: 'hash', nowMs, ...changes });

    it('give the address once', async () => {
      await fixture().assets.putAsset(upload('cat', {}, { deleteToken }));
      expect(await take({ tokenHash: 'other' })).toBeNull();
      expect(await take({ cloud: 'other' })).toBeNull();
      expect(await take()).toEqual(address('cat'));
      expect(await take()).toBeNull();
    });

    it('are taken by one of many', async () => {
      await fixture().assets.putAsset(upload('cat', {}, { deleteToken }));
      const stores = [fixture().assets, await fixture().connect()];
      const taken = await Promise.all(
        stores.map((store) => store.takeDeleteToken({ cloud, tokenHash: 'hash', nowMs })),
      );
      expect(taken.filter((one) => one !== null)).toHaveLength(1);
    });

    it.each([
      [deleteToken.expiresAtMs - 1, true],
      [deleteToken.expiresAtMs, false],
    ])('at %d work: %s', async (atMs, works) => {
      await fixture().assets.putAsset(upload('cat', {}, { deleteToken }));
      expect((await take({ nowMs: atMs })) !== null).toBe(works);
    });

    it('end with the version they were given for', async () => {
      await fixture().assets.putAsset(upload('cat', {}, { deleteToken }));
      await fixture().assets.putAsset(upload('cat'));
      expect(await take()).toBeNull();
    });

    it('end with the asset', async () => {
      await fixture().assets.putAsset(upload('cat', {}, { deleteToken }));
      await fixture().assets.deleteAsset(address('cat'));
      await fixture().assets.putAsset(upload('cat'));
      expect(await take()).toBeNull();
    });
  });

  describe('blobs', () => {
    it('are reported while a row of any cloud refers to them', async () => {
      const { assets } = fixture();
      const mine = upload('cat', {}, { derived: [derivedFacts('c_fill')] });
      const theirs = upload('cat', { cloud: 'other' });
      await assets.putAsset(mine);
      await assets.putAsset(theirs);
      const keys = [mine.asset.blobKey, mine.derived[0]?.blobKey ?? '', theirs.asset.blobKey].sort();
      const many = Array.from({ length: 2_000 }, (_, i) => `absent/${i}`);
      expect(await assets.referencedBlobs([...many, ...keys])).toEqual(new Set(keys));

      const paged: string[] = [];
      for (let after: string | null = null; ; ) {
        const page = await assets.listBlobKeys({ after, limit: 2 });
        paged.push(...page);
        const last = page.at(-1);
        if (last === undefined) break;
        after = last;
      }
      expect(paged).toEqual(keys);
    });
  });
}
