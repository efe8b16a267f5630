import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import { quarters } from '../support/pictures.js';
import { useServer } from '../support/use-server.js';

/** Headers and conditions (transformations reference, section 1.15; RFC 9110). */

const server = useServer();
const client = createClient(server);
const original = '/demo/image/upload/sample.png';
const derived = '/demo/image/upload/c_scale,w_12/sample.jpg';
/** Larger than what is answered from memory. */
const large = Buffer.alloc(700_000, 'counterseal ');
let picture: Buffer;

beforeAll(async () => {
  picture = await quarters(240, 160);
  await client.upload({ bytes: picture, filename: 'my holiday %22ü%22.png' }, { public_id: 'sample' });
  await client.upload({ bytes: picture }, { public_id: 'folder/nameless', discard_original_filename: true });
  const raw = { resourceType: 'raw' };
  await client.upload({ bytes: large, filename: 'large.bin' }, { public_id: 'large.bin' }, raw);
  await client.upload(
    { bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>') },
    { public_id: 'drawing' },
  );
  await client.upload({ bytes: Buffer.from('%PDF-1.4\n%%EOF') }, { public_id: 'page.pdf' }, raw);
});

describe('a delivery', () => {
  it.each([original, derived])('%s has these headers', async (path) => {
    const { status, headers, bytes } = await client.deliver(path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'public, no-transform, immutable, max-age=2592000',
      'content-length': String(bytes.length),
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('X-Cld-Error'),
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'last-modified': expect.stringMatching(/ GMT$/),
      'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(headers.etag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    expect(headers).not.toHaveProperty('content-disposition');
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it.each([original, derived, '/demo/raw/upload/large.bin'])(
    'HEAD %s is GET without a body',
    async (path) => {
      const [get, head] = [await client.deliver(path), await client.deliver(path, {}, 'HEAD')];
      const stable = ({ headers }: typeof get) =>
        Object.entries(headers).filter(([name]) => !['date', 'x-request-id'].includes(name));
      expect([head.status, head.bytes.length]).toEqual([200, 0]);
      expect(stable(head)).toEqual(stable(get));
    },
  );

  it('of HEAD on what is missing has no body either', async () => {
    const answer = await client.deliver('/demo/image/upload/nope.png', {}, 'HEAD');
    expect([answer.status, answer.bytes.length]).toEqual([404, 0]);
  });
});

describe('conditions', () => {
  it.each([original, derived, '/demo/raw/upload/large.bin'])('%s', async (path) => {
    const { headers } = await client.deliver(path);
    const [etag = '', modified = ''] = [headers.etag, headers['last-modified']];
    const status = async (conditions: Readonly<Record<string, string>>, method = 'GET') =>
      (await client.deliver(path, conditions, method)).status;
    expect(await status({ 'If-None-Match': etag })).toBe(304);
    expect(await status({ 'If-None-Match': etag }, 'HEAD')).toBe(304);
    expect(await status({ 'If-None-Match': `"other", W/${etag}` })).toBe(304);
    expect(await status({ 'If-None-Match': '*' })).toBe(304);
    expect(await status({ 'If-None-Match': '"other"' })).toBe(200);
    expect(await status({ 'If-Modified-Since': modified })).toBe(304);
    expect(await status({ 'If-Modified-Since': 'Sat, 01 Jan 2000 00:00:00 GMT' })).toBe(200);
    expect(await status({ 'If-Modified-Since': 'nonsense' })).toBe(200);
    expect(await status({ 'If-None-Match': '"other"', 'If-Modified-Since': modified })).toBe(200);
  });

  it('a 304 has no body and keeps what caches need', async () => {
    const { headers } = await client.deliver(original);
    const answer = await client.deliver(original, { 'If-None-Match': headers.etag ?? '' });
    expect(answer.bytes.length).toBe(0);
    for (const name of ['etag', 'cache-control', 'last-modified'])
      expect(answer.headers[name]).toBe(headers[name]);
  });
});

describe('ranges', () => {
  const size = large.length;
  it.each<[string, number, number]>([
    ['bytes=0-9', 0, 9],
    ['bytes=5-', 5, size - 1],
    ['bytes=-7', size - 7, size - 1],
    ['bytes=0-99999999', 0, size - 1],
    [`bytes=${size - 1}-`, size - 1, size - 1],
    ['bytes=300000-500000', 300_000, 500_000],
  ])('%s', async (range, start, end) => {
    const answer = await client.deliver('/demo/raw/upload/large.bin', { Range: range });
    expect([answer.status, answer.headers['content-range'], answer.headers['content-length']]).toEqual([
      206,
      `bytes ${start}-${end}/${size}`,
      String(end - start + 1),
    ]);
    expect(answer.bytes.equals(large.subarray(start, end + 1))).toBe(true);
  });

  it.each([`bytes=${size}-`, 'bytes=-0'])('%s cannot be satisfied', async (range) => {
    const answer = await client.deliver('/demo/raw/upload/large.bin', { Range: range });
    expect([answer.status, answer.headers['content-range'], answer.bytes.length]).toEqual([
      416,
      `bytes */${size}`,
      0,
    ]);
  });

  it.each(['bytes=0-1,5-6', 'bytes=9-5', 'lines=1-2', 'nonsense'])(
    '%s is ignored: the whole is sent',
    async (range) => {
      const answer = await client.deliver('/demo/raw/upload/large.bin', { Range: range });
      expect([answer.status, answer.bytes.length]).toEqual([200, size]);
    },
  );

  it('hold for the same version only', async () => {
    const { headers } = await client.deliver(original);
    const range = { Range: 'bytes=0-3' };
    expect((await client.deliver(original, { ...range, 'If-Range': headers.etag ?? '' })).status).toBe(206);
    expect((await client.deliver(original, { ...range, 'If-Range': '"other"' })).status).toBe(200);
    expect(
      (await client.deliver(original, { ...range, 'If-Range': headers['last-modified'] ?? '' })).status,
    ).toBe(206);
  });
});

describe('other methods', () => {
  it('OPTIONS answers browsers', async () => {
    const answer = await client.raw({
      method: 'OPTIONS',
      path: original,
      headers: { Origin: 'http://x', 'Access-Control-Request-Method': 'GET' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers['access-control-allow-methods']).toContain('GET');
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('OPTIONS on the Upload API allows what widgets send, and no Authorization', async () => {
    const answer = await client.raw({
      method: 'OPTIONS',
      path: client.api('image/upload'),
      headers: { Origin: 'http://x' },
    });
    expect([200, 204]).toContain(answer.status);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    const allowed = String(answer.headers['access-control-allow-headers']);
    for (const name of ['X-Requested-With', 'Content-Type', 'X-Unique-Upload-Id', 'Content-Range'])
      expect(allowed).toContain(name);
    expect(allowed).not.toContain('Authorization');
    const uploaded = await client.upload({ bytes: picture });
    expect(uploaded.headers['access-control-allow-origin']).toBe('*');
    expect(uploaded.headers['access-control-expose-headers']).toContain('X-Cld-Error');
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s is refused', async (method) => {
    const answer = await client.raw({ method, path: original });
    expect(answer.status).toBe(404);
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
  });
});

describe('a download', () => {
  it.each<[string, string]>([
    [
      '/demo/image/upload/fl_attachment/sample.png',
      `attachment; filename="my holiday ___.png"; filename*=UTF-8''my%20holiday%20%22%C3%BC%22.png`,
    ],
    ['/demo/image/upload/fl_attachment:summer/sample.png', 'attachment; filename="summer.png"'],
    ['/demo/image/upload/fl_attachment:two%20words/sample.jpg', 'attachment; filename="two words.jpg"'],
    ['/demo/image/upload/fl_attachment/v1/folder/nameless.png', 'attachment; filename="nameless.png"'],
    ['/demo/image/upload/c_scale,w_5/fl_attachment:small/sample.png', 'attachment; filename="small.png"'],
    ['/demo/raw/upload/fl_attachment:renamed/large.bin', 'attachment; filename="renamed.bin"'],
    ['/demo/raw/upload/large.bin', 'attachment; filename="large.bin"'],
    ['/demo/raw/upload/page.pdf', 'attachment; filename="file.pdf"'],
  ])('%s', async (path, disposition) => {
    const answer = await client.deliver(path);
    expect([answer.status, answer.headers['content-disposition']]).toEqual([200, disposition]);
  });

  it('fl_attachment alone leaves the bytes as they are', async () => {
    expect((await client.deliver('/demo/image/upload/fl_attachment/sample.png')).bytes.equals(picture)).toBe(
      true,
    );
  });
});

it('an SVG is sandboxed', async () => {
  const { headers } = await client.deliver('/demo/image/upload/drawing.svg');
  expect(headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'x-content-type-options': 'nosniff',
  });
});
