import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobStore } from '../blob-store.js';

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const HOUR_MS = 3_600_000;
export const unlimited = { maxBytes: Number.MAX_SAFE_INTEGER };

/** What the suite needs of a back end. */
export interface BlobStoreFixture {
  readonly store: BlobStore;
  close(): Promise<void>;
}

export interface BlobStoreContractOptions {
  /** An empty store of its own. */
  open(): Promise<BlobStoreFixture>;
  /** An empty store with room for about 4 MiB; or the reason why there can be none here. */
  openSmall?: () => Promise<BlobStoreFixture | string>;
}

export const inMemory = (bytes: Uint8Array, chunkBytes = 64 * KIB): AsyncIterable<Uint8Array> =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    })(),
  );
export const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
export const collect = async (stream: ReadableStream<Uint8Array> | null) => {
  if (stream === null) throw new Error('absent');
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
export const listAll = async (store: BlobStore, beforeMs: number) => {
  const keys: string[] = [];
  for await (const key of store.list({ beforeMs })) keys.push(key);
  return keys.sort();
};
/** Removes what is left in staging and says how much that was. */
export const leftInStaging = (store: BlobStore) => store.sweepStaging(Date.now() + HOUR_MS);

/** Stores an original; answers its key. */
export const put = async (store: BlobStore, bytes: Uint8Array) => {
  const key = store.newKey('original');
  await store.promote(await store.stage(inMemory(bytes), unlimited), key);
  return key;
};
