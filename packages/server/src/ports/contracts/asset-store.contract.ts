import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assetCommitContract } from './asset-commit.contract.js';
import { assetDerivedContract } from './asset-derived.contract.js';
import { assetListingContract } from './asset-listing.contract.js';
import { assetPartsContract } from './asset-parts.contract.js';
import { assetPutContract } from './asset-put.contract.js';
import { assetRaceContract } from './asset-race.contract.js';
import {
  type AssetStoreFixture,
  address,
  cloud,
  derivedFacts,
  listing,
  nowMs,
  upload,
} from './asset-samples.contract.js';
import { assetTextContract } from './asset-text.contract.js';
import { derivedTotalContract } from './derived-total.contract.js';

/** What every AssetStore must do, whatever it is made of. `open` gives empty data each time. */
export function assetStoreContract(name: string, open: () => Promise<AssetStoreFixture>): void {
  describe(`AssetStore: ${name}`, () => {
    let fixture: AssetStoreFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    describe('absence', () => {
      it('answers null, empty or false, never an error', async () => {
        const { assets } = fixture;
        const key = { assetId: 'a', versionId: 'v', transformation: 'c_fill', format: 'jpg' };
        expect(await assets.findAsset(address('none'))).toBeNull();
        expect(await assets.findAssetById(cloud, 'none')).toBeNull();
        expect(await assets.listAssets(listing())).toEqual({ assets: [], next: null });
        expect(await assets.deleteAsset(address('none'))).toBeNull();
        expect(await assets.findDerived({ cloud, ...key })).toBeNull();
        expect(await assets.listDerived(cloud, 'none')).toEqual([]);
        expect(await assets.deleteDerived({ cloud, assetId: 'none' })).toEqual([]);
        expect(await assets.addDerived(cloud, { ...derivedFacts('c_fill'), ...key })).toBe(false);
        expect(await assets.takeDeleteToken({ cloud, tokenHash: 'none', nowMs })).toBeNull();
        expect(await assets.referencedBlobs([])).toEqual(new Set());
        expect(await assets.referencedBlobs(['none'])).toEqual(new Set());
        expect(await assets.listBlobKeys({ after: null, limit: 10 })).toEqual([]);
        expect(await assets.counts(cloud)).toEqual({ assets: 0, derived: 0, bytes: 0 });
      });
    });

    describe('clouds', () => {
      it('never see each other', async () => {
        const { assets } = fixture;
        const command = upload('cat', { tags: ['pet'] }, { derived: [derivedFacts('c_fill')] });
        await assets.putAsset(command);
        const { newAssetId: assetId, versionId } = command.asset;
        const elsewhere = { cloud: 'other' };
        expect(await assets.findAsset(address('cat', elsewhere))).toBeNull();
        expect(await assets.findAssetById('other', assetId)).toBeNull();
        for (const narrowed of [{}, { tag: 'pet' }, { prefix: '' }, { publicIds: ['cat'] }]) {
          expect((await assets.listAssets(listing({ ...elsewhere, ...narrowed }))).assets).toEqual([]);
        }
        const key = { assetId, versionId, transformation: 'c_fill', format: 'jpg' };
        expect(await assets.findDerived({ ...elsewhere, ...key })).toBeNull();
        expect(await assets.addDerived('other', { ...derivedFacts('c_pad'), assetId, versionId })).toBe(
          false,
        );
        expect(await assets.listDerived('other', assetId)).toEqual([]);
        expect(await assets.deleteDerived({ ...elsewhere, assetId })).toEqual([]);
        expect(await assets.deleteDerived({ ...elsewhere, transformation: 'c_fill' })).toEqual([]);
        expect(await assets.deleteAsset(address('cat', elsewhere))).toBeNull();
        expect(await assets.counts('other')).toEqual({ assets: 0, derived: 0, bytes: 0 });
        expect(await assets.counts(cloud)).toMatchObject({ assets: 1, derived: 1 });
      });
    });

    assetPutContract(() => fixture);
    assetCommitContract(() => fixture);
    assetRaceContract(() => fixture);
    assetTextContract(() => fixture);
    assetListingContract(() => fixture.assets);
    assetDerivedContract(() => fixture);
    assetPartsContract(() => fixture);
    derivedTotalContract(() => fixture);
  });
}
