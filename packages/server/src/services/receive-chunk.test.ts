import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { ApiError } from '@counterseal/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskBlobStore } from '../adapters/disk/disk-blob-store.js';
import { openAssetStore } from '../adapters/sql/asset-store.js';
import { openChunkStore } from '../adapters/sql/chunk-store.js';
import {
  type TemporaryDatabase,
  temporaryDatabase,
} from '../adapters/sql/temporary-database.test-support.js';
import { address, upload as putCommand } from '../ports/contracts/asset-samples.contract.js';
import { type CompleteUpload, leaseMs } from './assemble-chunks.js';
import { LeaseLostError, type UploadInput } from './ingest-upload.js';
import { createReceiveChunk, type ReceiveChunk } from './receive-chunk.js';
import type { UploadCommand } from './upload-command.js';

const minChunkBytes = 1000;
const open = { maxUploads: 10, maxBytes: 1_000_000 };
const file = randomBytes(2500);
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const command = {
  cloud: 'demo',
  resourceType: 'raw',
  naming: { publicId: 'id', filenameOverride: null },
} as unknown as UploadCommand;

let files: TemporaryDatabase;
let blobs: DiskBlobStore;
let nowMs = 1_700_000_000_000;
beforeEach(async () => {
  files = await temporaryDatabase();
  blobs = await DiskBlobStore.open(files.folder);
});
afterEach(async () => {
  await blobs.close();
  await files.remove();
});

/** A server of its own on the same data. */
async function server(): Promise<ReceiveChunk> {
  const log = () => undefined;
  return createReceiveChunk({
    chunks: openChunkStore(await files.connect()),
    blobs,
    clock: { now: () => nowMs },
    logger: { debug: log, info: log, warn: log, error: log },
    folderMode: 'fixed',
    explain: (error) => (error instanceof ApiError ? error : new ApiError('internal', {}, { cause: error })),
    limits: { minChunkBytes, open, openOfNetwork: open },
  });
}

async function send(
  receive: ReceiveChunk,
  [start, end]: readonly [number, number],
  complete: CompleteUpload,
  totalBytes: number | null = file.length,
) {
  async function* bytes() {
    yield file.subarray(start, end);
  }
  const staged = await blobs.stage(bytes(), { maxBytes: file.length });
  return receive(
    {
      command,
      owner: 'key:k',
      network: null,
      range: { start, end, totalBytes, uploadId: 'u' },
      file: { kind: 'staged', staged, uploaded: null },
    },
    complete,
  );
}

/** Files on the disk: final ones and staged ones. */
async function filesLeft() {
  const shards = await readdir(`${files.folder}/blobs`);
  const final = await Promise.all(shards.map((shard) => readdir(`${files.folder}/blobs/${shard}`)));
  return { final: final.flat().length, staged: (await readdir(`${files.folder}/staging`)).length };
}

function signal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

const store = async ({ staged }: UploadInput) => {
  const answer = { bytes: staged.bytes, etag: staged.md5, same: (await readFile(staged.path)).equals(file) };
  await blobs.discard(staged);
  return answer;
};
const whole = { bytes: file.length, etag: md5(file), same: true };
const mayNot: CompleteUpload = () => Promise.reject(new Error('completed before its time'));

describe('receiving chunks', () => {
  it('puts the bytes together in order, whatever the order they came in, and leaves no chunk', async () => {
    const receive = await server();
    expect(await send(receive, [2000, 2500], mayNot)).toMatchObject({ outcome: 'partial' });
    expect(await send(receive, [0, 1000], mayNot, null)).toMatchObject({
      outcome: 'partial',
      upload: { receivedBytes: 1500, publicId: 'id' },
    });
    expect(await filesLeft()).toEqual({ final: 2, staged: 0 });
    let completing: UploadCommand | null = null;
    const last = await send(receive, [1000, 2000], (given, input) => {
      completing = given;
      return store(input);
    });
    expect(last).toEqual({ outcome: 'finished', answer: whole });
    expect(completing).toMatchObject({ naming: { publicId: 'id' }, finishes: { token: expect.any(String) } });
    expect(await filesLeft()).toEqual({ final: 0, staged: 0 });
    expect(await send(receive, [0, 1000], mayNot)).toEqual(last);
    expect(await filesLeft()).toEqual({ final: 0, staged: 0 });
  });

  it('keeps one copy of a chunk that comes twice, and none of one that is refused', async () => {
    const receive = await server();
    for (const _ of [1, 2]) await send(receive, [0, 1000], mayNot);
    await expect(send(receive, [500, 2500], mayNot)).rejects.toThrow('overlaps');
    expect(await filesLeft()).toEqual({ final: 1, staged: 0 });
  });

  it('keeps everything when completing fails for a moment, and completes with the last chunk sent again', async () => {
    const receive = await server();
    await send(receive, [0, 2000], mayNot);
    const failing: CompleteUpload = async (_, { staged }) => {
      await blobs.discard(staged);
      throw new ApiError('busy', { seconds: 1 });
    };
    await expect(send(receive, [2000, 2500], failing)).rejects.toThrow('busy');
    expect(await filesLeft()).toEqual({ final: 2, staged: 0 });
    const again = await send(receive, [2000, 2500], (_, input) => store(input));
    expect(again).toEqual({ outcome: 'finished', answer: whole });
  });

  it('frees everything when completing fails for good, and says so again', async () => {
    const receive = await server();
    await send(receive, [0, 2000], mayNot);
    const failing: CompleteUpload = async (_, { staged }) => {
      await blobs.discard(staged);
      throw new ApiError('invalid-image');
    };
    await expect(send(receive, [2000, 2500], failing)).rejects.toThrow(/^Invalid image file$/);
    expect(await filesLeft()).toEqual({ final: 0, staged: 0 });
    await expect(send(receive, [2000, 2500], mayNot)).rejects.toThrow('has failed: Invalid image file');
    expect(await send(receive, [0, 2000], mayNot)).toMatchObject({ outcome: 'partial' });
  });

  it('never keeps a delete token with the answer', async () => {
    const receive = await server();
    const withToken: CompleteUpload = async (_, input) => ({
      ...(await store(input)),
      delete_token: 'secret',
    });
    const first = await send(receive, [0, 2500], withToken);
    expect(first).toMatchObject({ answer: { delete_token: 'secret' } });
    expect(await send(receive, [0, 2500], mayNot)).toEqual({ outcome: 'finished', answer: whole });
  });

  it('lets one server complete and the others wait for its answer', async () => {
    const servers = [await server(), await server(), await server()];
    await Promise.all(servers.map((receive) => send(receive, [0, 2000], mayNot)));
    let completions = 0;
    const complete: CompleteUpload = async (_, input) => {
      completions += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return store(input);
    };
    const answers = await Promise.all(servers.map((receive) => send(receive, [2000, 2500], complete)));
    expect(answers).toEqual(servers.map(() => ({ outcome: 'finished', answer: whole })));
    expect(completions).toBe(1);
    expect(await filesLeft()).toEqual({ final: 0, staged: 0 });
  });

  it('replaces a server that stands still, which then gives the answer of the other', async () => {
    const [stuck, other] = [await server(), await server()];
    const released = signal();
    const reached = signal();
    const first = send(stuck, [0, 2500], async ({ finishes }, { staged }) => {
      expect(finishes).toMatchObject({ token: expect.any(String) });
      reached.give();
      await released.given;
      await blobs.discard(staged);
      // What the store answers to a lease that is somebody else's.
      throw new LeaseLostError();
    });
    await reached.given;
    nowMs += leaseMs;
    const second = await send(other, [0, 2500], (_, input) => store(input));
    released.give();
    expect(await first).toEqual(second);
    expect(second).toEqual({ outcome: 'finished', answer: whole });
  });

  it('answers for another server that has finished the upload while this one stood still before it began', async () => {
    const [stuck, other] = [await server(), await server()];
    await send(stuck, [0, 2000], mayNot);
    const read = blobs.read.bind(blobs);
    const released = signal();
    const reached = signal();
    let isStuck = true;
    blobs.read = async (key, options) => {
      if (isStuck) {
        isStuck = false;
        reached.give();
        await released.given;
      }
      return read(key, options);
    };
    const first = send(stuck, [2000, 2500], mayNot);
    await reached.given;
    nowMs += leaseMs;
    const second = await send(other, [2000, 2500], (_, input) => store(input));
    released.give();
    expect(await first).toEqual(second);
    expect(await filesLeft()).toEqual({ final: 0, staged: 0 });
  });

  it('tells that the asset is stored when only its answer was lost', async () => {
    const receive = await server();
    const assets = openAssetStore(await files.connect());
    const crashing: CompleteUpload = async ({ finishes }, { staged }) => {
      await blobs.discard(staged);
      await assets.putAsset(putCommand('id', {}, { finishes: finishes ?? null }));
      throw new Error('the secret for the answer could not be read');
    };
    const answered = await send(receive, [0, 2500], crashing);
    const stored = await assets.findAsset(address('id'));
    expect(answered).toEqual({ outcome: 'stored', assetId: stored?.assetId });
    expect(await send(receive, [0, 2500], mayNot)).toEqual(answered);
  });
});
