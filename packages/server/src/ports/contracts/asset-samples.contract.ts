import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AssetAddress, AssetQuery, AssetStore, NewDerived, PutAsset } from '../asset-store.js';
import type { JobQueue, NewJob } from '../job-queue.js';

/** What an adapter gives the asset contracts: one set of data, seen through one connection and, on request, through more. */
export interface AssetStoreFixture {
  readonly assets: AssetStore;
  /** The queue that `putAsset` enqueues in. */
  readonly jobs: JobQueue;
  /** Another, independent connection to the same data. */
  connect(): Promise<AssetStore>;
  close(): Promise<void>;
}

export const cloud = 'demo';
export const nowMs = 1_700_000_000_000;

const hexId = () => randomBytes(16).toString('hex');
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

export function address(publicId: string, changes: Partial<AssetAddress> = {}): AssetAddress {
  return { cloud, resourceType: 'image', type: 'upload', publicId, ...changes };
}

type Made = Omit<NewDerived, 'assetId' | 'versionId'>;

export function derivedFacts(transformation: string, changes: Partial<NewDerived> = {}): Made {
  return {
    derivedId: hexId(),
    transformation,
    format: 'jpg',
    width: 400,
    height: 300,
    bytes: 1234,
    etag: md5(transformation),
    blobKey: `derived/${hexId()}`,
    createdAtMs: nowMs,
    onRequest: true,
    ...changes,
  };
}

export function job(changes: Partial<NewJob> = {}): NewJob {
  return { id: randomUUID(), kind: 'notify', cloud, subject: null, payload: {}, runAtMs: nowMs, ...changes };
}

/** A command as an upload makes it; `asset` and the rest may be changed. */
export function upload(
  publicId: string,
  asset: Partial<PutAsset['asset']> = {},
  rest: Partial<Omit<PutAsset, 'asset'>> = {},
): PutAsset {
  return {
    asset: {
      ...address(publicId),
      newAssetId: hexId(),
      versionId: hexId(),
      updatedAtMs: nowMs,
      format: 'jpg',
      bytes: 120_253,
      etag: md5(publicId),
      blobKey: `original/${hexId()}`,
      originalFilename: 'photo',
      originalExtension: 'jpeg',
      displayName: 'photo',
      assetFolder: '',
      tags: [],
      context: {},
      media: { width: 864, height: 576, pages: 1, orientation: 1, hasAlpha: false },
      faceCoordinates: [],
      customCoordinates: [],
      extra: {},
      ...asset,
    },
    derived: [],
    jobs: [],
    overwrite: true,
    deleteToken: null,
    signatureUse: null,
    ...rest,
  };
}

export function listing(changes: Partial<AssetQuery> = {}): AssetQuery {
  return { cloud, resourceType: null, type: null, direction: 'desc', limit: 500, cursor: null, ...changes };
}

/** Public ids of all pages of a listing, in order. */
export async function publicIdsOf(assets: AssetStore, query: AssetQuery): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = query.cursor; ; ) {
    const page = await assets.listAssets({ ...query, cursor });
    found.push(...page.assets.map((asset) => asset.publicId));
    if (page.next === null) return found;
    cursor = page.next;
  }
}
