import { describe, expect, it } from 'vitest';
import { DuplicateError } from '../io.js';
import {
  type AssetStoreFixture,
  address,
  derivedFacts,
  job,
  listing,
  nowMs,
  upload,
} from './asset-samples.contract.js';

/** The part of the AssetStore contract about what `putAsset` writes with the row: all of it or nothing. */
export function assetCommitContract(fixture: () => AssetStoreFixture): void {
  describe('putAsset, as one', () => {
    it('commits jobs with the row', async () => {
      const { assets, jobs } = fixture();
      const one = job({ payload: { publicId: 'cat' } });
      await assets.putAsset(upload('cat', {}, { jobs: [one] }));
      expect(await jobs.claim({ kinds: ['notify'], nowMs, leaseMs: 1 })).toMatchObject(one);
    });

    it('writes nothing at all when one part cannot be written', async () => {
      const { assets, jobs } = fixture();
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
      const { assets, jobs } = fixture();
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
      const { assets, jobs } = fixture();
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
      await expect(fixture().assets.putAsset(upload('cat'), { signal })).rejects.toBe(reason);
      expect(await fixture().assets.findAsset(address('cat'))).toBeNull();
    });

    it('lets a signature complete one upload', async () => {
      const { assets } = fixture();
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
  });
}
