import { mkdtemp, rm, unlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskBlobStore } from '../adapters/disk/disk-blob-store.js';
import { openChunkStore } from '../adapters/sql/chunk-store.js';
import { temporaryDatabase } from '../adapters/sql/temporary-database.test-support.js';
import type { ChunkedUpload } from '../ports/chunk-store.js';
import { type SweepDeps, sweep } from './sweep.js';

const HOUR_MS = 3_600_000;
const options = { graceMs: HOUR_MS, stagingMaxAgeMs: 24 * HOUR_MS, openUploadMaxAgeMs: 24 * HOUR_MS };

let root: string;
let blobs: DiskBlobStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'counterseal-sweep-'));
  blobs = await DiskBlobStore.open(root);
});
afterEach(async () => {
  await blobs.close();
  await rm(root, { recursive: true });
});

async function* once(text: string) {
  yield Buffer.from(text);
}
const stage = (text = 'bytes') => blobs.stage(once(text), { maxBytes: 100 });
const put = async () => {
  const key = blobs.newKey('original');
  await blobs.promote(await stage(), key);
  return key;
};

/** Rows and jobs as plain sets; the clock is two hours ahead unless told otherwise, so that what was just written is old. */
const world = ({
  rows = [] as string[],
  jobs = [] as string[],
  chunks = [] as string[],
  aheadMs = 2 * HOUR_MS,
} = {}) => {
  const logged: { message: string; blobKey: unknown }[] = [];
  const log = (message: string, fields?: Readonly<Record<string, unknown>>) =>
    void logged.push({ message, blobKey: fields?.blobKey });
  const inRows = new Set(rows);
  const inJobs = new Set(jobs);
  const inChunks = new Set(chunks);
  const ofThese = (held: ReadonlySet<string>) => async (keys: readonly string[]) =>
    new Set(keys.filter((key) => held.has(key)));
  const deps: SweepDeps = {
    blobs,
    assets: {
      referencedBlobs: ofThese(inRows),
      listBlobKeys: async ({ after, limit }) =>
        [...inRows]
          .sort()
          .filter((key) => after === null || key > after)
          .slice(0, limit),
    },
    jobs: { referencedBlobs: ofThese(inJobs) },
    chunks: {
      referencedBlobs: ofThese(inChunks),
      takeExpired: async () => ({ uploads: 0, blobKeys: [] }),
    },
    clock: { now: () => Date.now() + aheadMs },
    logger: { debug: log, info: log, warn: log, error: log },
  };
  return { deps, logged, inRows, inJobs };
};

describe('sweep', () => {
  it('removes old blobs that no row and no living job refers to, and only those', async () => {
    const [ofRow, ofJob, ofUpload, orphan] = [await put(), await put(), await put(), await put()];
    const { deps, logged } = world({ rows: [ofRow], jobs: [ofJob], chunks: [ofUpload] });
    expect(await sweep(deps, options)).toEqual({
      removedBlobs: 1,
      removedStaged: 0,
      removedUploads: 0,
      missingBlobs: 0,
    });
    expect(await blobs.stat(ofRow)).not.toBeNull();
    expect(await blobs.stat(ofJob)).not.toBeNull();
    expect(await blobs.stat(ofUpload)).not.toBeNull();
    expect(await blobs.stat(orphan)).toBeNull();
    expect(logged).toEqual([{ message: 'removed a blob that nothing refers to', blobKey: orphan }]);
    expect(await sweep(deps, options)).toEqual({
      removedBlobs: 0,
      removedStaged: 0,
      removedUploads: 0,
      missingBlobs: 0,
    });
  });

  it('spares young blobs: their row may be on its way', async () => {
    const young = await put();
    const { deps } = world({ aheadMs: HOUR_MS - 60_000 });
    expect((await sweep(deps, options)).removedBlobs).toBe(0);
    expect(await blobs.stat(young)).not.toBeNull();
  });

  it('counts grace from promotion, however long the upload took', async () => {
    const staged = await stage();
    const longAgo = new Date(Date.now() - 20 * HOUR_MS);
    await utimes(staged.path, longAgo, longAgo);
    await blobs.promote(staged, blobs.newKey('original'));
    expect((await sweep(world({ aheadMs: 0 }).deps, options)).removedBlobs).toBe(0);
  });

  it('misses no blob that passes from its job to a row while it looks', async () => {
    const key = await put();
    const { deps, inRows, inJobs } = world({ jobs: [key] });
    const askJobs = deps.jobs.referencedBlobs;
    const moving: SweepDeps = {
      ...deps,
      jobs: {
        referencedBlobs: async (keys, io) => {
          const found = await askJobs(keys, io);
          inRows.add(key);
          inJobs.delete(key);
          return found;
        },
      },
    };
    expect((await sweep(moving, options)).removedBlobs).toBe(0);
    expect(await blobs.stat(key)).not.toBeNull();
  });

  it('removes stale staging files and spares uploads under way', async () => {
    const stale = await stage();
    const longAgo = new Date(Date.now() - 30 * HOUR_MS);
    await utimes(stale.path, longAgo, longAgo);
    const underWay = await stage();
    const { deps } = world({ aheadMs: 0 });
    expect((await sweep(deps, options)).removedStaged).toBe(1);
    await blobs.promote(underWay, blobs.newKey('original'));
  });

  it('gives up chunked uploads that have stopped, with their chunks, and spares the others', async () => {
    const database = await temporaryDatabase();
    const store = openChunkStore(await database.connect());
    const { deps } = world({ aheadMs: 0 });
    const begin = async (uploadId: string, updatedAtMs: number) => {
      const blobKey = await put();
      const upload: ChunkedUpload = {
        id: uploadId,
        resourceType: 'raw',
        publicId: null,
        filename: null,
        totalBytes: null,
        receivedBytes: 5,
        endBytes: 5,
        network: null,
        createdAtMs: updatedAtMs,
        updatedAtMs,
        lease: null,
        finished: null,
      };
      const chunk = { start: 0, end: 5, md5: 'x', blobKey };
      const key = { cloud: 'demo', owner: 'key:k', uploadId };
      await store.change(key, chunk, () => ({ write: { upload, chunk }, result: null }));
      return blobKey;
    };
    const nowMs = deps.clock.now();
    const stopped = await begin('stopped', nowMs - 24 * HOUR_MS - 1);
    const underWay = await begin('under way', nowMs - 23 * HOUR_MS);
    const counts = await sweep({ ...deps, chunks: store }, options);
    expect(counts).toEqual({ removedBlobs: 0, removedStaged: 0, removedUploads: 1, missingBlobs: 0 });
    expect(await blobs.stat(stopped)).toBeNull();
    expect(await blobs.stat(underWay)).not.toBeNull();
    expect(await store.listChunks('stopped')).toEqual([]);
    await database.remove();
  });

  it('reports rows without bytes, and leaves them', async () => {
    const [whole, lost] = [await put(), await put()];
    await unlink(blobs.localPath(lost));
    const { deps, logged } = world({ rows: [whole, lost] });
    expect(await sweep(deps, options)).toEqual({
      removedBlobs: 0,
      removedStaged: 0,
      removedUploads: 0,
      missingBlobs: 1,
    });
    expect(logged).toEqual([{ message: 'a row refers to a blob that is missing', blobKey: lost }]);
  });

  it('does not report a row that was deleted while it looked', async () => {
    const key = await put();
    const { deps, inRows, logged } = world({ rows: [key] });
    const racing: SweepDeps = {
      ...deps,
      blobs: {
        list: (io) => blobs.list(io),
        delete: (gone) => blobs.delete(gone),
        sweepStaging: (beforeMs) => blobs.sweepStaging(beforeMs),
        stat: async (asked) => {
          inRows.delete(asked);
          await blobs.delete(asked);
          return blobs.stat(asked);
        },
      },
    };
    expect((await sweep(racing, options)).missingBlobs).toBe(0);
    expect(logged).toEqual([]);
  });

  it('goes through many keys in batches', async () => {
    const keys = Array.from({ length: 1203 }, () => blobs.newKey('derived'));
    const { deps } = world({ rows: keys });
    let pages = 0;
    const counted: SweepDeps = {
      ...deps,
      assets: {
        ...deps.assets,
        listBlobKeys: (page, io) => {
          pages += 1;
          return deps.assets.listBlobKeys(page, io);
        },
      },
    };
    expect((await sweep(counted, options)).missingBlobs).toBe(1203);
    expect(pages).toBe(4);
  });

  it('stops when told to', async () => {
    const orphan = await put();
    const { deps } = world();
    const signal = AbortSignal.abort(new Error('closing'));
    await expect(sweep(deps, { ...options, signal })).rejects.toThrow('closing');
    expect(await blobs.stat(orphan)).not.toBeNull();
  });
});
