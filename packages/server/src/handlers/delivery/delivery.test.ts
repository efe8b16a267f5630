import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  apiKey,
  apiSecret,
  cloud,
  type DeliveryFixture,
  sign,
  startDelivery,
  uniqueId,
} from './delivery.test-support.js';

let server: DeliveryFixture;
let photo: Buffer;
let large: Buffer;

beforeAll(async () => {
  server = await startDelivery();
  photo = await picture(160, 120).jpeg().toBuffer();
  large = await noise(700, 500).png({ compressionLevel: 0 }).toBuffer();
});
afterAll(() => server.close());

function picture(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 60 } } });
}

function noise(width: number, height: number) {
  return sharp(Buffer.alloc(width * height * 3, 127), { raw: { width, height, channels: 3 } });
}

/** One white pixel, 24 bits, BITMAPINFOHEADER. */
function tinyBitmap(): Buffer {
  const bytes = Buffer.alloc(58, 0xff);
  bytes.write('BM', 0, 'latin1');
  const fields = [58, 0, 54, 40, 1, 1, 1 | (24 << 16), 0, 4, 2835, 2835, 0, 0];
  for (const [index, value] of fields.entries()) bytes.writeUInt32LE(value, 2 + index * 4);
  return bytes;
}

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

describe('originals', () => {
  it('are the stored bytes, with the headers of section 1.15', async () => {
    await server.upload({ publicId: 'orig', bytes: photo });
    const { status, headers, body } = await server.get(`/${cloud}/image/upload/v1/orig.jpg?_a=BAMAABCD0`);
    expect(status).toBe(200);
    expect(body.equals(photo)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(photo.length),
      'cache-control': 'public, no-transform, immutable, max-age=2592000',
      etag: `"${md5(photo)}"`,
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(headers['last-modified']).toMatch(/GMT$/);
    expect(headers['access-control-expose-headers']).toContain('X-Cld-Error');
    expect(headers.vary).toBeUndefined();
    expect(headers['content-disposition']).toBeUndefined();
  });

  it.each([
    '/demo/image/upload/orig.jpg',
    '/demo/image/upload/orig',
    '/demo/image/upload/orig.jpeg',
    '/demo/image/upload/v1700000000/orig.jpg',
    '/demo/image/upload/v99999999999/orig.JPG',
    '/res/demo/image/upload/orig.jpg',
    '/demo/orig.jpg',
    '/demo/iu/orig',
    '/demo/image/upload/fl_attachment/orig.jpg',
  ])('%s is byte for byte the original', async (path) => {
    await server.upload({ publicId: 'orig', bytes: photo });
    const { status, body } = await server.get(path);
    expect(status).toBe(200);
    expect(body.equals(photo)).toBe(true);
  });

  it('has an id that only looks as if it had an extension', async () => {
    await server.upload({ publicId: 'dotted.png', bytes: photo });
    const plain = await server.get('/demo/image/upload/dotted.png');
    expect(plain.body.equals(photo)).toBe(true);
    expect(plain.headers['content-type']).toBe('image/jpeg');
  });

  it.each(['a b/ü.é', 'my_dir/x', 'a(b)!*'])('finds the id %s as SDKs encode it', async (publicId) => {
    await server.upload({ publicId, bytes: photo });
    const encoded = encodeURIComponent(publicId).replaceAll('%2F', '/');
    const { status } = await server.get(`/demo/image/upload/v1/${encoded}.jpg`);
    expect(status).toBe(200);
  });

  it('converts to another extension', async () => {
    await server.upload({ publicId: 'convert', bytes: photo });
    const { status, headers, body } = await server.get('/demo/image/upload/convert.png');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('image/png');
    expect(await sharp(body).metadata()).toMatchObject({ format: 'png', width: 160, height: 120 });
  });

  it('streams what is too large for memory, also from the cache', async () => {
    await server.upload({ publicId: 'large', bytes: large });
    for (let round = 0; round < 2; round++) {
      const { status, body } = await server.get('/demo/image/upload/large.png');
      expect(status).toBe(200);
      expect(body.equals(large)).toBe(true);
    }
    expect(server.cache.stats().openFiles).toBeGreaterThan(0);
  });
});

describe('derivatives', () => {
  it('are rendered, stored, and found again', async () => {
    const asset = await server.upload({ publicId: 'derive', bytes: photo });
    const path = '/demo/image/upload/w_80,c_scale/derive.webp';
    const first = await server.get(path);
    expect(first.status).toBe(200);
    expect(first.headers['content-type']).toBe('image/webp');
    expect(await sharp(first.body).metadata()).toMatchObject({ format: 'webp', width: 80, height: 60 });
    await server.derive.drain();
    const [row, ...more] = await server.assets.listDerived(cloud, asset.assetId);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      transformation: 'c_scale,w_80',
      format: 'webp',
      bytes: first.body.length,
      etag: md5(first.body),
    });
    server.cache.clear();
    const again = await server.get('/demo/image/upload/c_scale,w_80/v1/derive.webp');
    expect(again.body.equals(first.body)).toBe(true);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect(again.headers['last-modified']).toBe(first.headers['last-modified']);
  });

  it('expands named transformations, names inside names too, and follows their change', async () => {
    await server.upload({ publicId: 'named', bytes: photo });
    const base = { cloud, allowedForStrict: true, createdAtMs: 0 };
    await server.accounts.createTransformation({ ...base, name: 'inner', transformation: 'c_scale,w_40' });
    await server.accounts.createTransformation({
      ...base,
      name: 'outer',
      transformation: 't_inner/e_grayscale',
    });
    const size = async () => {
      const { body } = await server.get('/demo/image/upload/t_outer/named.png');
      return (await sharp(body).metadata()).width;
    };
    expect(await size()).toBe(40);
    await server.accounts.updateTransformation({ ...base, name: 'inner', transformation: 'c_scale,w_20' });
    server.time.nowMs += 2_000;
    expect(await size()).toBe(20);
    const missing = await server.get('/demo/image/upload/t_none/named.png');
    expect(missing.status).toBe(400);
    expect(missing.headers['x-cld-error']).toBe('Unknown transformation none');
  });

  it('f_auto follows Accept, says so, and keeps the variants apart', async () => {
    await server.upload({ publicId: 'auto', bytes: photo });
    const path = '/demo/image/upload/f_auto/auto';
    const types = ['image/webp,*/*', 'image/avif,image/webp', '*/*', 'image/webp;q=0'];
    for (let round = 0; round < 2; round++) {
      const found: unknown[] = [];
      for (const accept of types) {
        const { headers } = await server.get(path, { accept });
        expect(headers.vary).toBe('Accept');
        found.push(headers['content-type']);
      }
      expect(found).toEqual(['image/webp', 'image/avif', 'image/jpeg', 'image/jpeg']);
    }
  });

  it('dpr_auto never mixes clients', async () => {
    await server.upload({ publicId: 'dpr', bytes: photo });
    const width = async (headers: Record<string, string>) => {
      const { body } = await server.get('/demo/image/upload/c_scale,dpr_auto,w_20/dpr.png', headers);
      return (await sharp(body).metadata()).width;
    };
    expect(await width({ dpr: '2' })).toBe(40);
    await server.derive.drain();
    server.cache.clear();
    expect(await width({})).toBe(20);
    expect(await width({ 'sec-ch-dpr': '1.5' })).toBe(40);
  });

  it('refuses by name what cannot be decoded', async () => {
    const bmp = tinyBitmap();
    const asset = await server.upload({ publicId: 'bitmap', bytes: bmp });
    expect(asset.format).toBe('bmp');
    const original = await server.get('/demo/image/upload/bitmap.bmp');
    expect(original.body.equals(bmp)).toBe(true);
    const { status, headers } = await server.get('/demo/image/upload/w_10/bitmap.png');
    expect(status).toBe(400);
    expect(headers['x-cld-error']).toContain('bmp images cannot be transformed');
  });
});

describe('access (section 1.13)', () => {
  const original = (id: string) => `${id}.jpg`;
  const derived = (id: string) => `c_scale,w_50/${id}.jpg`;

  it.each([
    ['upload', 'original', 200, 200],
    ['upload', 'derived', 200, 200],
    ['private', 'original', 401, 200],
    ['private', 'derived', 200, 200],
    ['private', 'converted', 401, 200],
    ['private', 'attachment', 401, 200],
    ['authenticated', 'original', 401, 200],
    ['authenticated', 'derived', 401, 200],
  ] as const)('%s %s: unsigned %i, signed %i', async (type, kind, unsigned, signed) => {
    const id = uniqueId();
    await server.upload({ publicId: id, type, bytes: photo });
    const texts = {
      original: original(id),
      derived: derived(id),
      converted: `${id}.png`,
      attachment: `fl_attachment/${original(id)}`,
    };
    const text = texts[kind];
    for (let round = 0; round < 2; round++) {
      const plain = await server.get(`/demo/image/${type}/${text}`);
      expect(plain.status).toBe(unsigned);
      if (unsigned === 401) expect(plain.headers['x-cld-error']).toBe('deny or ACL failure');
      const withSignature = await server.get(`/demo/image/${type}/${sign(text)}/${text}`);
      expect(withSignature.status).toBe(signed);
      const isPublic = type === 'upload' || (type === 'private' && kind === 'derived');
      expect(withSignature.headers['cache-control']).toMatch(isPublic ? /^public/ : /^private/);
      const wrong = await server.get(`/demo/image/${type}/s--AAAAAAAA--/${text}`);
      expect(wrong.status).toBe(401);
    }
  });

  it.each([
    ['a%20b/%C3%BC%20c.jpg', 'as encoded in the URL'],
    ['a b/ü c.jpg', 'decoded, as .NET does'],
  ])('accepts %s: %s', async (text) => {
    await server.upload({ publicId: 'a b/ü c', type: 'authenticated', bytes: photo });
    const chain = 'b_rgb:ff0000,c_pad,h_50,w_50';
    const plain = await server.get(`/demo/image/authenticated/${sign(text)}/v1/a%20b/%C3%BC%20c.jpg`);
    expect(plain.status).toBe(200);
    const path = `/demo/image/authenticated/${sign(`${chain}/${text}`)}/${chain}/v1/a%20b/%C3%BC%20c.jpg`;
    expect((await server.get(path)).status).toBe(200);
  });

  it('accepts both lengths and both algorithms', async () => {
    const id = uniqueId();
    await server.upload({ publicId: id, type: 'authenticated', bytes: photo });
    const status = async (signature: string) =>
      (await server.get(`/demo/image/authenticated/s--${signature}--/${id}.jpg`)).status;
    const digest = createHash('sha256').update(`${id}.jpg${apiSecret}`).digest('base64url');
    expect(await status(digest.slice(0, 32))).toBe(200);
    expect(await status(digest.slice(0, 8))).toBe(200);
    expect(await status(digest.slice(1, 9))).toBe(401);
  });

  it('says the same of what does not exist', async () => {
    const { status, headers } = await server.get('/demo/image/authenticated/nothing.jpg');
    expect([status, headers['x-cld-error']]).toEqual([401, 'deny or ACL failure']);
  });

  it('keeps raw and video originals of restricted types', async () => {
    await server.upload({ publicId: 'secret.txt', resourceType: 'raw', type: 'private', bytes: 'secret' });
    expect((await server.get('/demo/raw/private/secret.txt')).status).toBe(401);
    expect((await server.get('/demo/raw/private/w_10/secret.txt')).status).toBe(401);
    const signed = await server.get(`/demo/raw/private/${sign('secret.txt')}/secret.txt`);
    expect(signed.body.toString()).toBe('secret');
  });

  it('tries every enabled key, and forgets a disabled one within two seconds', async () => {
    const id = uniqueId();
    await server.upload({ publicId: id, type: 'authenticated', bytes: photo });
    const policy = { algorithms: ['sha1'] as const, allowV1: false, strict: false, singleUse: false };
    const second = { apiKey: '222222222222222', secret: 'second-secret', cloud, policy, createdAtMs: 1 };
    await server.accounts.createKey(second);
    server.time.nowMs += 2_000;
    const path = `/demo/image/authenticated/${sign(`${id}.jpg`, second.secret)}/${id}.jpg`;
    expect((await server.get(path)).status).toBe(200);
    await server.accounts.disableKey(second.apiKey);
    server.time.nowMs += 2_000;
    expect((await server.get(path)).status).toBe(401);
    expect((await server.accounts.findKey(apiKey))?.disabled).toBe(false);
  });

  it('locks a guessing client out, but not out of public files (S14)', async () => {
    const own = await startDelivery();
    try {
      await own.upload({ publicId: 'x', type: 'authenticated', bytes: photo });
      await own.upload({ publicId: 'open', bytes: photo });
      const statuses: number[] = [];
      for (let guess = 0; guess < 40; guess++) {
        const text = `s--${String(guess).padStart(8, 'A')}--`;
        statuses.push((await own.get(`/demo/image/authenticated/${text}/x.jpg`)).status);
      }
      expect(statuses.slice(0, 30)).toEqual(Array(30).fill(401));
      expect(statuses.slice(30)).toEqual(Array(10).fill(420));
      const signed = await own.get(`/demo/image/authenticated/${sign('x.jpg')}/x.jpg`);
      expect(signed.status).toBe(420);
      expect(Number(signed.headers['retry-after'])).toBeGreaterThan(0);
      expect((await own.get('/demo/image/upload/open.jpg')).status).toBe(200);
    } finally {
      await own.close();
    }
  });

  it('tells clients behind a trusted proxy apart: who guesses, and whose turn a rendering is', async () => {
    const own = await startDelivery({ trustedProxies: ['127.0.0.1/32'] });
    try {
      await own.upload({ publicId: 'x', bytes: photo });
      const render = vi.spyOn(own.derive, 'derive');
      const by = (client: string) => ({ 'X-Forwarded-For': client });
      const guess = (client: string) => own.get('/demo/image/authenticated/s--AAAAAAAA--/x.jpg', by(client));
      for (let n = 0; n < 30; n++) expect((await guess('192.0.2.1')).status).toBe(401);
      expect((await guess('192.0.2.1')).status).toBe(420);
      expect((await guess('192.0.2.2')).status).toBe(401);
      await own.get('/demo/image/upload/w_11/x.jpg', by('192.0.2.3'));
      await own.get('/demo/image/upload/w_12/x.jpg', by('2001:db8:1:2:3::4'));
      expect(render.mock.calls.map(([{ client }]) => client)).toEqual(['192.0.2.3', '2001:db8:1:2']);
    } finally {
      await own.close();
    }
  });

  it('strict: only signed, existing or allowed derivatives', async () => {
    const own = await startDelivery({ strictTransformations: true });
    try {
      await own.upload({ publicId: 'x', bytes: photo });
      const base = { cloud, transformation: 'c_scale,w_30', createdAtMs: 0 };
      await own.accounts.createTransformation({ ...base, name: 'free', allowedForStrict: true });
      await own.accounts.createTransformation({
        ...base,
        name: 'held',
        allowedForStrict: false,
        transformation: 'w_31',
      });
      const status = async (text: string) => (await own.get(`/demo/image/upload/${text}`)).status;
      expect(await status('x.jpg')).toBe(200);
      expect(await status('c_scale,w_40/x.jpg')).toBe(401);
      expect(await status(`${sign('c_scale,w_40/x.jpg')}/c_scale,w_40/x.jpg`)).toBe(200);
      await own.derive.drain();
      expect(await status('c_scale,w_40/x.jpg')).toBe(200);
      expect(await status('t_free/x.jpg')).toBe(200);
      expect(await status('t_held/x.jpg')).toBe(401);
    } finally {
      await own.close();
    }
  });
});

describe('conditions', () => {
  it.each([
    ['small', () => photo],
    ['large', () => large],
  ])('304, ranges and HEAD of a %s file', async (name, bytesOf) => {
    const bytes = bytesOf();
    const asset = await server.upload({ publicId: `cond-${name}`, bytes });
    const path = `/demo/image/upload/cond-${name}`;
    const total = bytes.length;
    for (let round = 0; round < 2; round++) {
      const etag = `"${asset.etag}"`;
      const unchanged = await server.get(path, { 'if-none-match': `"other", W/${etag}` });
      expect(unchanged.status).toBe(304);
      expect(unchanged.body.length).toBe(0);
      expect(unchanged.headers).toMatchObject({
        etag,
        'cache-control': expect.stringContaining('immutable'),
      });
      expect((await server.get(path, { 'if-none-match': etag })).status).toBe(304);
      expect((await server.get(path, { 'if-none-match': '"other"' })).status).toBe(200);

      const part = await server.get(path, { range: 'bytes=10-19' });
      expect(part.status).toBe(206);
      expect(part.headers).toMatchObject({ 'content-range': `bytes 10-19/${total}`, 'content-length': '10' });
      expect(part.body.equals(bytes.subarray(10, 20))).toBe(true);
      const tail = await server.get(path, { range: 'bytes=-5' });
      expect(tail.body.equals(bytes.subarray(-5))).toBe(true);
      const outside = await server.get(path, { range: `bytes=${total}-` });
      expect([outside.status, outside.headers['content-range']]).toEqual([416, `bytes */${total}`]);
      const many = await server.get(path, { range: 'bytes=0-1,3-4' });
      expect([many.status, many.body.length]).toEqual([200, total]);

      const head = await server.get(path, {}, 'HEAD');
      expect([head.status, head.body.length]).toEqual([200, 0]);
      expect(head.headers['content-length']).toBe(String(total));
      expect(head.headers.etag).toBe(etag);
    }
  });

  it('answers a preflight and refuses other methods', async () => {
    const preflight = await server.get('/demo/image/upload/orig.jpg', {}, 'OPTIONS');
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('*');
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status, headers } = await server.get('/demo/image/upload/orig.jpg', {}, method);
      expect([method, status, headers.allow]).toEqual([method, 404, 'GET, HEAD, OPTIONS']);
    }
  });
});

describe('the cache', () => {
  it('is exact: an overwrite or a delete shows at once in this process', async () => {
    const id = uniqueId();
    const other = await picture(10, 10).jpeg().toBuffer();
    const paths = [`/demo/image/upload/${id}.jpg`, `/demo/image/upload/c_scale,w_5/${id}.jpg`];
    const first = await server.upload({ publicId: id, bytes: photo });
    const before = await Promise.all(paths.map((path) => server.get(path)));
    await server.upload({ publicId: id, bytes: other });
    server.cache.invalidate(first);
    const after = await Promise.all(paths.map((path) => server.get(path)));
    expect(after[0]?.body.equals(other)).toBe(true);
    expect(after[1]?.headers.etag).not.toBe(before[1]?.headers.etag);
    await server.assets.deleteAsset(first);
    server.cache.invalidate(first);
    for (const path of paths) expect((await server.get(path)).status).toBe(404);
  });

  it('notices the change of another process within a second', async () => {
    const id = uniqueId();
    const path = `/demo/image/upload/${id}.jpg`;
    const asset = await server.upload({ publicId: id, bytes: photo });
    expect((await server.get(path)).status).toBe(200);
    server.time.nowMs += 1_500;
    expect((await server.get(path)).status).toBe(200);
    await server.assets.deleteAsset(asset);
    expect((await server.get(path)).status).toBe(200);
    server.time.nowMs += 1_000;
    expect((await server.get(path)).status).toBe(404);
  });

  it('forgets a missing image as soon as it is there', async () => {
    const id = uniqueId();
    expect((await server.get(`/demo/image/upload/${id}.jpg`)).status).toBe(404);
    await server.upload({ publicId: id, bytes: photo });
    expect((await server.get(`/demo/image/upload/${id}.jpg`)).status).toBe(200);
  });
});

describe('raw files and videos', () => {
  it.each([
    ['page.html', 'text/plain; charset=utf-8'],
    ['code.js', 'text/plain; charset=utf-8'],
    ['icon.svg', 'text/plain; charset=utf-8'],
    ['data.json', 'application/json'],
    ['unknown.xyz', 'application/octet-stream'],
    ['noextension', 'application/octet-stream'],
  ])('%s is a download that nothing runs (T14)', async (publicId, contentType) => {
    await server.upload({ publicId, resourceType: 'raw', bytes: '<script>alert(1)</script>' });
    const { status, headers } = await server.get(`/demo/raw/upload/${publicId}`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': contentType,
      'content-disposition': `attachment; filename="${publicId}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  it('refuses transformations by name', async () => {
    await server.upload({ publicId: 'doc.txt', resourceType: 'raw', bytes: 'text' });
    const raw = await server.get('/demo/raw/upload/c_scale,w_100/doc.txt');
    expect([raw.status, raw.headers['x-cld-error']]).toEqual([
      400,
      'Unsupported raw parameter in transformation: c_scale',
    ]);
    await server.upload({ publicId: 'film', resourceType: 'video', bytes: photo });
    const video = await server.get('/demo/video/upload/w_100/film.jpg');
    expect([video.status, video.headers['x-cld-error']]).toEqual([
      400,
      'Unsupported video parameter in transformation: w_100',
    ]);
    const still = await server.get('/demo/video/upload/film.png');
    expect([still.status, still.headers['x-cld-error']]).toEqual([
      400,
      'Unsupported video parameter in transformation: f_png',
    ]);
  });
});

describe('fl_attachment', () => {
  it.each([
    ['fl_attachment', 'folder/pic', null, 'attachment; filename="pic.jpg"'],
    ['fl_attachment', 'folder/pic', 'Holiday 1', 'attachment; filename="Holiday 1.jpg"'],
    ['fl_attachment:pretty', 'folder/pic', 'Holiday 1', 'attachment; filename="pretty.jpg"'],
    ['fl_attachment:a%252Eb', 'folder/pic', null, 'attachment; filename="a.b.jpg"'],
    [
      'fl_attachment:gr%C3%BCn',
      'folder/pic',
      null,
      `attachment; filename="gr_n.jpg"; filename*=UTF-8''gr%C3%BCn.jpg`,
    ],
  ])('%s of %s, uploaded as %s', async (flag, publicId, originalFilename, expected) => {
    const id = `${publicId}-${uniqueId()}`;
    await server.upload({ publicId: id, originalFilename, bytes: photo });
    const { status, headers, body } = await server.get(`/demo/image/upload/${flag}/v1/${id}.jpg`);
    expect(status).toBe(200);
    expect(body.equals(photo)).toBe(true);
    expect(headers['content-disposition']).toBe(
      expected.replace('"pic.jpg"', `"${id.slice('folder/'.length)}.jpg"`),
    );
  });

  it('keeps the extension of raw files', async () => {
    await server.upload({
      publicId: 'dir/table.csv',
      resourceType: 'raw',
      bytes: 'a,b',
      originalFilename: 'mine',
    });
    const named = await server.get('/demo/raw/upload/fl_attachment:sales/v1/dir/table.csv');
    expect(named.headers['content-disposition']).toBe('attachment; filename="sales.csv"');
    const plain = await server.get('/demo/raw/upload/fl_attachment/v1/dir/table.csv');
    expect(plain.headers['content-disposition']).toBe('attachment; filename="mine.csv"');
  });
});

describe('SVG', () => {
  const hostile =
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" onload="alert(1)"><script>alert(2)</script><rect width="20" height="10" fill="red"/></svg>';

  it('is kept as it came and delivered harmless, in a sandbox', async () => {
    const asset = await server.upload({ publicId: 'vector', bytes: hostile });
    expect(asset).toMatchObject({ format: 'svg', bytes: hostile.length });
    for (const path of ['vector.svg', 'vector', 'fl_sanitize/vector.svg', 'fl_attachment/vector.svg']) {
      const { status, headers, body } = await server.get(`/demo/image/upload/${path}`);
      expect([path, status]).toEqual([path, 200]);
      expect(body.toString()).toContain('<rect');
      expect(body.toString()).not.toMatch(/script|onload/);
      expect(headers).toMatchObject({
        'content-type': 'image/svg+xml',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        etag: `"${md5(body)}"`,
      });
    }
    const png = await server.get('/demo/image/upload/w_40/vector.png');
    expect(await sharp(png.body).metadata()).toMatchObject({ format: 'png', width: 40 });
  });
});

describe('errors (section 1.14)', () => {
  it('a missing image is 404 with the reason in a header, one transparent pixel, and no caching', async () => {
    const { status, headers, body } = await server.get('/demo/image/upload/none/such.jpg');
    expect(status).toBe(404);
    expect(headers).toMatchObject({
      'x-cld-error': 'Resource not found - none/such',
      'cache-control': 'private, no-cache, max-age=0',
      'content-type': 'image/gif',
      'access-control-allow-origin': '*',
    });
    expect(await sharp(body).metadata()).toMatchObject({ format: 'gif', width: 1, height: 1 });
    const raw = await server.get('/demo/raw/upload/none.txt');
    expect([raw.status, raw.body.length]).toEqual([404, 0]);
  });

  it.each([
    ['/demo/image/upload/w_abc/orig.jpg', 400, 'Invalid width in transformation: abc'],
    ['/demo/image/upload/w_0/orig.jpg', 400, null],
    ['/demo/image/upload/zz_1/orig.jpg', 400, 'Invalid Transformation'],
    ['/demo/image/upload/w_10/orig.jxl', 400, 'Invalid extension in transformation: jxl'],
    ['/demo/image/fetch/http://example.com/a.jpg', 400, 'Unsupported delivery type fetch'],
    ['/demo/image/upload/l_text:Arial_40:Hi/orig.jpg', 400, null],
    ['/demo/image/upload/c_scale,g_auto,w_10/orig.jpg', 400, null],
    ['/unknowncloud/image/upload/orig.jpg', 404, 'Resource not found - orig'],
    ['/demo/image/upload', 404, 'Not found'],
    ['/demo/image/upload/..%2f..%2f..%2fetc%2fpasswd', 400, null],
    ['/demo/image/upload/%2e%2e/%2e%2e/etc/passwd', 400, null],
    ['/demo/image/upload/../../../etc/passwd', 400, null],
    ['/demo/image/upload/a%00b.jpg', 400, null],
    ['/demo/image/upload/%c0%ae%c0%ae/x.jpg', 400, null],
    ['/demo/image/upload/%E0%A4%A.jpg', 400, null],
    ['/demo/image/upload/a%0d%0aX-Evil:%201.jpg', 400, null],
    ['/demo/image/upload/C:%5Cwindows%5Cwin.ini', 400, null],
  ])('%s -> %i', async (path, status, text) => {
    await server.upload({ publicId: 'orig', bytes: photo });
    const reply = await server.get(path);
    expect(reply.status).toBe(status);
    if (text !== null) expect(reply.headers['x-cld-error']).toBe(text);
    expect(reply.headers['cache-control']).toBe('private, no-cache, max-age=0');
    expect(reply.headers['x-evil']).toBeUndefined();
    if (status === 400) expect(reply.body.length).toBe(0);
  });

  it.each([
    ['id', `${'a'.repeat(9000)}.jpg`, null],
    ['chain', `${'w_10/'.repeat(1500)}orig.jpg`, 'Invalid Transformation'],
  ])('a very long %s is refused', async (_, text, reason) => {
    const { status, headers } = await server.get(`/demo/image/upload/${text}`);
    expect(status).toBe(400);
    if (reason !== null) expect(headers['x-cld-error']).toBe(reason);
  });

  it.each(['/', '//', '/demo', '/demo/', '/res/demo', '/v1_1/demo/image/upload', '/health/x', '*'])(
    '%s is left to the server around it',
    async (path) => {
      const { status, headers } = await server.get(path);
      expect([status, headers['x-answered-by']]).toEqual([404, 'the server around it']);
    },
  );

  it('a broken picture is 400, and nothing above was an unexpected error', async () => {
    const broken = large.subarray(0, 5_000);
    await server.upload({ publicId: 'broken', bytes: broken });
    const { status } = await server.get('/demo/image/upload/w_10/broken.png');
    expect(status).toBe(400);
    expect(server.logged).toEqual([]);
  });
});

it('100 equal requests are one job (T27)', async () => {
  const asset = await server.upload({ publicId: 'crowd', bytes: photo });
  const path = '/demo/image/upload/c_fill,h_50,w_50/crowd.png';
  const replies = await Promise.all(Array.from({ length: 100 }, () => server.get(path)));
  expect(new Set(replies.map(({ status, headers }) => `${status} ${headers.etag}`)).size).toBe(1);
  await server.derive.drain();
  expect(await server.assets.listDerived(cloud, asset.assetId)).toHaveLength(1);
});
