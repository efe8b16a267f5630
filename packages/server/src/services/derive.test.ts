import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTransformation, printTransformation } from '@counterseal/protocol';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DiskBlobStore } from '../adapters/disk/disk-blob-store.js';
import type { Asset, AssetStore, Derived } from '../ports/asset-store.js';
import { type BlobStore, StorageFullError } from '../ports/blob-store.js';
import type { Logger } from '../ports/logger.js';
import { type Renderer, RendererBusyError } from '../ports/renderer.js';
import { releaseContent, smallFileBytes } from './content.js';
import { createDerive, type DeriveRequest } from './derive.js';

let folder: string;
let blobs: BlobStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterseal-derive-'));
  blobs = await DiskBlobStore.open(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const never = () => Promise.reject(new Error('not part of this test'));

/** The derived rows of the port, in memory. */
function derivedRows() {
  const rows: Derived[] = [];
  const store: Pick<AssetStore, 'findDerived' | 'addDerived' | 'keepDerived'> = {
    findDerived: async ({ versionId, transformation, format }) =>
      rows.find(
        (row) =>
          row.versionId === versionId && row.transformation === transformation && row.format === format,
      ) ?? null,
    addDerived: async (_cloud, derived, { replaces = null } = {}) => {
      const at = rows.findIndex(({ blobKey }) => blobKey === replaces?.blobKey);
      if (at !== -1) rows.splice(at, 1);
      if (rows.some(({ transformation }) => transformation === derived.transformation)) return false;
      rows.push(derived);
      return true;
    },
    keepDerived: async (_cloud, derivedId) => {
      const at = rows.findIndex((row) => row.derivedId === derivedId);
      const [row] = rows.slice(at, at + 1);
      if (row !== undefined) rows[at] = { ...row, onRequest: false };
      return row !== undefined;
    },
  };
  return { rows, store: store as AssetStore };
}

function setUp(changes: { render?: Renderer['render']; blobs?: Partial<BlobStore> } = {}) {
  const { rows, store } = derivedRows();
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const state = { renders: 0, storedBytes: 0, notStored: 0 };
  const render: Renderer['render'] = async ({ plan, outputPath }) => {
    state.renders++;
    await writeFile(outputPath, `pixels of ${plan.size.width}`);
    return { ...plan.size, bytes: 12, format: plan.output.format };
  };
  const renderer: Renderer = {
    render: changes.render ?? render,
    probe: never,
    analyse: never,
    sanitizeSvg: never,
    close: async () => {},
  };
  const derive = createDerive({
    assets: store,
    blobs:
      changes.blobs === undefined
        ? blobs
        : (Object.assign(Object.create(blobs), bound(blobs), changes.blobs) as BlobStore),
    renderer,
    accounts: { findTransformation: async () => null },
    boundDerived: {
      stored: async (bytes) => {
        state.storedBytes += bytes;
      },
    },
    notStored: () => {
      state.notStored++;
    },
    clock: { now: () => 1_700_000_000_000 },
    logger,
  });
  return { derive, rows, logged, state };
}

/** Methods that still work when the store's prototype is used through another object. */
function bound(store: BlobStore): BlobStore {
  return {
    stage: (source, options) => store.stage(source, options),
    scratchPath: () => store.scratchPath(),
    adopt: (path, options) => store.adopt(path, options),
    hasRoom: () => store.hasRoom(),
    newKey: (area) => store.newKey(area),
    promote: (staged, key, options) => store.promote(staged, key, options),
    discard: (staged) => store.discard(staged),
    stat: (key, options) => store.stat(key, options),
    read: (key, options) => store.read(key, options),
    delete: (key, options) => store.delete(key, options),
    list: (options) => store.list(options),
    sweepStaging: (beforeMs, options) => store.sweepStaging(beforeMs, options),
    localPath: (key) => store.localPath?.(key) ?? '',
  };
}

const asset: Asset = {
  cloud: 'demo',
  resourceType: 'image',
  type: 'upload',
  publicId: 'sample',
  assetId: 'a'.repeat(32),
  versionId: 'b'.repeat(32),
  version: 1_700_000_000,
  createdAtMs: 0,
  updatedAtMs: 0,
  format: 'jpg',
  bytes: 10,
  etag: 'c'.repeat(32),
  blobKey: '',
  originalFilename: null,
  originalExtension: null,
  displayName: 'sample',
  assetFolder: '',
  tags: [],
  context: {},
  media: { width: 864, height: 576, pages: 1, orientation: 1, hasAlpha: false },
  faceCoordinates: [],
  customCoordinates: [],
  extra: {},
};

function wanted(text: string, changes: Partial<DeriveRequest> = {}): DeriveRequest {
  const transformation = parseTransformation(text);
  const stored = { ...asset, blobKey: blobs.newKey('original') };
  return {
    asset: stored,
    transformation,
    canonical: printTransformation(transformation),
    extension: null,
    hints: null,
    mayRender: true,
    ...changes,
  };
}

const staging = () => readdir(join(folder, 'staging'));

it('renders once for a crowd, stores once, and reads it afterwards', async () => {
  const { derive, rows, state } = setUp();
  const crowd = await Promise.all(Array.from({ length: 100 }, () => derive.derive(wanted('c_scale,w_100'))));
  expect(new Set(crowd.map(({ etag }) => etag)).size).toBe(1);
  for (const { content } of crowd) releaseContent(content);
  await derive.drain();
  expect(state.renders).toBe(1);
  expect(rows).toMatchObject([{ transformation: 'c_scale,w_100', format: 'jpg', width: 100, height: 67 }]);
  const again = await derive.derive(wanted('w_100,c_scale'));
  expect([again.etag, again.createdAtMs]).toEqual([crowd[0]?.etag, crowd[0]?.createdAtMs]);
  expect(state.renders).toBe(1);
  expect(await staging()).toEqual([]);
});

async function storedKeys(): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of blobs.list({ beforeMs: Number.MAX_SAFE_INTEGER })) keys.push(key);
  return keys;
}

it.each([true, false])(
  'mends a row whose bytes are gone, with one more render (durable: %s)',
  async (durable) => {
    const { derive, rows, logged, state } = setUp();
    await derive.derive(wanted('w_50', { durable }));
    await derive.drain();
    await blobs.delete(rows[0]?.blobKey ?? '');
    for (let look = 0; look < 2; look++) {
      const { content } = await derive.derive(wanted('w_50'));
      expect(content.bytes).toBeGreaterThan(0);
      await derive.drain();
    }
    expect(state.renders).toBe(2);
    expect(logged).toEqual(['derived file is missing']);
    expect(rows).toMatchObject([{ transformation: 'w_50', onRequest: !durable }]);
    expect(await storedKeys()).toEqual(rows.map(({ blobKey }) => blobKey));
  },
);

it('tells what is made on request from what is part of an upload, whoever asked first', async () => {
  const { derive, rows, state } = setUp();
  await derive.derive(wanted('w_50', { durable: true }));
  expect([rows[0]?.onRequest, state.storedBytes]).toEqual([false, 0]);
  await derive.derive(wanted('w_51'));
  await derive.drain();
  expect([rows[1]?.onRequest, state.storedBytes]).toEqual([true, rows[1]?.bytes]);
  await derive.derive(wanted('w_51', { durable: true }));
  expect([rows[1]?.onRequest, state.renders]).toEqual([false, 2]);
});

it('with less free space than must stay it delivers what is asked for, and stores what was promised', async () => {
  const { derive, rows, logged, state } = setUp({ blobs: { hasRoom: async () => false } });
  for (const renders of [1, 2]) {
    const { content } = await derive.derive(wanted('w_50'));
    expect(content.bytes).toBeGreaterThan(0);
    await derive.drain();
    expect([state.renders, rows, await staging()]).toEqual([renders, [], []]);
  }
  await derive.derive(wanted('w_50', { durable: true }));
  expect([rows.length, logged]).toEqual([1, []]);
});

it('tells of an open file without a name, whose room is taken as long as somebody keeps it', async () => {
  const render: Renderer['render'] = async ({ plan, outputPath }) => {
    await writeFile(outputPath, Buffer.alloc(smallFileBytes + 1));
    return { ...plan.size, bytes: smallFileBytes + 1, format: plan.output.format };
  };
  for (const [isFull, notStored] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const { derive, state } = setUp({ render, blobs: { hasRoom: async () => !isFull } });
    const { content } = await derive.derive(wanted('w_50'));
    await derive.drain();
    expect([content.kind, state.notStored]).toEqual(['file', notStored]);
    releaseContent(content);
  }
});

it('lets a viewer take its own turn, and a request with credentials another', async () => {
  const clients: unknown[] = [];
  const { derive } = setUp({
    render: async ({ plan, outputPath }, { client } = {}) => {
      clients.push(client);
      await writeFile(outputPath, 'pixels');
      return { ...plan.size, bytes: 6, format: plan.output.format };
    },
  });
  await derive.derive(wanted('w_50', { client: '192.0.2.1' }));
  await derive.derive(wanted('w_51'));
  expect(clients).toEqual(['192.0.2.1', null]);
});

it('answers although storing fails, logs it, and leaves nothing in staging', async () => {
  const { derive, logged, rows } = setUp({
    blobs: { promote: () => Promise.reject(new Error('disk full')) },
  });
  const { content } = await derive.derive(wanted('w_50'));
  expect(content).toMatchObject({ kind: 'memory', bytes: 12 });
  await derive.drain();
  expect(logged).toEqual(['derived file could not be stored']);
  expect(rows).toEqual([]);
  expect(await staging()).toEqual([]);
  await expect(derive.derive(wanted('w_51', { durable: true }))).rejects.toThrow('disk full');
});

it('says that the disk is full to whom must have it stored, also when a viewer asked first', async () => {
  const full = new StorageFullError('no space');
  const { derive } = setUp({
    blobs: { promote: () => Promise.reject(full), hasRoom: async () => false },
  });
  await expect(derive.derive(wanted('w_50', { durable: true }))).rejects.toBe(full);
  const both = [derive.derive(wanted('w_51')), derive.derive(wanted('w_51', { durable: true }))];
  const [viewer, durable] = await Promise.allSettled(both);
  expect(viewer?.status).toBe('fulfilled');
  expect(durable).toMatchObject({ status: 'rejected', reason: expect.any(StorageFullError) });
  expect(await staging()).toEqual([]);
});

it('passes the refusals of the renderer on, and keeps nothing of them', async () => {
  const { derive } = setUp({ render: () => Promise.reject(new RendererBusyError()) });
  await expect(derive.derive(wanted('w_50'))).rejects.toBeInstanceOf(RendererBusyError);
  expect(await staging()).toEqual([]);
});

it('refuses what is stored but not decoded, and what may not be made', async () => {
  const { derive, state } = setUp();
  const heic = wanted('w_50');
  const refused = derive.derive({ ...heic, asset: { ...heic.asset, format: 'heic' } });
  await expect(refused).rejects.toMatchObject({ code: 'unsupported-input' });
  await expect(derive.derive(wanted('w_50', { mayRender: false }))).rejects.toMatchObject({
    code: 'delivery-refused',
  });
  expect(state.renders).toBe(0);
});

it('keeps apart what client hints change', async () => {
  const { derive, rows } = setUp();
  const hints = { accept: '', dpr: null, saveData: false };
  for (const given of [hints, { ...hints, dpr: 2 }, { ...hints, dpr: 1 }, { ...hints, saveData: true }]) {
    await derive.derive(wanted('c_scale,dpr_auto,q_auto,w_50', { hints: given, durable: true }));
  }
  expect(rows.map(({ transformation, width }) => [transformation, width])).toEqual([
    ['c_scale,dpr_auto,q_auto,w_50', 50],
    ['c_scale,dpr_auto:2,q_auto,w_50', 100],
    ['c_scale,dpr_auto,q_auto:save,w_50', 50],
  ]);
});

it('renders eager items side by side into staging, under the key that delivery looks for', async () => {
  const { derive } = setUp();
  const items = ['c_pad,h_300,w_400', 'c_crop,h_200,w_260'];
  const made = await Promise.all(
    items.map((text) =>
      derive.renderStaged({
        cloud: 'demo',
        inputPath: join(folder, 'input'),
        inputFormat: 'jpg',
        source: {
          width: 864,
          height: 576,
          format: 'jpg',
          orientation: 1,
          hasAlpha: false,
          pages: 1,
          faces: [],
          custom: [],
        },
        transformation: parseTransformation(text),
        extension: 'png',
      }),
    ),
  );
  expect(
    made.map(({ width, height, format, expanded }) => [width, height, format, printTransformation(expanded)]),
  ).toEqual([
    [400, 300, 'png', 'c_pad,h_300,w_400'],
    [260, 200, 'png', 'c_crop,h_200,w_260'],
  ]);
  for (const { staged } of made) await blobs.discard(staged);
});
