import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunkBytes, mebibyte, newUploadId, pieces, sendChunk, type Total } from '../support/chunks.js';
import { createClient } from '../support/client.js';
import { filePart, multipart, partsOf } from '../support/forms.js';
import type { HttpAnswer } from '../support/http.js';
import { createKey } from '../support/keys.js';
import type { Params } from '../support/sign.js';
import { useServer } from '../support/use-server.js';
import type { ResourceAnswer, UploadAnswer } from '../support/wire-shapes.js';

/** Chunked uploads as official clients and Directus send them (upload-api reference, section 3.5; observed behaviours, section 2). */

const server = useServer();
const client = createClient(server);
const bytes = randomBytes(11 * mebibyte + 12_345);
const md5 = (data: Uint8Array) => createHash('md5').update(data).digest('hex');

interface Finished extends UploadAnswer {
  readonly done: true;
}
interface Partial {
  readonly done: false;
  readonly bytes: number;
  readonly public_id: string;
}

async function expectStored(answer: HttpAnswer, data: Buffer = bytes): Promise<Finished> {
  expect([answer.status, answer.message]).toEqual([200, null]);
  const finished = answer.json<Finished>();
  expect(finished).toMatchObject({ done: true, bytes: data.length, etag: md5(data) });
  const delivered = await client.deliver(finished.url);
  expect(delivered.bytes.equals(data)).toBe(true);
  return finished;
}

const bodyOf = (answer: HttpAnswer) => [answer.status, answer.json()];
const partial = (received: number, public_id: unknown, resource_type = 'raw') => [
  200,
  { done: false, bytes: received, kind: 'upload', resource_type, public_id },
];

/** A picture without compression, so that it is large enough: rows of blue, green, red from the bottom up. */
function bitmap(width: number, height: number): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const data = Buffer.alloc(54 + rowBytes * height, 0x66);
  data.fill(0, 0, 54);
  data.write('BM', 0, 'latin1');
  data.writeUInt32LE(data.length, 2);
  data.writeUInt32LE(54, 10);
  data.writeUInt32LE(40, 14);
  data.writeInt32LE(width, 18);
  data.writeInt32LE(height, 22);
  data.writeUInt16LE(1, 26);
  data.writeUInt16LE(24, 28);
  return data;
}

/** Nothing but what rows refer to, when every upload of this file has ended. */
afterAll(async () => {
  const shards = await readdir(join(server.data, 'blobs'));
  const files = await Promise.all(shards.map((shard) => readdir(join(server.data, 'blobs', shard))));
  const listed = await Promise.all(
    ['image', 'raw'].map(async (type) => {
      const answer = await client.admin('GET', `resources/${type}?max_results=500`);
      return answer.json<{ resources: ResourceAnswer[] }>().resources.length;
    }),
  );
  const assets = listed.reduce((sum, count) => sum + count, 0);
  expect(assets).toBeGreaterThan(10);
  const eager = 1;
  expect([files.flat().length, await readdir(join(server.data, 'staging'))]).toEqual([assets + eager, []]);
});

describe('the four protocols', () => {
  it('Node: -1 until the last chunk, in turn; the id of the first answer is the one of the asset', async () => {
    const uploadId = newUploadId();
    const answers: HttpAnswer[] = [];
    for (const { start, end } of pieces(bytes.length)) {
      const total: Total = end === bytes.length ? end : '-1';
      answers.push(
        await sendChunk(client, { file: bytes, start, end, total, uploadId }, {}, { resourceType: 'raw' }),
      );
    }
    const [first, second, last] = answers as [HttpAnswer, HttpAnswer, HttpAnswer];
    const id = expect.stringMatching(/^[a-z0-9]{20}\.bin$/);
    expect(bodyOf(first)).toEqual(partial(chunkBytes, id));
    const { public_id } = first.json<Partial>();
    expect(bodyOf(second)).toEqual(partial(2 * chunkBytes, public_id));
    const finished = await expectStored(last);
    expect(finished).toMatchObject({ public_id, resource_type: 'raw', original_filename: 'big' });
    expect(finished.existing ?? finished.overwritten ?? null).toBeNull();
  });

  it.each([
    ['no id at first', {}],
    ['an id in a folder', { public_id: 'mine', folder: 'python' }],
  ])('Python: the total in every chunk, and the id of the answer before: %s', async (_, given) => {
    const uploadId = newUploadId();
    let params: Params = given;
    let last: HttpAnswer | null = null;
    for (const { start, end } of pieces(bytes.length)) {
      const chunk = { file: bytes, start, end, total: bytes.length, uploadId };
      last = await sendChunk(client, chunk, params, { resourceType: 'raw' });
      params = { ...params, public_id: last.json<Partial>().public_id };
    }
    const finished = await expectStored(last as HttpAnswer);
    expect(finished.public_id).toBe(params.public_id);
    if ('folder' in given) expect(finished.public_id).toBe('python/mine');
  });

  it('Python: its large picture, 5.9 MB in chunks of 5.24 MB', async () => {
    const picture = bitmap(1400, 1400);
    const uploadId = newUploadId();
    let last: HttpAnswer | null = null;
    for (const { start, end } of pieces(picture.length, 5_243_000)) {
      const chunk = { file: picture, start, end, total: picture.length, uploadId };
      last = await sendChunk(client, chunk, { tags: 'large' }, { filename: 'large.bmp' });
    }
    const finished = await expectStored(last as HttpAnswer, picture);
    expect(finished).toMatchObject({ width: 1400, height: 1400, format: 'bmp', resource_type: 'image' });
    expect(finished.tags).toEqual(['large']);
  });

  it('PHP: signed once, the id added to the form, Basic beside it; the empty chunk gets the answer again', async () => {
    const file = bytes.subarray(0, 2 * chunkBytes);
    const uploadId = newUploadId();
    const signed = client.credentials({});
    const ranges = [...pieces(file.length), { start: file.length, end: file.length }];
    const answers: HttpAnswer[] = [];
    for (const { start, end } of ranges) {
      const before = answers.at(-1)?.json<Partial>();
      const params = { ...signed, ...(before === undefined ? {} : { public_id: before.public_id }) };
      const form = multipart([
        ...partsOf(params),
        filePart({ bytes: file.subarray(start, end), filename: 'p.bin' }),
      ]);
      answers.push(
        await client.post('raw/upload', form, {
          auth: 'basic',
          headers: {
            'X-Unique-Upload-Id': uploadId,
            'Content-Range': `bytes ${start}-${end - 1}/${file.length}`,
          },
        }),
      );
    }
    const [, whole, again] = answers as [HttpAnswer, HttpAnswer, HttpAnswer];
    const finished = await expectStored(whole, file);
    expect(bodyOf(again)).toEqual([200, finished]);
  });

  it('Ruby: the total in every chunk, parameters as given', async () => {
    const uploadId = newUploadId();
    let last: HttpAnswer | null = null;
    for (const { start, end } of pieces(bytes.length)) {
      const chunk = { file: bytes, start, end, total: bytes.length, uploadId };
      last = await sendChunk(client, chunk, { public_id: 'ruby/x' }, { resourceType: 'raw' });
    }
    expect((await expectStored(last as HttpAnswer)).public_id).toBe('ruby/x');
  });

  it('Directus: all at once, the last one first, the total in that one only', async () => {
    const file = randomBytes(9 * chunkBytes + 99);
    const params = { public_id: 'directus/big', timestamp: Date.now() };
    const uploadId = String(params.timestamp);
    const parts = pieces(file.length);
    const send = ({ start, end }: { start: number; end: number }) =>
      sendChunk(client, { file, start, end, total: end === file.length ? end : '-1', uploadId }, params, {
        resourceType: 'raw',
      });
    const last = parts.at(-1) as (typeof parts)[number];
    const first = await send(last);
    expect(bodyOf(first)).toEqual(partial(99, 'directus/big'));
    const answers = await Promise.all(parts.slice(0, -1).map(send));
    const whole = answers.filter((answer) => answer.json<Partial | Finished>().done);
    expect(whole).toHaveLength(1);
    await expectStored(whole[0] as HttpAnswer, file);
    const received = answers.flatMap((answer) => {
      const body = answer.json<Partial | Finished>();
      return body.done ? [] : [body.bytes];
    });
    expect(received.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 8 }, (_, index) => 99 + (index + 1) * chunkBytes),
    );
  });

  it('a total that never stands in a range but in an empty one', async () => {
    const uploadId = newUploadId();
    const send = (start: number, end: number, total: Total) =>
      sendChunk(client, { file: bytes, start, end, total, uploadId }, {}, { resourceType: 'raw' });
    await send(0, chunkBytes, '*');
    expect((await send(chunkBytes, 2 * chunkBytes, null)).json()).toMatchObject({ done: false });
    await expectStored(
      await send(2 * chunkBytes, 2 * chunkBytes, 2 * chunkBytes),
      bytes.subarray(0, 2 * chunkBytes),
    );
  });
});

describe('ordinary uploads', () => {
  const small = bytes.subarray(0, 1000);
  const post = (headers: Record<string, string>) =>
    client.upload({ bytes: small, filename: 'small.bin' }, {}, { resourceType: 'raw', headers });

  it.each([
    ['an upload id alone', { 'X-Unique-Upload-Id': 'jquery' }],
    ['a whole range', { 'Content-Range': 'bytes 0-999/1000' }],
    ['both', { 'Content-Range': 'bytes 0-999/1000', 'X-Unique-Upload-Id': 'node' }],
  ])('%s', async (_, headers) => {
    const answer = await post(headers);
    expect([answer.status, answer.json<UploadAnswer>().etag]).toEqual([200, md5(small)]);
    expect(answer.json()).not.toHaveProperty('done');
  });

  it('a whole range must be whole', async () => {
    const short = await post({ 'Content-Range': 'bytes 0-1000/1001' });
    const long = await post({ 'Content-Range': 'bytes 0-998/999' });
    expect([short.status, short.message]).toEqual([
      400,
      'Content-Range does not fit the file: the range has 1001 bytes, the file 1000',
    ]);
    expect([long.status, long.message]).toEqual([
      400,
      'Content-Range does not fit the file: the range has 999 bytes, the file more than 999',
    ]);
  });

  it('the range Node sends with an empty file', async () => {
    const answer = await client.upload(
      { bytes: Buffer.alloc(0) },
      {},
      { resourceType: 'raw', headers: { 'Content-Range': 'bytes 0--1/0', 'X-Unique-Upload-Id': 'empty' } },
    );
    expect([answer.status, answer.message]).toEqual([400, 'Empty file']);
  });
});

describe('what the upload becomes', () => {
  const two = bytes.subarray(0, chunkBytes + 1000);
  const [first, last] = pieces(two.length) as [
    { start: number; end: number },
    { start: number; end: number },
  ];

  it('says the request that completes it', async () => {
    const uploadId = newUploadId();
    const send = (part: typeof first, params: Params, resourceType = 'raw') =>
      sendChunk(client, { file: two, ...part, total: two.length, uploadId }, params, { resourceType });
    await send(last, { tags: 'early', context: 'a=b' });
    const answer = await send(first, { tags: 'late' });
    expect(answer.json<Finished>()).toMatchObject({ tags: ['late'], done: true });
    expect(answer.json()).not.toHaveProperty('context');
  });

  it('has eager derivatives like any other', async () => {
    const picture = await largePng();
    const uploadId = newUploadId();
    let answer: HttpAnswer | null = null;
    for (const part of pieces(picture.length)) {
      const chunk = { file: picture, ...part, total: picture.length, uploadId };
      answer = await sendChunk(client, chunk, { eager: 'c_scale,w_20' }, { filename: 'a.png' });
    }
    const finished = (answer as HttpAnswer).json<Finished>();
    expect(finished).toMatchObject({ done: true, format: 'png', etag: md5(picture) });
    expect(finished.eager?.map(({ width }) => width)).toEqual([20]);
    const derived = await client.deliver(finished.eager?.[0]?.url ?? '');
    expect(derived.status).toBe(200);
  });

  it('is decided by the bytes when the type is auto, the id then too', async () => {
    const uploadId = newUploadId();
    const send = (part: typeof first) =>
      sendChunk(client, { file: two, ...part, total: two.length, uploadId }, {}, { resourceType: 'auto' });
    expect(bodyOf(await send(first))).toEqual([200, { done: false, bytes: chunkBytes, kind: 'upload' }]);
    const finished = await expectStored(await send(last), two);
    expect(finished).toMatchObject({
      resource_type: 'raw',
      public_id: expect.stringMatching(/^[a-z0-9]{20}\.bin$/),
    });
  });

  it('can be finished later', async () => {
    const uploadId = newUploadId();
    const send = (part: typeof first) =>
      sendChunk(
        client,
        { file: two, ...part, total: two.length, uploadId },
        { async: true, public_id: 'later.bin' },
        { resourceType: 'raw' },
      );
    await send(first);
    expect((await send(last)).json()).toMatchObject({
      status: 'pending',
      public_id: 'later.bin',
      done: true,
    });
    for (let attempt = 0; ; attempt++) {
      const found = await client.admin('GET', 'resources/raw/upload/later.bin');
      if (found.status === 200) {
        expect(found.json<ResourceAnswer>().etag).toBe(md5(two));
        return;
      }
      if (attempt > 200) throw new Error('the upload did not become an asset');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('is one asset, however many requests complete it at once', async () => {
    const uploadId = newUploadId();
    const send = (part: typeof first) =>
      sendChunk(client, { file: two, ...part, total: two.length, uploadId }, {}, { resourceType: 'raw' });
    await send(first);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(last)));
    const finished = await expectStored(answers[0] as HttpAnswer, two);
    for (const answer of answers) expect(bodyOf(answer)).toEqual([200, finished]);
  });

  it('stays the same for a chunk that is sent again, without its delete token', async () => {
    const uploadId = newUploadId();
    const send = (part: typeof first) =>
      sendChunk(
        client,
        { file: two, ...part, total: two.length, uploadId },
        { return_delete_token: true },
        { resourceType: 'raw' },
      );
    await send(first);
    const { delete_token, ...finished } = (await send(last)).json<Finished>();
    expect(delete_token).toMatch(/^\S{20,}$/);
    expect((await send(last)).json()).toEqual(finished);
    expect((await send(first)).json()).toEqual(finished);
  });

  it('goes by the address of the newer route as well', async () => {
    const uploadId = newUploadId();
    const send = ({ start, end }: typeof first) =>
      client.post(
        'raw/upload_chunked',
        multipart([...partsOf(client.credentials({})), filePart({ bytes: two.subarray(start, end) })]),
        {
          headers: {
            'X-Unique-Upload-Id': uploadId,
            'Content-Range': `bytes ${start}-${end - 1}/${two.length}`,
          },
        },
      );
    await send(first);
    await expectStored(await send(last), two);
  });
});

describe('whose upload it is', () => {
  const two = bytes.subarray(0, chunkBytes + 1000);
  const other = randomBytes(two.length);
  const [first, last] = pieces(two.length) as [
    { start: number; end: number },
    { start: number; end: number },
  ];
  const uploadId = 'the same for everybody';
  const raw = { resourceType: 'raw' };
  beforeAll(async () => {
    for (const [name, disallow] of [
      ['open', false],
      ['closed', true],
    ] as const) {
      await client.admin('POST', 'upload_presets', { name, unsigned: true, disallow_public_id: disallow });
    }
  });

  it('two keys with one upload id never mix', async () => {
    const stranger = createClient(server, await createKey(server.data));
    const send = (by: typeof client, file: Buffer, part: typeof first) =>
      sendChunk(by, { file, ...part, total: two.length, uploadId }, {}, raw);
    await send(client, two, first);
    expect((await send(stranger, other, last)).json()).toMatchObject({ done: false, bytes: 1000 });
    await expectStored(await send(client, two, last), two);
    await expectStored(await send(stranger, other, first), other);
  });

  it('neither do two presets, nor a preset and a key', async () => {
    const send = (name: string, file: Buffer, part: typeof first) =>
      sendChunk(
        client,
        { file, ...part, total: two.length, uploadId },
        { upload_preset: name },
        { ...raw, auth: 'none' },
      );
    const open = await send('open', two, first);
    const closed = await send('closed', other, first);
    expect(bodyOf(open)).toEqual(partial(chunkBytes, expect.stringMatching(/^[a-z0-9]{20}\.bin$/)));
    // What a client may not send back is not told.
    expect(bodyOf(closed)).toEqual([
      200,
      { done: false, bytes: chunkBytes, kind: 'upload', resource_type: 'raw' },
    ]);
    await expectStored(await send('open', two, last), two);
    await expectStored(await send('closed', other, last), other);
  });

  it('a signature that completes one upload only may stand in all its chunks, and completes no second one', async () => {
    const strict = createClient(server, await createKey(server.data, ['--single-use']));
    const params = strict.credentials({ public_id: 'once.bin' });
    const send = (id: string, part: typeof first) =>
      sendChunk(strict, { file: two, ...part, total: two.length, uploadId: id }, params, {
        ...raw,
        auth: 'none',
      });
    const mine = newUploadId();
    await send(mine, first);
    const finished = await expectStored(await send(mine, last), two);
    expect((await send(mine, last)).status).toBe(401);
    const anew = await sendChunk(
      strict,
      { file: two, ...last, total: two.length, uploadId: mine },
      { public_id: 'once.bin', tags: 'anew' },
      raw,
    );
    expect(bodyOf(anew)).toEqual([200, finished]);

    const second = newUploadId();
    await send(second, first);
    const refused = await send(second, last);
    expect([refused.status, refused.message]).toEqual([
      401,
      expect.stringContaining('accepts each signature once'),
    ]);
    const found = await client.admin('GET', 'resources/raw/upload/once.bin');
    expect(found.json<ResourceAnswer>().version).toBe(finished.version);
  });
});

it('browsers may send the headers of chunks', async () => {
  const preflight = await client.raw({
    method: 'OPTIONS',
    path: client.api('auto/upload'),
    headers: {
      Origin: 'http://page.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-range,x-unique-upload-id,x-requested-with',
    },
  });
  expect(preflight.status).toBe(200);
  const allowed = String(preflight.headers['access-control-allow-headers']).toLowerCase().split(', ');
  expect(allowed).toEqual(
    expect.arrayContaining(['content-range', 'x-unique-upload-id', 'x-requested-with']),
  );
  expect(preflight.headers['access-control-allow-origin']).toBe('*');
});

/** Noise does not compress: a PNG of more than one chunk. */
async function largePng(): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const [width, height] = [1500, 1300];
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}
