import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AssetStore } from '../asset-store.js';
import type { ChunkedUpload, ChunkStore, StoredChunk, UploadKey } from '../chunk-store.js';
import { address, nowMs, upload as putCommand } from './asset-samples.contract.js';

export interface ChunkStoreFixture {
  readonly chunks: ChunkStore;
  /** Ends chunked uploads in its own transaction. */
  readonly assets: AssetStore;
  /** Another, independent connection to the same data. */
  connect(): Promise<ChunkStore>;
  close(): Promise<void>;
}

const key: UploadKey = { cloud: 'demo', owner: 'key:one', uploadId: 'upload of one' };
const hexId = () => randomBytes(16).toString('hex');
const everything = { start: 0, end: Number.MAX_SAFE_INTEGER };

function newUpload(changes: Partial<ChunkedUpload> = {}): ChunkedUpload {
  return {
    id: hexId(),
    resourceType: 'image',
    publicId: 'größe/日本',
    filename: { stem: 'photo', extension: 'jpg' },
    totalBytes: 3_000_000_000,
    receivedBytes: 0,
    endBytes: 0,
    network: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    lease: null,
    finished: null,
    ...changes,
  };
}

function chunk(start: number, end: number): StoredChunk {
  return { start, end, md5: hexId(), blobKey: `o-${hexId()}` };
}

/** What every ChunkStore must do. `open` gives an empty store each time. */
export function chunkStoreContract(name: string, open: () => Promise<ChunkStoreFixture>): void {
  describe(`ChunkStore: ${name}`, () => {
    let fixture: ChunkStoreFixture;
    let store: ChunkStore;
    beforeEach(async () => {
      fixture = await open();
      store = fixture.chunks;
    });
    afterEach(() => fixture.close());

    const write = (upload: ChunkedUpload, added: StoredChunk | null = null, at: UploadKey = key) =>
      store.change(at, everything, () => ({ write: { upload, chunk: added }, result: null }));
    const look = (at: UploadKey = key, span = everything) =>
      store.change(at, span, (found) => ({ write: null, result: found }));
    /** An upload of some chunks that somebody is putting together. */
    const leased = async (token = 'mine', untilMs = nowMs + 1_000) => {
      const upload = newUpload({ lease: { token, untilMs } });
      const parts = [chunk(10, 20), chunk(0, 10)];
      for (const part of parts) await write(upload, part);
      return { upload, parts, lease: { id: upload.id, token } };
    };

    it('answers null, empty or false when it is empty', async () => {
      const lease = { id: 'none', token: 'none' };
      const nothing = { uploads: 0, bytes: 0 };
      expect(await look()).toEqual({ upload: null, touching: [], open: nothing, openOfNetwork: nothing });
      expect(await store.find(key)).toBeNull();
      expect(await store.listChunks('none')).toEqual([]);
      expect(await store.renewLease(lease, nowMs)).toBe(false);
      await store.releaseLease(lease);
      expect(await store.finish(lease, { outcome: { failure: 'x' }, nowMs })).toEqual([]);
      const request = { openBeforeMs: nowMs, finishedBeforeMs: nowMs, nowMs, limit: 10 };
      expect(await store.takeExpired(request)).toEqual({ uploads: 0, blobKeys: [] });
      expect(await store.referencedBlobs([])).toEqual(new Set());
    });

    it('gives an upload back as it was written, and its chunks in order', async () => {
      const upload = newUpload();
      const parts = [chunk(2_000_000_000, 3_000_000_000), chunk(0, 1_000_000_000)] as const;
      await write(upload, parts[0]);
      const after = {
        ...newUpload({ id: upload.id }),
        receivedBytes: 2_000_000_000,
        endBytes: 3_000_000_000,
        updatedAtMs: nowMs + 5,
        lease: { token: 't', untilMs: nowMs + 9 },
      };
      await write(after, parts[1]);
      expect(await store.find(key)).toEqual(after);
      expect(await store.listChunks(upload.id)).toEqual([parts[1], parts[0]]);
      const bare = newUpload({ publicId: null, filename: null, totalBytes: null, resourceType: 'auto' });
      await write(bare, null, { ...key, uploadId: 'bare' });
      expect(await store.find({ ...key, uploadId: 'bare' })).toEqual(bare);
    });

    it('shows the chunks that share a byte with the span, and no others', async () => {
      const upload = newUpload();
      const parts = [chunk(0, 10), chunk(10, 20), chunk(30, 40)] as const;
      for (const part of parts) await write(upload, part);
      const touching = async (start: number, end: number) => (await look(key, { start, end })).touching;
      expect(await touching(20, 30)).toEqual([]);
      expect(await touching(19, 31)).toEqual([parts[1], parts[2]]);
      expect(await touching(10, 20)).toEqual([parts[1]]);
      expect(await touching(3, 4)).toEqual([parts[0]]);
      expect(await touching(10, 10)).toEqual([]);
    });

    it('keeps clouds, owners and upload ids apart', async () => {
      const others = [
        { ...key, cloud: 'other' },
        { ...key, owner: 'preset:one' },
        { ...key, uploadId: 'another' },
      ];
      await write(newUpload({ receivedBytes: 7 }), chunk(0, 7));
      for (const other of others) {
        const found = await look(other);
        expect(found).toMatchObject({ upload: null, touching: [] });
      }
      expect((await look(key)).open).toEqual({ uploads: 1, bytes: 7 });
      expect((await look(others[0])).open).toEqual({ uploads: 0, bytes: 0 });
      expect((await look(others[1])).open).toEqual({ uploads: 0, bytes: 0 });
      expect((await look(others[2])).open).toEqual({ uploads: 1, bytes: 7 });
    });

    it('sums up what one network began: that of the upload, else that of who asks', async () => {
      const at = (uploadId: string): UploadKey => ({ ...key, uploadId });
      await write(newUpload({ network: 'a', receivedBytes: 7 }), null, at('1'));
      await write(newUpload({ network: 'a', receivedBytes: 5 }), null, at('2'));
      await write(newUpload({ network: 'b', receivedBytes: 3 }), null, at('3'));
      await write(newUpload({ receivedBytes: 1 }), null, at('4'));
      const ofNetwork = async (uploadId: string, network?: string | null) => {
        const asked = { ...everything, ...(network === undefined ? {} : { network }) };
        const found = await store.change(at(uploadId), asked, (seen) => ({ write: null, result: seen }));
        expect(found.open).toEqual({ uploads: 4, bytes: 16 });
        return found.openOfNetwork;
      };
      expect(await ofNetwork('new', 'a')).toEqual({ uploads: 2, bytes: 12 });
      expect(await ofNetwork('new', 'c')).toEqual({ uploads: 0, bytes: 0 });
      expect(await ofNetwork('new', null)).toEqual({ uploads: 0, bytes: 0 });
      expect(await ofNetwork('3', 'a')).toEqual({ uploads: 1, bytes: 3 });
      expect(await ofNetwork('4', 'a')).toEqual({ uploads: 0, bytes: 0 });
    });

    it('writes nothing when it is told nothing, throws or is aborted', async () => {
      await look();
      const failure = new Error('no');
      const throwing = store.change(key, everything, () => {
        throw failure;
      });
      await expect(throwing).rejects.toBe(failure);
      const reason = new Error('gone');
      const signal = AbortSignal.abort(reason);
      const aborted = store.change(
        key,
        everything,
        () => ({ write: { upload: newUpload(), chunk: null }, result: 1 }),
        { signal },
      );
      await expect(aborted).rejects.toBe(reason);
      expect(await store.find(key)).toBeNull();
    });

    it('lets nobody come between look and write', async () => {
      const stores = [store, await fixture.connect(), await fixture.connect()];
      const id = hexId();
      await Promise.all(
        Array.from({ length: 30 }, (_, turn) => {
          const part = chunk(turn, turn + 1);
          return (stores[turn % stores.length] ?? store).change(key, part, ({ upload }) => {
            const before = upload ?? newUpload({ id });
            const after = { ...before, receivedBytes: before.receivedBytes + 1 };
            return { write: { upload: after, chunk: part }, result: null };
          });
        }),
      );
      expect((await store.find(key))?.receivedBytes).toBe(30);
      expect(await store.listChunks(id)).toHaveLength(30);
    });

    it('puts another upload in the place of one', async () => {
      const { upload } = await leased();
      const next = newUpload();
      await write(next, chunk(0, 5));
      expect(await store.find(key)).toEqual(next);
      expect(await store.listChunks(upload.id)).toEqual([]);
      expect(await store.listChunks(next.id)).toHaveLength(1);
    });

    it('renews and releases a lease for its holder only', async () => {
      const { lease } = await leased();
      expect(await store.renewLease({ ...lease, token: 'other' }, nowMs + 5_000)).toBe(false);
      expect(await store.renewLease(lease, nowMs + 5_000)).toBe(true);
      await store.releaseLease({ ...lease, token: 'other' });
      expect((await store.find(key))?.lease).toEqual({ token: 'mine', untilMs: nowMs + 5_000 });
      await store.releaseLease(lease);
      expect((await store.find(key))?.lease).toBeNull();
    });

    it('finishes for the holder of the lease only, and lets go of the bytes', async () => {
      const { upload, parts, lease } = await leased();
      const answer = { public_id: 'x', nested: [1, { a: null }] };
      expect(
        await store.finish({ ...lease, token: 'other' }, { outcome: { answer, usedSignature: 'h' }, nowMs }),
      ).toEqual([]);
      expect((await store.find(key))?.finished).toBeNull();

      const keys = parts.map(({ blobKey }) => blobKey ?? '');
      expect(await store.referencedBlobs([...keys, 'none'])).toEqual(new Set(keys));
      const freed = await store.finish(lease, { outcome: { answer, usedSignature: 'h' }, nowMs: nowMs + 7 });
      expect(freed.toSorted()).toEqual(keys.toSorted());
      expect(await store.referencedBlobs(keys)).toEqual(new Set());
      expect(await store.find(key)).toMatchObject({
        lease: null,
        updatedAtMs: nowMs + 7,
        finished: { assetId: null, outcome: { answer, usedSignature: 'h' } },
      });
      expect((await store.listChunks(upload.id)).map(({ md5 }) => md5)).toEqual([
        parts[1]?.md5,
        parts[0]?.md5,
      ]);
      expect((await look()).open).toEqual({ uploads: 0, bytes: 0 });
      expect(await store.finish(lease, { outcome: { failure: 'late' }, nowMs })).toEqual([]);
      expect(await store.renewLease(lease, nowMs)).toBe(false);
    });

    it('ends together with the asset, for the holder of the lease only and once', async () => {
      const { lease } = await leased();
      const { assets } = fixture;
      const lost = { ...lease, token: 'other' };
      expect(await assets.putAsset(putCommand('cat', {}, { finishes: lost }))).toEqual({
        outcome: 'lease-lost',
      });
      expect(await assets.findAsset(address('cat'))).toBeNull();

      const stored = await assets.putAsset(putCommand('cat', {}, { finishes: lease }));
      if (stored.outcome !== 'created') throw new Error(stored.outcome);
      const { assetId, version } = stored.asset;
      expect((await store.find(key))?.finished).toEqual({ assetId, outcome: null });
      expect(await assets.putAsset(putCommand('cat', {}, { finishes: lease }))).toEqual({
        outcome: 'lease-lost',
      });
      expect((await assets.findAsset(address('cat')))?.version).toBe(version);

      const freed = await store.finish(lease, { outcome: { answer: { a: 1 }, usedSignature: null }, nowMs });
      expect(freed).toHaveLength(2);
      expect((await store.find(key))?.finished).toEqual({
        assetId,
        outcome: { answer: { a: 1 }, usedSignature: null },
      });
    });

    it('gives up what nothing has happened to, unless somebody works on it', async () => {
      const at = (uploadId: string) => ({ ...key, uploadId });
      const old = { updatedAtMs: nowMs - 100 };
      const part = chunk(0, 5);
      await write(newUpload(old), part, at('old'));
      await write(newUpload({ updatedAtMs: nowMs - 10 }), chunk(0, 5), at('young'));
      await write(newUpload({ ...old, lease: { token: 't', untilMs: nowMs + 1 } }), null, at('under way'));
      await write(newUpload({ ...old, lease: { token: 't', untilMs: nowMs } }), null, at('lease over'));
      const finished = { assetId: 'a', outcome: { answer: {}, usedSignature: null } };
      await write(newUpload({ updatedAtMs: nowMs - 60, finished }), null, at('finished'));
      await write(newUpload({ ...old, finished }), null, at('finished long ago'));

      const request = { openBeforeMs: nowMs - 50, finishedBeforeMs: nowMs - 80, nowMs, limit: 2 };
      const taken = [await store.takeExpired(request), await store.takeExpired(request)];
      expect(taken.map(({ uploads }) => uploads)).toEqual([2, 1]);
      expect(taken.flatMap(({ blobKeys }) => blobKeys)).toEqual([part.blobKey]);
      expect(await store.takeExpired(request)).toEqual({ uploads: 0, blobKeys: [] });
      const left = ['old', 'young', 'under way', 'lease over', 'finished', 'finished long ago'].map(
        async (uploadId) => ((await store.find(at(uploadId))) === null ? [] : [uploadId]),
      );
      expect((await Promise.all(left)).flat()).toEqual(['young', 'under way', 'finished']);
    });
  });
}
