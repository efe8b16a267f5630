import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { chunkBytes, newUploadId, sendChunk, type Total } from '../support/chunks.js';
import { type Client, createClient } from '../support/client.js';
import { createKey } from '../support/keys.js';
import type { Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';

/** What a chunk may not be (threat model T9), by name; and what is kept of it: nothing. */

const maxFileBytes = 8 * chunkBytes;
const file = randomBytes(4 * chunkBytes);
const raw = { resourceType: 'raw' };

interface Range {
  readonly start: number;
  readonly end: number;
  readonly total: Total;
  readonly params?: Params;
  readonly resourceType?: string;
  /** Other bytes than the file has there. */
  readonly other?: true;
}
const MB = chunkBytes;

function send(by: Client, uploadId: string, range: Range) {
  const { start, end, total, params = {}, resourceType = 'raw', other } = range;
  const bytes = other ? randomBytes(file.length) : file;
  return sendChunk(by, { file: bytes, start, end, total, uploadId }, params, { resourceType });
}

const refusals: [string, Range[], string][] = [
  [
    'too small, and not the last',
    [{ start: 0, end: MB - 1, total: 2 * MB }],
    'All parts except EOF-chunk must be larger than 5mb',
  ],
  [
    'too small, with a total still unknown',
    [{ start: 0, end: 1000, total: '-1' }],
    'All parts except EOF-chunk must be larger than 5mb',
  ],
  [
    'overlapping',
    [
      { start: 0, end: MB, total: '-1' },
      { start: MB - 1, end: 2 * MB, total: '-1' },
    ],
    `Content-Range ${MB - 1}-${2 * MB - 1} overlaps with bytes that were received before`,
  ],
  [
    'at the same place with other bytes',
    [
      { start: 0, end: MB, total: '-1' },
      { start: 0, end: MB, total: '-1', other: true },
    ],
    `Content-Range 0-${MB - 1} overlaps with bytes that were received before`,
  ],
  [
    'changing the total',
    [
      { start: 0, end: MB, total: 3 * MB },
      { start: MB, end: 2 * MB, total: 3 * MB + 1 },
    ],
    `Content-Range ${MB}-${2 * MB - 1} changes the total, which is ${3 * MB}`,
  ],
  [
    'beyond a total that was told before',
    [
      { start: 0, end: MB, total: 2 * MB },
      { start: 2 * MB, end: 3 * MB, total: '-1' },
    ],
    `Content-Range ${2 * MB}-${3 * MB - 1} does not fit a total of ${2 * MB}`,
  ],
  [
    'telling a total that is too small for what is there',
    [
      { start: 2 * MB, end: 3 * MB, total: '*' },
      { start: 0, end: MB, total: 2 * MB },
    ],
    `Content-Range 0-${MB - 1} does not fit a total of ${2 * MB}`,
  ],
  [
    'of another resource type',
    [
      { start: 0, end: MB, total: 2 * MB },
      { start: MB, end: 2 * MB, total: 2 * MB, resourceType: 'image' },
    ],
    'The upload with this X-Unique-Upload-Id was begun with resource type raw',
  ],
  [
    'of another public id',
    [
      { start: 0, end: MB, total: 2 * MB, params: { public_id: 'one' } },
      { start: MB, end: 2 * MB, total: 2 * MB, params: { public_id: 'two' } },
    ],
    'The upload with this X-Unique-Upload-Id was begun with public ID one',
  ],
  [
    'empty, of an upload that is not there',
    [{ start: MB, end: MB, total: MB }],
    `Content-Range ${MB}-${MB - 1} is empty, and there is no upload with this X-Unique-Upload-Id`,
  ],
  [
    'of a file that will be too large',
    [{ start: 0, end: MB, total: maxFileBytes + 1 }],
    `File size too large. Got ${maxFileBytes + 1}. Maximum is ${maxFileBytes}.`,
  ],
  [
    'named as no asset may be',
    [{ start: 0, end: MB, total: 2 * MB, params: { public_id: 'a?b' } }],
    'public_id (a?b) is invalid',
  ],
];

describe('a chunk is refused when it is', () => {
  const server = useServer({ env: { COUNTERSEAL_MAX_FILE_BYTES: String(maxFileBytes) } });
  const client = createClient(server);

  it.each(refusals)('%s', async (_, ranges, message) => {
    const uploadId = newUploadId();
    for (const range of ranges.slice(0, -1)) {
      expect((await send(client, uploadId, range)).json()).toMatchObject({ done: false });
    }
    const refused = await send(client, uploadId, ranges.at(-1) as Range);
    expect([refused.status, refused.message]).toEqual([400, message]);
    expect(refused.headers['x-cld-error']).toBe(message);
  });

  const headers: [string, Record<string, string>, string][] = [
    [
      'begun behind its end',
      { 'Content-Range': 'bytes 10-5/100' },
      'Invalid header Content-Range: bytes 10-5/100',
    ],
    [
      'ended behind the total',
      { 'Content-Range': 'bytes 0-100/100' },
      'Invalid header Content-Range: bytes 0-100/100',
    ],
    ['of another unit', { 'Content-Range': 'items 0-9/100' }, 'Invalid header Content-Range: items 0-9/100'],
    [
      'without an upload id',
      { 'Content-Range': 'bytes 0-9/100' },
      'Missing required header - X-Unique-Upload-Id',
    ],
    [
      'with an upload id too long',
      { 'Content-Range': 'bytes 0-9/100', 'X-Unique-Upload-Id': 'x'.repeat(256) },
      'Invalid header X-Unique-Upload-Id',
    ],
    ['counted instead of placed', { 'X-Upload-Part-Number': '1' }, 'Unsupported header X-Upload-Part-Number'],
    [
      'longer than its range',
      { 'Content-Range': 'bytes 0-9/100', 'X-Unique-Upload-Id': 'x' },
      'Content-Range does not fit the file: the range has 10 bytes, the file more than 10',
    ],
    [
      'shorter than its range',
      { 'Content-Range': 'bytes 0-99/200', 'X-Unique-Upload-Id': 'x' },
      'Content-Range does not fit the file: the range has 100 bytes, the file 50',
    ],
  ];
  it.each(headers)('%s', async (_, given, message) => {
    const answer = await client.upload({ bytes: file.subarray(0, 50) }, {}, { ...raw, headers: given });
    expect([answer.status, answer.message]).toEqual([400, message]);
  });

  it('an address', async () => {
    const answer = await client.upload(
      'http://127.0.0.1:9/x',
      {},
      { ...raw, headers: { 'Content-Range': 'bytes 0-9/100', 'X-Unique-Upload-Id': 'x' } },
    );
    expect([answer.status, answer.message]).toEqual([400, 'A chunk must be sent as bytes, not as a URL']);
  });

  it('signed wrongly, and nothing is remembered of it', async () => {
    const uploadId = newUploadId();
    const chunk = { file, start: 0, end: MB, total: 2 * MB, uploadId };
    const refused = await sendChunk(
      client,
      chunk,
      { ...client.credentials({}), signature: 'ab'.repeat(20) },
      { ...raw, auth: 'none' },
    );
    expect(refused.status).toBe(401);
    const empty = await send(client, uploadId, { start: 2 * MB, end: 2 * MB, total: 2 * MB });
    expect(empty.message).toContain('there is no upload');
  });

  it('a file that is not what its path says fails with its own error, again by name, and may be started over', async () => {
    const uploadId = newUploadId();
    const parts: Range[] = [
      { start: 0, end: MB, total: MB + 10, resourceType: 'image' },
      { start: MB, end: MB + 10, total: MB + 10, resourceType: 'image' },
    ];
    const [first, last] = parts as [Range, Range];
    await send(client, uploadId, first);
    const failed = await send(client, uploadId, last);
    expect([failed.status, failed.message]).toEqual([400, 'Invalid image file']);
    const again = await send(client, uploadId, last);
    expect([again.status, again.message]).toEqual([
      400,
      'The upload with this X-Unique-Upload-Id has failed: Invalid image file',
    ]);
    expect((await send(client, uploadId, { ...first, resourceType: 'raw' })).json()).toMatchObject({
      bytes: MB,
    });
    expect((await send(client, uploadId, { ...last, resourceType: 'raw' })).json()).toMatchObject({
      done: true,
    });
  });
});

describe('limits', () => {
  const server = useServer({
    env: {
      COUNTERSEAL_MAX_OPEN_UPLOADS: '3',
      COUNTERSEAL_MAX_OPEN_UPLOAD_BYTES: String(4 * chunkBytes),
      COUNTERSEAL_TRUSTED_PROXIES: '127.0.0.1/32',
    },
  });
  const keys: Client[] = [];
  beforeAll(async () => {
    for (const _ of [1, 2, 3]) keys.push(createClient(server, await createKey(server.data)));
  });

  it('hold the unfinished uploads of one key; a finished one makes room', async () => {
    const [by, other] = keys as [Client, Client];
    const ids = [newUploadId(), newUploadId(), newUploadId()] as const;
    const tail = { start: MB, end: MB + 9, total: MB + 9 };
    for (const id of ids) await send(by, id, tail);
    const refused = await send(by, newUploadId(), tail);
    expect([refused.status, refused.message, refused.headers['retry-after']]).toEqual([
      420,
      'Rate limit exceeded: too many unfinished chunked uploads. Maximum is 3',
      '60',
    ]);
    const somebodyElse = await send(other, newUploadId(), tail);
    expect(somebodyElse.status).toBe(200);
    expect((await send(by, ids[0], { start: 0, end: MB, total: '-1' })).json()).toMatchObject({ done: true });
    expect((await send(by, newUploadId(), tail)).status).toBe(200);
  });

  it('give one network of strangers a share of a preset, and the next one another', async () => {
    const by = createClient(server);
    await by.admin('POST', 'upload_presets', { name: 'strangers', unsigned: true });
    const chunk = { file, start: MB, end: MB + 9, total: MB + 9 };
    const from = (address: string, uploadId = newUploadId()) =>
      sendChunk(
        by,
        { ...chunk, uploadId },
        { upload_preset: 'strangers' },
        { ...raw, auth: 'none', headers: { 'X-Forwarded-For': address } },
      );
    const uploadId = newUploadId();
    expect((await from('198.51.100.1', uploadId)).status).toBe(200);
    const refused = await from('198.51.100.1');
    expect([refused.status, refused.message]).toEqual([
      420,
      'Rate limit exceeded: too many unfinished chunked uploads. Maximum is 1',
    ]);
    expect((await from('198.51.100.2')).status).toBe(200);
    // Wherever its chunks come from, it is the same upload.
    expect((await from('198.51.100.3', uploadId)).status).toBe(200);
  });

  it('hold their bytes', async () => {
    const by = keys[2] as Client;
    const ids = [newUploadId(), newUploadId()] as const;
    const part = (index: number): Range => ({ start: index * MB, end: (index + 1) * MB, total: 8 * MB });
    for (const index of [0, 1]) for (const id of ids) await send(by, id, part(index));
    const refused = await send(by, ids[0], part(2));
    expect([refused.status, refused.message]).toEqual([
      420,
      `Rate limit exceeded: too many bytes in unfinished chunked uploads. Maximum is ${4 * MB}`,
    ]);
    expect((await send(by, ids[0], part(1))).status).toBe(200);
  });
});

describe('what was left unfinished', () => {
  const server = useServer({
    env: { COUNTERSEAL_OPEN_UPLOAD_SECONDS: '2', COUNTERSEAL_SWEEP_GRACE_SECONDS: '1' },
  });
  const client = createClient(server);
  const blobs = async () => {
    const shards = await readdir(join(server.data, 'blobs'));
    return (await Promise.all(shards.map((shard) => readdir(join(server.data, 'blobs', shard))))).flat();
  };

  it('is removed, bytes and all', async () => {
    const uploadId = newUploadId();
    expect((await send(client, uploadId, { start: 0, end: MB, total: 2 * MB })).status).toBe(200);
    expect(await blobs()).toHaveLength(1);
    for (let attempt = 0; (await blobs()).length > 0; attempt++) {
      if (attempt > 100) throw new Error('the chunk was left');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const asked = await send(client, uploadId, { start: 2 * MB, end: 2 * MB, total: 2 * MB });
    expect(asked.message).toContain('there is no upload');
  });
});
