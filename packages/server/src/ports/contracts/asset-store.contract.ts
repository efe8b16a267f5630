import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DuplicateError } from '../io.js';
import { assetListingContract } from './asset-listing.contract.js';
import { assetPartsContract } from './asset-parts.contract.js';
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

    describe('putAsset', () => {
      it('creates: decides version and creation time, gives everything back', async () => {
        const { assets } = fixture;
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
        await fixture.assets.putAsset(upload('raw.bin', { ...none, resourceType: 'raw' }));
        expect(await fixture.assets.findAsset(address('raw.bin', { resourceType: 'raw' }))).toMatchObject(
          none,
        );
      });

      it('counts the version in whole seconds', async () => {
        const result = await fixture.assets.putAsset(upload('cat', { updatedAtMs: 1_700_000_000_999 }));
        expect(result).toMatchObject({ asset: { version: 1_700_000_000 } });
      });

      it('overwrites: keeps identity and creation, replaces the rest, names the blobs that are free', async () => {
        const { assets } = fixture;
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
        const { assets } = fixture;
        const first = upload('cat');
        await assets.putAsset(first);
        const result = await assets.putAsset(upload('cat', { blobKey: first.asset.blobKey }));
        expect(result).toMatchObject({ outcome: 'overwritten', orphanedBlobs: [] });
      });

      it('raises the version above the one before, within one second and when the clock steps back', async () => {
        const { assets } = fixture;
        await assets.putAsset(upload('cat'));
        const same = await assets.putAsset(upload('cat'));
        const back = await assets.putAsset(upload('cat', { updatedAtMs: nowMs - 60_000 }));
        expect(same).toMatchObject({ asset: { version: nowMs / 1000 + 1 } });
        expect(back).toMatchObject({ asset: { version: nowMs / 1000 + 2 } });
      });

      it('leaves an existing asset alone without overwrite, and writes nothing', async () => {
        const { assets, jobs } = fixture;
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
        const { assets } = fixture;
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

      it('commits jobs with the row', async () => {
        const { assets, jobs } = fixture;
        const one = job({ payload: { publicId: 'cat' } });
        await assets.putAsset(upload('cat', {}, { jobs: [one] }));
        expect(await jobs.claim({ kinds: ['notify'], nowMs, leaseMs: 1 })).toMatchObject(one);
      });

      it('writes nothing at all when one part cannot be written', async () => {
        const { assets, jobs } = fixture;
        const taken = job();
        await jobs.enqueue([taken]);
        const failing = upload(
          'cat',
          { tags: ['tag'] },
          {
            derived: [derivedFacts('c_fill')],
            jobs: [job(), taken],
            signatureUse: { hash: 'h', expiresAtMs: nowMs },
          },
        );
        await expect(assets.putAsset(failing)).rejects.toBeInstanceOf(DuplicateError);
        expect(await assets.findAsset(address('cat'))).toBeNull();
        expect((await assets.listAssets(listing({ tag: 'tag' }))).assets).toEqual([]);
        expect(await assets.listBlobKeys({ after: null, limit: 10 })).toEqual([]);
        expect(await jobs.counts()).toEqual({ ready: 1, leased: 0, dead: 0 });
        expect(await assets.putAsset({ ...failing, jobs: [] })).toMatchObject({ outcome: 'created' });
      });

      it('ends the job it is, once, and only for who has the job in hand', async () => {
        const { assets, jobs } = fixture;
        await jobs.enqueue([job()]);
        const held = await jobs.claim({ kinds: ['notify'], nowMs, leaseMs: 1000 });
        if (held === null) throw new Error('not claimed');
        const asNobody = upload('cat', {}, { job: { id: held.id, leaseToken: 'of somebody else' } });
        expect(await assets.putAsset(asNobody)).toEqual({ outcome: 'lease-lost' });
        expect(await jobs.counts()).toEqual({ ready: 0, leased: 1, dead: 0 });
        expect(await assets.putAsset(upload('cat', {}, { job: held }))).toMatchObject({ outcome: 'created' });
        expect(await jobs.counts()).toEqual({ ready: 0, leased: 0, dead: 0 });
        await assets.deleteAsset(address('cat'));
        expect(await assets.putAsset(upload('cat', {}, { job: held }))).toEqual({ outcome: 'lease-lost' });
        expect(await assets.findAsset(address('cat'))).toBeNull();
      });

      it('lets the next job of the subject run with the end of the job it is, those that it adds after it', async () => {
        const { assets, jobs } = fixture;
        const [first, second, third] = [1, 2, 3].map(() => job({ subject: 'demo/upload/cat' }));
        if (first === undefined || second === undefined || third === undefined) throw new Error('no jobs');
        const claim = () => jobs.claim({ kinds: ['notify'], nowMs, leaseMs: 1000 });
        await jobs.enqueue([first, second]);
        const held = await claim();
        expect(await claim()).toBeNull();
        await assets.putAsset(upload('cat', {}, { job: held, jobs: [third] }));
        expect(await claim()).toMatchObject({ id: second.id });
        expect(await claim()).toBeNull();
      });

      it('writes nothing when it was aborted', async () => {
        const reason = new Error('client went away');
        const signal = AbortSignal.abort(reason);
        await expect(fixture.assets.putAsset(upload('cat'), { signal })).rejects.toBe(reason);
        expect(await fixture.assets.findAsset(address('cat'))).toBeNull();
      });

      it('lets a signature complete one upload', async () => {
        const { assets } = fixture;
        const signatureUse = { hash: 'h', expiresAtMs: nowMs + 3_600_000 };
        expect(await assets.putAsset(upload('a', {}, { signatureUse }))).toMatchObject({
          outcome: 'created',
        });
        expect(await assets.putAsset(upload('b', {}, { signatureUse }))).toEqual({
          outcome: 'signature-used',
        });
        expect(await assets.putAsset(upload('a', {}, { signatureUse }))).toEqual({
          outcome: 'signature-used',
        });
        expect(await assets.findAsset(address('b'))).toBeNull();
        const elsewhere = upload('b', { cloud: 'other' }, { signatureUse });
        expect(await assets.putAsset(elsewhere)).toMatchObject({ outcome: 'created' });
      });

      it('shows a version whole or not at all', async () => {
        const writer = fixture.assets;
        const reader = await fixture.connect();
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
        const stores = [fixture.assets, await fixture.connect(), await fixture.connect()];
        const results = await Promise.all(
          Array.from({ length: 12 }, (_, i) =>
            stores[i % stores.length]?.putAsset(upload('cat', {}, { overwrite })),
          ),
        );
        const outcomes = results.map((result) => result?.outcome).sort();
        expect(outcomes).toEqual(['created', ...Array(11).fill(rest)].sort());
        const kept = await fixture.assets.findAsset(address('cat'));
        expect(kept?.version).toBe(nowMs / 1000 + (overwrite ? 11 : 0));
        const blobs = await fixture.assets.listBlobKeys({ after: null, limit: 100 });
        expect(blobs).toEqual([kept?.blobKey]);
      });
    });

    describe('hostile text', () => {
      it.each([
        [`a'; drop table asset; --`],
        ['"quoted" \\ back `tick`'],
        ['100%_[x]*?'],
        ['emoji \u{1f600}\u{1f468}\u200d\u{1f469}'],
        ['e\u0301 \u00e9'],
        ['x'.repeat(255)],
        ['\u4e2d'.repeat(255)],
        ['../../etc/passwd'],
      ])('%j is only a name', async (text) => {
        const { assets } = fixture;
        await assets.putAsset(upload(text, { tags: [text], context: { [text]: text }, displayName: text }));
        const found = await assets.findAsset(address(text));
        expect(found).toMatchObject({ publicId: text, tags: [text], displayName: text });
        expect(found?.context[text]).toBe(text);
        expect((await assets.listAssets(listing({ tag: text }))).assets).toHaveLength(1);
        expect((await assets.listAssets(listing({ prefix: text }))).assets).toHaveLength(1);
        expect(await assets.deleteAsset(address(text))).not.toBeNull();
      });

      it.each([['a\0b'], ['a\ud800b']])('%j is refused, not cut', async (text) => {
        await expect(fixture.assets.putAsset(upload(text))).rejects.toThrow();
        expect((await fixture.assets.listAssets(listing())).assets).toEqual([]);
      });

      it('keeps context keys that name parts of objects as data', async () => {
        const { assets } = fixture;
        const context = JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}');
        await assets.putAsset(upload('cat', { context, extra: context }));
        const found = await assets.findAsset(address('cat'));
        expect(Object.entries(found?.context ?? {})).toEqual(Object.entries(context));
        expect(Object.entries(found?.extra ?? {})).toEqual(Object.entries(context));
        expect(({} as Record<string, unknown>).x).toBeUndefined();
        await assets.putAsset(upload('dog', { context: {} }));
        expect((await assets.findAsset(address('dog')))?.context.constructor).toBeUndefined();
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

    assetListingContract(() => fixture.assets);
    assetPartsContract(() => fixture);
    derivedTotalContract(() => fixture);
  });
}
