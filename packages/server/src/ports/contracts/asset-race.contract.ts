import { describe, expect, it } from 'vitest';
import { type AssetStoreFixture, address, nowMs, upload } from './asset-samples.contract.js';

/** The part of the AssetStore contract about several who put and read one asset. */
export function assetRaceContract(fixture: () => AssetStoreFixture): void {
  describe('putAsset, in a race', () => {
    it('shows a version whole or not at all', async () => {
      const writer = fixture().assets;
      const reader = await fixture().connect();
      const bytesOf = new Map<string, number>();
      const versions = Array.from({ length: 20 }, (_, bytes) =>
        upload('cat', { bytes, tags: [`t${bytes}`] }),
      );
      for (const { asset } of versions) bytesOf.set(asset.versionId, asset.bytes);
      const writing = (async () => {
        for (const version of versions) await writer.putAsset(version);
      })();
      for (let seen = 0; seen < 200; seen++) {
        const asset = await reader.findAsset(address('cat'));
        if (asset !== null) {
          expect(asset.bytes).toBe(bytesOf.get(asset.versionId));
          expect(asset.tags).toEqual([`t${asset.bytes}`]);
        }
        await new Promise(setImmediate);
      }
      await writing;
    });

    it.each([
      { overwrite: true, rest: 'overwritten' },
      { overwrite: false, rest: 'exists' },
    ])('of many at once for one id creates one; the rest are $rest', async ({ overwrite, rest }) => {
      const stores = [fixture().assets, await fixture().connect(), await fixture().connect()];
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          stores[i % stores.length]?.putAsset(upload('cat', {}, { overwrite })),
        ),
      );
      const outcomes = results.map((result) => result?.outcome).sort();
      expect(outcomes).toEqual(['created', ...Array(11).fill(rest)].sort());
      const kept = await fixture().assets.findAsset(address('cat'));
      expect(kept?.version).toBe(nowMs / 1000 + (overwrite ? 11 : 0));
      const blobs = await fixture().assets.listBlobKeys({ after: null, limit: 100 });
      expect(blobs).toEqual([kept?.blobKey]);
    });
  });
}
