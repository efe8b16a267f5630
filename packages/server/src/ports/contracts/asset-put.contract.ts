import { describe, expect, it } from 'vitest';
import {
  type AssetStoreFixture,
  address,
  cloud,
  derivedFacts,
  job,
  listing,
  nowMs,
  upload,
} from './asset-samples.contract.js';

/** The part of the AssetStore contract about the row that `putAsset` writes. */
export function assetPutContract(fixture: () => AssetStoreFixture): void {
  describe('putAsset', () => {
    it('creates: decides version and creation time, gives everything back', async () => {
      const { assets } = fixture();
      const command = upload('cat', {
        tags: ['b', 'a', 'b'],
        context: { alt: 'a cat' },
        media: { width: 1, height: 2, pages: 3, orientation: 6, hasAlpha: true, video: { duration: 1.5 } },
        faceCoordinates: [{ left: 1, top: 2, width: 3, height: 4 }],
        customCoordinates: [{ left: 5, top: 6, width: 7, height: 8 }],
        extra: { headers: ['X-Robots-Tag: noindex'], metadata: { in_stock: 50 } },
      });
      const { newAssetId, ...facts } = command.asset;
      const expected = { ...facts, assetId: newAssetId, createdAtMs: nowMs, version: nowMs / 1000 };

      const result = await assets.putAsset(command);
      expect(result).toEqual({ outcome: 'created', asset: expected, derived: [] });
      expect(await assets.findAsset(address('cat'))).toEqual(expected);
      expect(await assets.findAssetById(cloud, newAssetId)).toEqual(expected);
    });

    it('keeps what may be null as null', async () => {
      const none = { format: null, originalFilename: null, originalExtension: null, media: null };
      await fixture().assets.putAsset(upload('raw.bin', { ...none, resourceType: 'raw' }));
      expect(await fixture().assets.findAsset(address('raw.bin', { resourceType: 'raw' }))).toMatchObject(
        none,
      );
    });

    it('counts the version in whole seconds', async () => {
      const result = await fixture().assets.putAsset(upload('cat', { updatedAtMs: 1_700_000_000_999 }));
      expect(result).toMatchObject({ asset: { version: 1_700_000_000 } });
    });

    it('overwrites: keeps identity and creation, replaces the rest, names the blobs that are free', async () => {
      const { assets } = fixture();
      const first = upload(
        'cat',
        { tags: ['old'], context: { a: '1' } },
        { derived: [derivedFacts('c_fill')] },
      );
      await assets.putAsset(first);
      const second = upload(
        'cat',
        { tags: ['new'], bytes: 7, updatedAtMs: nowMs + 5_000 },
        { derived: [derivedFacts('c_pad')] },
      );
      const result = await assets.putAsset(second);

      const { newAssetId: _, ...facts } = second.asset;
      const asset = {
        ...facts,
        assetId: first.asset.newAssetId,
        createdAtMs: nowMs,
        version: nowMs / 1000 + 5,
      };
      const derived = [{ ...second.derived[0], assetId: asset.assetId, versionId: asset.versionId }];
      expect(result).toEqual({
        outcome: 'overwritten',
        asset,
        derived,
        orphanedBlobs: [first.asset.blobKey, first.derived[0]?.blobKey],
      });
      expect(await assets.findAsset(address('cat'))).toEqual(asset);
      expect(await assets.listDerived(cloud, asset.assetId)).toEqual(derived);
      expect((await assets.listAssets(listing({ tag: 'old' }))).assets).toEqual([]);
      expect((await assets.listAssets(listing({ tag: 'new' }))).assets).toEqual([asset]);
      expect(await assets.counts(cloud)).toEqual({ assets: 1, derived: 1, bytes: 7 + 1234 });
    });

    it('never calls a blob free that the new version uses', async () => {
      const { assets } = fixture();
      const first = upload('cat');
      await assets.putAsset(first);
      const result = await assets.putAsset(upload('cat', { blobKey: first.asset.blobKey }));
      expect(result).toMatchObject({ outcome: 'overwritten', orphanedBlobs: [] });
    });

    it('raises the version above the one before, within one second and when the clock steps back', async () => {
      const { assets } = fixture();
      await assets.putAsset(upload('cat'));
      const same = await assets.putAsset(upload('cat'));
      const back = await assets.putAsset(upload('cat', { updatedAtMs: nowMs - 60_000 }));
      expect(same).toMatchObject({ asset: { version: nowMs / 1000 + 1 } });
      expect(back).toMatchObject({ asset: { version: nowMs / 1000 + 2 } });
    });

    it('leaves an existing asset alone without overwrite, and writes nothing', async () => {
      const { assets, jobs } = fixture();
      const first = upload('cat', { tags: ['kept'] });
      await assets.putAsset(first);
      const before = await assets.findAsset(address('cat'));
      const signatureUse = { hash: 'h', expiresAtMs: nowMs + 1 };
      const result = await assets.putAsset(
        upload(
          'cat',
          { tags: ['lost'] },
          {
            overwrite: false,
            derived: [derivedFacts('c_fill')],
            jobs: [job()],
            deleteToken: { tokenHash: 't', expiresAtMs: nowMs + 1 },
            signatureUse,
          },
        ),
      );
      expect(result).toEqual({ outcome: 'exists', asset: before });
      expect(await assets.findAsset(address('cat'))).toEqual(before);
      expect((await assets.listAssets(listing({ tag: 'lost' }))).assets).toEqual([]);
      expect(await assets.listDerived(cloud, first.asset.newAssetId)).toEqual([]);
      expect(await jobs.counts()).toEqual({ ready: 0, leased: 0, dead: 0 });
      expect(await assets.takeDeleteToken({ cloud, tokenHash: 't', nowMs })).toBeNull();
      expect(await assets.putAsset(upload('dog', {}, { signatureUse }))).toMatchObject({
        outcome: 'created',
      });
    });

    it('keeps addresses apart by every part, exactly', async () => {
      const { assets } = fixture();
      const addresses = [
        address('Cat'),
        address('cat'),
        address('cat '),
        address('cat', { resourceType: 'raw' }),
        address('cat', { type: 'private' }),
        address('cat', { cloud: 'other' }),
      ];
      for (const one of addresses) {
        expect(await assets.putAsset(upload(one.publicId, one, { overwrite: false }))).toMatchObject({
          outcome: 'created',
        });
      }
      for (const one of addresses) expect(await assets.findAsset(one)).toMatchObject(one);
    });
  });
}
