import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createClient } from '../support/client.js';
import { useServer } from '../support/use-server.js';

describe('scripts of the widgets', () => {
  const server = useServer();
  const get = (path: string, headers = {}, method = 'GET') =>
    createClient(server).deliver(path, headers, method);

  test.each([
    '/widgets/upload.js',
    '/global/all.js',
    '/latest/global/all.js',
    '/v2.0/global/all.js',
    '/widgets/parts/crop.js',
    '/widgets/upload.mjs',
  ])('%s: for any page, unchanged ones are not sent again', async (path) => {
    const first = await get(path);
    expect(first).toMatchObject({ status: 200 });
    expect(first.headers).toMatchObject({
      ...{
        'content-type': 'text/javascript; charset=utf-8',
        'access-control-allow-origin': '*',
        'x-content-type-options': 'nosniff',
      },
      ...{
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'public, max-age=300',
        vary: 'Accept-Encoding',
      },
    });
    const again = await get(path, { 'If-None-Match': first.headers.etag ?? '' });
    expect(again).toMatchObject({ status: 304, text: '' });
    const small = await get(path, { 'Accept-Encoding': 'gzip' });
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(small.bytes).toString()).toBe(first.text);
  });

  test.each([
    ...[
      '/widgets',
      '/widgets/',
      '/widgets/none.js',
      '/widgets/../package.json',
      '/widgets/%2e%2e/%2e%2e/package.json',
    ],
    ...[
      '/widgets/..%2f..%2fpackage.json',
      '/widgets/.hidden',
      '/global',
      '/global/none.js',
      '/latest',
      '/v2.0/none',
    ],
  ])('%s is nothing', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404 });
  });
});
