import { beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.js';
import {
  activeSvgs,
  pngBomb,
  pngWithoutPixels,
  polyglots,
  refusedSvgs,
  webpBomb,
} from '../support/hostile-files.js';
import { quarters, readPixels } from '../support/pictures.js';
import { useServer } from '../support/use-server.js';
import type { UploadAnswer } from '../support/wire-shapes.js';

/** Files made to hurt, each with the answer it gets (threat model T13 to T17). The server must be well afterwards. */

const server = useServer();
const client = createClient(server);
let jpeg: Buffer;
let png: Buffer;
beforeAll(async () => {
  jpeg = await quarters(64, 48, { format: 'jpg' });
  png = await quarters(64, 48);
});

const refused: Readonly<Record<string, readonly [make: () => Promise<Buffer> | Buffer, message: RegExp]>> = {
  'PNG of 2.5 gigapixels': [() => pngBomb(50_000, 50_000), /^Image is too large: /],
  'PNG of 256 megapixels': [() => pngBomb(16_000, 16_000), /^Image is too large: /],
  'PNG of 256 megapixels, interlaced': [
    () => pngBomb(16_000, 16_000, { interlaced: true }),
    /^Image is too large: /,
  ],
  'PNG of no size': [() => pngBomb(0, 0), /^Invalid image file$/],
  'PNG without pixels': [pngWithoutPixels, /^Invalid image file$/],
  'PNG cut off': [() => png.subarray(0, png.length >> 1), /^Invalid image file$/],
  'PNG with a wrong checksum': [
    () => Buffer.concat([png.subarray(0, 60), Buffer.from('x'), png.subarray(61)]),
    /^Invalid image file$/,
  ],
  'WebP of 81 megapixels': [webpBomb, /^Image is too large: 81000000 pixels\. Maximum is 64000000 for webp$/],
  'GIF that declares a screen of 4 gigapixels': [
    async () => {
      const gif = await quarters(16, 16, { format: 'gif' });
      gif.fill(0xff, 6, 10);
      return gif;
    },
    /^Image is too large: 4294836225 pixels\. Maximum is 64000000 for gif$/,
  ],
  'JPEG cut off': [() => jpeg.subarray(0, jpeg.length >> 1), /^Invalid image file$/],
  'JPEG of its first bytes': [() => jpeg.subarray(0, 20), /^Invalid image file$/],
  'GIF that is JavaScript': [polyglots['GIF and JavaScript'], /^(Image is too large: |Invalid image file$)/],
  'nothing but zeros': [() => Buffer.alloc(5000), /^Invalid image file$/],
  HTML: [() => Buffer.from('<!doctype html><img src=x onerror=alert(1)>'), /^Invalid image file$/],
  'HTML that holds an SVG': [
    () => Buffer.from('<html><svg xmlns="http://www.w3.org/2000/svg"/></html>'),
    /^Invalid image file$/,
  ],
};

describe('refused as an image', () => {
  it.each(Object.entries(refused))('%s', async (_, [make, message]) => {
    const answer = await client.upload({ bytes: await make(), filename: 'x.png' }, { public_id: 'never' });
    expect(answer.status).toBe(400);
    expect(answer.message).toMatch(message);
    expect((await client.admin('GET', 'resources/image/upload/never')).status).toBe(404);
  });

  it.each(Object.entries(refusedSvgs))('SVG: %s', async (_, bytes) => {
    const answer = await client.upload({ bytes, filename: 'x.svg' }, { public_id: 'never' });
    expect(answer.status).toBe(400);
    expect(answer.message).toMatch(/^(Invalid image file|Transformation took longer than 3 seconds)$/);
    expect((await client.admin('GET', 'resources/image/upload/never')).status).toBe(404);
  });
});

describe('kept as it came, delivered harmless', () => {
  it.each(Object.entries(activeSvgs))('SVG: %s', async (_, [bytes, gone]) => {
    const answer = await client.upload({ bytes, filename: 'x.svg' });
    expect(answer.message).toBeNull();
    const { url, bytes: stored, format } = answer.json<UploadAnswer>();
    expect([stored, format]).toEqual([bytes.length, 'svg']);
    for (const address of [url, url.replace('/upload/', '/upload/fl_attachment/')]) {
      const delivered = await client.deliver(address);
      expect([delivered.status, delivered.headers['content-type']]).toEqual([200, 'image/svg+xml']);
      expect(delivered.text).not.toMatch(gone);
      expect(delivered.text).toMatch(/<svg/);
      expect(delivered.headers['content-security-policy']).toContain('sandbox');
    }
    const raster = await client.deliver(
      url.replace('/upload/', '/upload/c_scale,w_10/').replace('.svg', '.png'),
    );
    expect(raster.status).toBe(200);
  });

  it.each([
    ['JPEG and HTML', 'image/jpeg'],
    ['PNG and ZIP', 'image/png'],
  ] as const)('%s is a picture and nothing else', async (name, type) => {
    const bytes = polyglots[name](name === 'JPEG and HTML' ? jpeg : png);
    const { url } = (await client.upload({ bytes, filename: 'x.html' })).json<UploadAnswer>();
    const delivered = await client.deliver(url);
    expect(delivered.headers).toMatchObject({ 'content-type': type, 'x-content-type-options': 'nosniff' });
    expect(delivered.headers['content-security-policy']).toBe("default-src 'none'; sandbox");
    const derived = await client.deliver(url.replace('/upload/', '/upload/c_scale,w_20/'));
    expect(derived.text).not.toMatch(/script|PK\x05/);
    expect(await readPixels(derived.bytes)).toMatchObject({ width: 20 });
  });

  it('a picture as raw is a download of the same bytes, whatever is in it', async () => {
    const bytes = pngBomb(50_000, 50_000);
    const { url } = (
      await client.upload({ bytes, filename: 'bomb.png' }, {}, { resourceType: 'raw' })
    ).json<UploadAnswer>();
    const delivered = await client.deliver(url);
    expect(delivered.bytes.equals(bytes)).toBe(true);
    expect(delivered.headers['content-disposition']).toMatch(/^attachment/);
  });
});

it('answers others while bombs come in', async () => {
  const bombs = Promise.all(
    Array.from({ length: 6 }, async (_, index) =>
      client.upload({
        bytes: index % 2 === 0 ? pngBomb(16_000, 16_000) : (refusedSvgs['nested use'] ?? png),
      }),
    ),
  );
  const started = Date.now();
  const health = await client.raw({ path: '/health' });
  expect([health.status, health.json()]).toEqual([200, { status: 'ok' }]);
  expect(Date.now() - started).toBeLessThan(3_000);
  for (const { status } of await bombs) expect([400, 420]).toContain(status);
  expect((await client.upload({ bytes: png }, { eager: 'c_scale,w_10' })).status).toBe(200);
});
